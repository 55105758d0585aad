"""A against B: both sides, their capabilities paired, a verdict, and what else there is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from graph.errors import WrongUse
from graph.phrasing import told_apart
from graph.text import normalise_query
from queries.alternatives.duplicates import SURE as SURE_TO_BE_SAME
from queries.answers.chosen_over import head_to_head
from queries.answers.comparison_shapes import (
    CapabilityMatch,
    Claim,
    Comparison,
    EvidenceWindow,
    SharedCapability,
    SharedNeed,
)
from queries.answers.facts import facts
from queries.answers.list_shapes import Duplicate
from queries.answers.names import resolve_artifact
from queries.answers.pairing import best_pairs
from queries.answers.related import alternative_score, alternatives_to_either, different_from_both, duplicates_of
from queries.answers.shapes import Side, SnapshotTables, k_anonymity, simulated_applications
from queries.answers.sides import claim, side
from queries.answers.verdict import Common, verdict

Row = dict[str, Any]

SHARED_SHARE: Final = 0.25
"""Two artifacts are comparable if at least this share of the smaller one's capabilities is shared, ..."""
SHARED_NEED_CLIENTS: Final = 2
SHARED_NEED_RATIO: Final = 0.2
"""... or if each was chosen for one same need, by this many clients and this share of the other's, ..."""
SAME_PURPOSE: Final = 0.25
"""... or if one is an alternative to the other with at least this score."""

COMPARABLE_RULE: Final = (
    f"comparable if at least {100 * SHARED_SHARE:.0f} % of the capabilities of the side with fewer are shared, or each "
    f"was chosen for one same need by at least {SHARED_NEED_CLIENTS} clients and {100 * SHARED_NEED_RATIO:.0f} % of "
    "the other's (needs for which one was chosen less are slips), or one is an alternative to the other with a score "
    f"of at least {SAME_PURPOSE}, or both bear the same name"
)

_FIRST_SENTENCE = re.compile(r"^.*?[.!?](?=\s|$)", re.DOTALL)
_HEADING = re.compile(r"^\s*#+ .*$", re.MULTILINE)
"""Headings of Markdown, with which model cards begin."""
_MAX_PURPOSE: Final = 220


def compare(snapshot: SnapshotTables, a: str, b: str) -> Comparison:
    """Compare two artifacts given by id or name. Raises `UnknownName`, or `WrongUse` if both are the same."""
    a_id, b_id = resolve_artifact(snapshot, a), resolve_artifact(snapshot, b)
    if a_id == b_id:
        raise WrongUse(f"{a!r} and {b!r} are the same artifact ({a_id}). Name two different ones.")
    sides = side(snapshot, a_id), side(snapshot, b_id)
    names = told_apart(*((one.name, one.artifact_id) for one in sides))
    named = [msgspec.structs.replace(one, name=name) for one, name in zip(sides, names, strict=True)]
    claims = claims_of(snapshot, a_id), claims_of(snapshot, b_id)
    match = match_capabilities(snapshot, (a_id, b_id), claims)
    needs = shared_needs(snapshot, a_id, b_id)
    shared = common(snapshot, sides, match, needs)
    twins = [each for each in duplicates_of(snapshot, a_id) if each.artifact_id == b_id]
    purposes = purpose(sides[0], claims[0]), purpose(sides[1], claims[1])
    applications = simulated_applications(snapshot)
    simulated = sides[0].simulated or sides[1].simulated
    return Comparison(
        a=sides[0],
        b=sides[1],
        verdict=verdict(named[0], named[1], shared, purposes, _one_thing(twins)),
        duplicate=twins[0] if twins else None,
        facts={"a": facts(snapshot, sides[0]), "b": facts(snapshot, sides[1])},
        capabilities=match,
        shared_needs=needs,
        head_to_head=head_to_head(snapshot, a_id, b_id, names, shared.comparable),
        alternatives=alternatives_to_either(snapshot, a_id, b_id),
        different=different_from_both(snapshot, a_id, b_id),
        simulated=simulated,
        simulated_applications=applications if simulated else [],
        snapshot_id=snapshot.id,
        k_anonymity=k_anonymity(snapshot),
        evidence_window=_window(sides),
    )


def _one_thing(twins: Sequence[Duplicate]) -> str | None:
    """Return why two artifacts are surely one thing, None if they are not."""
    sure = [each for each in twins if each.kind == "same" and each.score >= SURE_TO_BE_SAME]
    return sure[0].reasons[0].text if sure else None


def claims_of(snapshot: SnapshotTables, artifact_id: str) -> list[Claim]:
    """Return the capabilities of an artifact, by id."""
    rows = snapshot.rows("capabilities", artifact_id=artifact_id)
    return [claim(row) for row in sorted(rows, key=lambda row: str(row["capability_id"]))]


