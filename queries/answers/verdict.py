"""The verdict on two artifacts: whose rank is higher, and whether that can be said at all.

P(A above B) = Φ((m_A - m_B) / sqrt(s_A² + s_B²)), Φ the normal distribution, m the middle of an artifact's
95 % interval and s its half width / 1.96. The middle, not the rank: unknown parts are left out of a rank, but not of
its interval. How often such a probability is right: `python -m bench.rank_intervals`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, hypot, sqrt
from typing import Final, TypeAlias

from graph.phrasing import counted, times, with_id
from queries.answers.comparison_shapes import Verdict
from queries.answers.shapes import Part, Reason, Side
from queries.ranking.parts.value import Z_95
from queries.ranking.places import ENOUGH_KNOWN

SURE: Final = 0.95
LEADS_BY: Final = 0.05
"""Smaller differences of a part's value (0 to 1) count as equal."""

PART_WORDS: Final = {
    "adoption": "adoption",
    "quality": "quality of documentation",
    "ecosystem": "ecosystem",
    "match_graph": "match graph",
    "freshness": "freshness",
}

FORMULA: Final = (
    "P(A above B) = Phi((m_A - m_B) / sqrt(s_A^2 + s_B^2)), m = middle of the interval of a rank, s = its half width / "
    "1.96; tie if P is between 0.05 and 0.95, or if the ranks are in the other order"
)


@dataclass(frozen=True)
class Common:
    """What two artifacts have in common, which decides whether a comparison makes sense."""

    capabilities: int
    """Pairs of capabilities that do the same."""
    share: float
    """The same, as a share of the capabilities of the side that has fewer."""
    needs: int
    """Needs for which several clients chose either."""
    slips: int
    """Needs for which both were chosen, but one of them too rarely to tell it from a slip."""
    alternative_score: float
    """How far one is an alternative to the other, 0 to 1."""
    comparable: bool


Interval: TypeAlias = tuple[float, float]
"""The lower and the upper end of a rank's 95 % interval."""


def probability_above(a: Side, b: Side) -> float | None:
    """Return P(A ranks above B), None if either has no rank."""
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return None
    return probability_of_intervals((a.low, a.high), (b.low, b.high))


def probability_of_intervals(a: Interval, b: Interval) -> float:
    """Return P(A above B) by the formula of the module; 0.5 for equal intervals."""
    difference = (sum(a) - sum(b)) / 2
    spread = hypot(a[1] - a[0], b[1] - b[0]) / (2 * Z_95)
    if difference == 0 or spread == 0:
        return 0.5 if difference == 0 else float(difference > 0)
    return 0.5 * (1 + erf(difference / spread / sqrt(2)))


def verdict(a: Side, b: Side, common: Common, purposes: tuple[str, str], same: str | None = None) -> Verdict:
    """Judge A against B. `purposes`: in a few words what each is for. `same`: why they are surely one thing, if so.

    Order of the rules: one thing, which ties with itself; not comparable; not enough evidence; a winner or a tie.
    """
    probability = probability_above(a, b)
    margin = None if a.rank is None or b.rank is None else round(a.rank - b.rank, 2)
    kind = "tie" if same else _kind(a, b, common, probability)
    reasons = _reasons(a, b, common)
    if same:
        text = (
            f"{with_id(a.name, a.artifact_id)} and {with_id(b.name, b.artifact_id)} are one thing under two names: "
            f"{same}. Where they differ their sources do, and people chose one entry or the other."
        )
    elif kind == "not_comparable":
        text = (
            f"{a.name} and {b.name} are not comparable head to head: {_nothing_common(common)}. "
            f"{a.name} is for: {purposes[0]} {b.name} is for: {purposes[1]}"
        )
    elif kind == "not_enough_evidence":
        text = f"Not enough evidence to prefer one: {_lacking(a, b)}"
    else:
        text = _ranked_text(kind, a, b, probability or 0.0)
    shown = None if probability is None else round(probability, 4)
    return Verdict(kind=kind, text=text, margin=margin, probability=shown, reasons=reasons)


def _kind(a: Side, b: Side, common: Common, probability: float | None) -> str:
    if not common.comparable:
        return "not_comparable"
    if probability is None or min(a.completeness, b.completeness) < ENOUGH_KNOWN:
        return "not_enough_evidence"
    if not a.times_matched and not b.times_matched and intervals_overlap(a, b):
        return "not_enough_evidence"
    margin = (a.rank or 0.0) - (b.rank or 0.0)
    if 1 - SURE < probability < SURE or margin * (probability - 0.5) <= 0:
        return "tie"
    return "a" if probability > 0.5 else "b"


def intervals_overlap(a: Side, b: Side) -> bool:
    """Say whether the intervals of two ranks have a point in common; a rank that is not known overlaps."""
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return True
    return a.low <= b.high and b.low <= a.high


