"""How often A was chosen over B where a search showed both, and whether that says which is better."""

from __future__ import annotations

from typing import Any, Final

from graph.phrasing import counted, times
from queries.answers.comparison_shapes import DuelCount, HeadToHead
from queries.answers.one_thing import listed_as
from queries.answers.shapes import SnapshotTables
from queries.evidence.davidson import FEWEST_CLIENTS, SURE, Duels, clients_to_flip, fit, leader

Row = dict[str, Any]

FORMULA: Final = (
    "P(A alone) : P(B alone) : P(both) = exp((theta + o delta) / 2) : exp(-(theta + o delta) / 2) : nu, o = 1 with A "
    "above and -1 with B above (Bradley-Terry, Davidson 1970); variance of theta clustered by client; P(A better) = "
    f"Phi(theta / error); a winner from {SURE} on, with at least {FEWEST_CLIENTS} clients"
)
NEEDS_SHOWN: Final = 10


def head_to_head(
    snapshot: SnapshotTables, a_id: str, b_id: str, names: tuple[str, str], comparable: bool = True
) -> HeadToHead | None:
    """Return the head to head of two artifacts; None where no search that showed both led to a choice of either.

    What was chosen under another name of the same thing counts for it.
    `comparable`: whether they serve the same needs at all; if not, nothing is said of which is better.
    """
    of_a, of_b = listed_as(snapshot, a_id), listed_as(snapshot, b_id)
    first, second = sorted((of_a, of_b))
    turned = first != of_a
    rows = snapshot.rows("head_to_head", artifact_a=first, artifact_b=second)
    total = next((row for row in rows if row["intent_key"] is None), None)
    if total is None:
        return None
    advantage = float(snapshot.manifest.parameters.get("position_advantage") or 0.0)
    duels = duels_of(total, turned)
    found = fit(duels, advantage) if comparable else None
    kind = leader(duels, found) if found else "not_comparable"
    count = _count(None, None, total, advantage if comparable else None, turned)
    needs = [row for row in rows if row["intent_key"] is not None]
    needs.sort(key=lambda row: (-row["clients"], row["intent_key"]))
    flip = clients_to_flip(duels, advantage) if comparable else None
    shares = [round(share, 4) for share in found.shares] if found else [None] * 3
    return HeadToHead(
        kind=kind,
        text=_text(kind, count, names, flip),
        total=count,
        theta=round(found.theta, 6) if found else None,
        error=round(found.error, 6) if found else None,
        design_effect=round(found.design_effect, 6) if found else None,
        position_advantage=advantage,
        a_alone=shares[0],
        b_alone=shares[1],
        both=shares[2],
        clients_to_flip=flip,
        needs=[_need(snapshot, row, advantage if comparable else None, turned) for row in needs[:NEEDS_SHOWN]],
    )


def duels_of(row: Row, turned: bool) -> Duels:
    """Return a row of the table `head_to_head`, with A and B changed if `turned`."""
    wins_a = row["a_above_a"], row["b_above_a"]
    wins_b = row["a_above_b"], row["b_above_b"]
    ties = row["a_above_ties"], row["b_above_ties"]
    products = tuple(row["client_products"])
    if not turned:
        return Duels(wins_a, wins_b, ties, row["clients"], products)
    return Duels(wins_b[::-1], wins_a[::-1], ties[::-1], row["clients"], turned_products(products))


def turned_products(products: tuple[float, ...]) -> tuple[float, ...]:
    """Return the products for B against A: its points are 2 (searches with A above + with B above) - points of A."""
    pp, pt, pa, pb, tt, ta, tb, aa, ab, bb = products
    points_ties = 2 * (ta + tb) - pt
    points_above, points_below = 2 * (ab + bb) - pb, 2 * (aa + ab) - pa
    points = 4 * (aa + 2 * ab + bb) - 4 * (pa + pb) + pp
    return points, points_ties, points_above, points_below, tt, tb, ta, bb, ab, aa


def _need(snapshot: SnapshotTables, row: Row, advantage: float | None, turned: bool) -> DuelCount:
    intents = snapshot.rows("intents", intent_key=row["intent_key"])
    intent_id, label = (intents[0]["intent_id"], intents[0]["label"]) if intents else (None, None)
    return _count(intent_id, label, row, advantage, turned)


def _count(intent_id: str | None, intent: str | None, row: Row, advantage: float | None, turned: bool) -> DuelCount:
    duels = duels_of(row, turned)
    for_a, for_b = (row["for_b"], row["for_a"]) if turned else (row["for_a"], row["for_b"])
    with_a, with_b = (int(duels.wins_a[o] + duels.wins_b[o] + duels.ties[o]) for o in (0, 1))
    return DuelCount(
        intent_id=intent_id,
        intent=intent,
        searches=with_a + with_b,
        clients=duels.clients,
        clients_for_a=for_a,
        clients_for_b=for_b,
        a_wins=int(sum(duels.wins_a)),
        b_wins=int(sum(duels.wins_b)),
        ties=int(sum(duels.ties)),
        a_above=with_a,
        b_above=with_b,
        probability=None if advantage is None else round(fit(duels, advantage).probability_better, 4),
    )


def _text(kind: str, count: DuelCount, names: tuple[str, str], flip: int | None) -> str:
    counts = (
        f"In {counted(count.searches, 'search', 'searches')} by {counted(count.clients, 'client')} that showed both, "
        f"{names[0]} alone was chosen {times(count.a_wins)}, {names[1]} alone {times(count.b_wins)}, both "
        f"{times(count.ties)}; {names[0]} stood above in {count.a_above:,}, {names[1]} in {count.b_above:,}."
    )
    if kind == "not_enough_evidence":
        return f"{counts} That is fewer than {FEWEST_CLIENTS} clients, too few to tell."
    if count.probability is None:
        return f"{counts} The searches were for different needs, so this does not say which of the two is better."
    ahead = names[0] if count.probability >= 0.5 else names[1]
    sure = f"P({ahead} is better) = {max(count.probability, 1 - count.probability):.2f}"
    its = "its mind" if flip == 1 else "their mind"
    minds = "" if flip is None else f" {flip:,} of the clients would have to change {its} for another answer."
    if kind == "tie":
        return f"{counts} With positions taken into account that is a tie: {sure}.{minds}"
    return f"{counts} With positions taken into account {ahead} is chosen over the other: {sure}.{minds}"