def match_capabilities(
    snapshot: SnapshotTables, ids: tuple[str, str], claims: tuple[list[Claim], list[Claim]]
) -> CapabilityMatch:
    """Pair the capabilities of A and B that the snapshot knows to be similar, by the best assignment."""
    similarity: dict[tuple[str, str], float] = {}
    for row in snapshot.rows("capability_pairs", artifact_a=ids[0], artifact_b=ids[1]):
        similarity[row["capability_a"], row["capability_b"]] = row["similarity"]
    for row in snapshot.rows("capability_pairs", artifact_a=ids[1], artifact_b=ids[0]):
        similarity[row["capability_b"], row["capability_a"]] = row["similarity"]
    by_id = tuple({one.capability_id: one for one in each} for each in claims)
    pairs = best_pairs(list(by_id[0]), list(by_id[1]), similarity)
    paired = {a for a, _, _ in pairs}, {b for _, b, _ in pairs}
    uri = {row["capability_id"]: row["uri"] for key in ids for row in snapshot.rows("capabilities", artifact_id=key)}
    return CapabilityMatch(
        shared=[
            SharedCapability(
                by_id[0][a], by_id[1][b], round(value, 4), "stated" if uri[a] and uri[a] == uri[b] else "inferred"
            )
            for a, b, value in pairs
        ],
        only_a=[one for one in claims[0] if one.capability_id not in paired[0]],
        only_b=[one for one in claims[1] if one.capability_id not in paired[1]],
    )


def shared_needs(snapshot: SnapshotTables, a_id: str, b_id: str) -> list[SharedNeed]:
    """Return the intents for which both were chosen in the log, those with the most matches first."""
    of_a, of_b = chosen_intents(snapshot, a_id), chosen_intents(snapshot, b_id)
    needs = []
    for intent_id in of_a.keys() & of_b.keys():
        a, b = of_a[intent_id], of_b[intent_id]
        labels = snapshot.rows("intents", intent_key=a["intent_key"])
        needs.append(
            SharedNeed(
                intent_id=intent_id,
                intent=labels[0]["label"] if labels else None,
                **{f"a_{name}": a[name] for name in _NEED_FIELDS},
                **{f"b_{name}": b[name] for name in _NEED_FIELDS},
            )
        )
    return sorted(needs, key=lambda need: (-(need.a_times_matched + need.b_times_matched), need.intent_id))


_NEED_FIELDS: Final = ("times_matched", "clients", "strength", "strength_low", "strength_high")


def chosen_intents(snapshot: SnapshotTables, artifact_id: str) -> dict[str, Row]:
    """Return for each intent the artifact's strongest observed edge, that is the one with the most matches.

    An artifact may have several edges to one intent, through different capabilities; their clients overlap, so their
    counts are not added up.
    """
    edges = snapshot.rows("edges", artifact_id=artifact_id)
    chosen = [edge for edge in edges if edge["kind"] == "observed" and (edge["times_matched"] or 0) > 0]
    chosen.sort(key=lambda edge: (edge["times_matched"], edge["capability_id"] or ""))
    return {edge["intent_id"]: edge for edge in chosen}


def common(
    snapshot: SnapshotTables, sides: tuple[Side, Side], match: CapabilityMatch, needs: Sequence[SharedNeed]
) -> Common:
    """Return what two artifacts have in common, and whether that is enough to compare them."""
    fewer = min(one.capability_count for one in sides)
    share = len(match.shared) / fewer if fewer else 0.0
    needed = sum(_is_shared(need) for need in needs)
    ids = sides[0].artifact_id, sides[1].artifact_id
    score = max(alternative_score(snapshot, *ids), alternative_score(snapshot, *reversed(ids)))
    same_name = normalise_query(sides[0].name) == normalise_query(sides[1].name) != ""
    shares_enough = bool(match.shared) and share >= SHARED_SHARE
    comparable = shares_enough or needed > 0 or score >= SAME_PURPOSE or same_name
    return Common(len(match.shared), round(share, 4), needed, len(needs) - needed, score, comparable)


def _is_shared(need: SharedNeed) -> bool:
    fewer, more = sorted((need.a_clients, need.b_clients))
    return fewer >= SHARED_NEED_CLIENTS and fewer >= SHARED_NEED_RATIO * more


def purpose(one: Side, claims: Sequence[Claim]) -> str:
    """Say in a sentence what an artifact is for: the first of its description, else its first capabilities."""
    if one.description:
        line = " ".join(_HEADING.sub("", one.description).split()) or " ".join(one.description.split())
        first = _FIRST_SENTENCE.match(line)
        line = first.group() if first else line
        return line if len(line) <= _MAX_PURPOSE else line[:_MAX_PURPOSE].rsplit(" ", 1)[0] + " …"
    if claims:
        return ", ".join(claim.name for claim in claims[:3]) + "."
    return "its source does not say."


def _window(sides: tuple[Side, Side]) -> EvidenceWindow:
    firsts = [one.first_seen for one in sides if one.first_seen]
    lasts = [one.last_seen for one in sides if one.last_seen]
    return EvidenceWindow(min(firsts, default=None), max(lasts, default=None))