def _nothing_common(common: Common) -> str:
    capabilities = f"only {common.capabilities} of their capabilities" if common.capabilities else "no capability"
    if common.slips:
        return f"they share {capabilities}, and no need for which both were chosen more than now and then"
    return f"they share {capabilities} and no need"


def _lacking(a: Side, b: Side) -> str:
    unranked = [one.name for one in (a, b) if one.rank is None]
    if unranked:
        return f"nothing is known from which {' and '.join(unranked)} could be ranked."
    ranks = f"{_rank_text(a)}, {_rank_text(b)}"
    incomplete = [one for one in (a, b) if one.completeness < ENOUGH_KNOWN]
    if incomplete:
        known = " and ".join(f"{round(100 * one.completeness)} % of the rank of {one.name}" for one in incomplete)
        return f"only {known} rests on known figures ({ranks})."
    return f"no search that led to either is known, and the intervals of the ranks overlap ({ranks})."


def _rank_text(one: Side) -> str:
    return f"{one.name} {one.rank:.1f} [{one.low:.1f} to {one.high:.1f}]"


def _ranked_text(kind: str, a: Side, b: Side, probability: float) -> str:
    ranks = f"{_rank_text(a)} against {_rank_text(b)}"
    # The margin is that of the printed ranks, so that a reader can check it.
    margin = abs(round(a.rank or 0.0, 1) - round(b.rank or 0.0, 1))
    if kind == "tie":
        higher = a.name if probability >= 0.5 else b.name
        sure = max(probability, 1 - probability)
        text = f"Tie: {ranks}; the margin of {margin:.1f} points lies within the intervals "
        text += "(both are as likely to be ahead)" if margin == 0 else f"(P({higher} is ahead) = {sure:.2f})"
        return f"{text}. {_leads(a, b)}{_matches(a, b)}".strip()
    winner, other, sure = (a, b, probability) if kind == "a" else (b, a, 1 - probability)
    ahead = f"{winner.name} ranks higher than {other.name} by {margin:.1f} points"
    return (
        f"{ahead}: {ranks} (P({winner.name} is ahead) = {min(sure, 0.999):.3f}). {_leads(a, b)}{_matches(a, b)}".strip()
    )


def leading_parts(a: Side, b: Side) -> tuple[list[str], list[str]]:
    """Return the parts in which A leads and those in which B leads, each with both values on the scale 0 to 100."""
    leads: tuple[list[str], list[str]] = ([], [])
    others = {part.name: part for part in b.parts}
    for part in a.parts:
        other: Part | None = others.get(part.name)
        if other is None or part.value is None or other.value is None or abs(part.value - other.value) < LEADS_BY:
            continue
        high, low = max(part.value, other.value), min(part.value, other.value)
        line = f"{PART_WORDS.get(part.name, part.name)} ({round(100 * high)} to {round(100 * low)})"
        leads[0 if part.value > other.value else 1].append(line)
    return leads


def _leads(a: Side, b: Side) -> str:
    of_a, of_b = leading_parts(a, b)
    said = [f"{one.name} leads on {_and(lines)}" for one, lines in ((a, of_a), (b, of_b)) if lines]
    return f"{'; '.join(said)}. " if said else ""


def _matches(a: Side, b: Side) -> str:
    """Say what the match graph holds of the two, and claim nothing where it holds nothing."""
    if not a.times_matched and not b.times_matched:
        return "No search that led to either is known."
    return f"{matched_text(a)}; {matched_text(b)}."


def matched_text(one: Side) -> str:
    """Return "X was matched 12 times by 9 clients", marked if the log was simulated."""
    if not one.times_matched:
        return f"{one.name} was never matched"
    said = f"{one.name} was matched {times(one.times_matched)} by {counted(one.clients, 'client')}"
    return said + (" (simulated log)" if one.simulated else "")


def _and(lines: Sequence[str]) -> str:
    return lines[0] if len(lines) == 1 else f"{', '.join(lines[:-1])} and {lines[-1]}"


def _common_text(common: Common) -> str:
    capabilities = counted(common.capabilities, "shared capability", "shared capabilities")
    text = f"{capabilities}, {counted(common.needs, 'shared need')}"
    if not common.slips:
        return text
    return f"{text}; for {common.slips} more both were chosen, but one of them too rarely to count"


def _reasons(a: Side, b: Side, common: Common) -> list[Reason]:
    reasons = [
        Reason("common", _common_text(common)),
        Reason("matches", _matches(a, b)),
    ]
    for one, lines in zip((a, b), leading_parts(a, b), strict=True):
        if lines and common.comparable:
            reasons.append(Reason("leads", f"{one.name}: {_and(lines)}"))
    for one in (a, b):
        missing = [PART_WORDS.get(part.name, part.name) for part in one.parts if part.value is None]
        if missing:
            reasons.append(Reason("missing", f"{one.name}: {_and(missing)} not known"))
    return reasons
