"""A comparison of two artifacts, in the shape that goes out in JSON; units as in `queries.answers.shapes`."""

from __future__ import annotations

import msgspec

from queries.answers.list_shapes import Duplicate, Related
from queries.answers.shapes import Reason, Side


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A capability as its source states it."""

    capability_id: str
    name: str
    description: str | None
    unique: str | None
    vs_alternatives: str | None
    source: str | None
    date: str | None
    status: str = "stated"
    """A source says so; nobody has measured it."""


class SharedCapability(msgspec.Struct, frozen=True):
    """A capability of A and the one of B that does the same."""

    a: Claim
    b: Claim
    similarity: float
    status: str = "inferred"
    """How it is known that they do the same: "stated" (both sources give one concept URI) or "inferred"."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A claim about an artifact beside its capabilities."""

    name: str
    value: str | int | float
    status: str
    """stated (by a source), measured (in the match graph) or inferred (computed from both)."""
    source: str | None
    """Who states it, or what it was measured or computed from."""
    date: str | None
    """Of the record that states it; the last use; the time for which it was computed. ISO 8601."""


class CapabilityMatch(msgspec.Struct, frozen=True):
    """The capabilities of two artifacts side by side."""

    shared: list[SharedCapability]
    only_a: list[Claim]
    only_b: list[Claim]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a comparison. `kind`: a, b, tie, not_comparable or not_enough_evidence."""

    kind: str
    text: str
    margin: float | None
    """Rank of A minus rank of B, in points."""
    probability: float | None
    """P(A ranks above B), from the two intervals."""
    reasons: list[Reason]


class SharedNeed(msgspec.Struct, frozen=True, kw_only=True):
    """A need for which both were chosen."""

    intent_id: str
    intent: str | None
    a_times_matched: int
    a_clients: int
    a_strength: float | None
    a_strength_low: float | None
    a_strength_high: float | None
    b_times_matched: int
    b_clients: int
    b_strength: float | None
    b_strength_low: float | None
    b_strength_high: float | None


class DuelCount(msgspec.Struct, frozen=True, kw_only=True):
    """Searches that showed A and B and led to a choice of either; of one need, or of all (`intent_id` None)."""

    intent_id: str | None
    intent: str | None
    searches: int
    clients: int
    clients_for_a: int
    """Clients that chose A more often than B; the rest with `clients_for_b` chose both as often."""
    clients_for_b: int
    a_wins: int
    b_wins: int
    ties: int
    """Both were chosen."""
    a_above: int
    b_above: int
    """In how many searches each stood above the other: the balance of exposure."""
    probability: float | None
    """P(A is better), positions taken into account; None where the two are not comparable."""


class HeadToHead(msgspec.Struct, frozen=True, kw_only=True):
    """A against B in searches that showed both (`queries.evidence.davidson`). `kind` as that of a verdict.

    Where the two are not comparable, these searches were for different needs: there are counts and nothing else.
    """

    kind: str
    text: str
    total: DuelCount
    theta: float | None
    """Log odds that A and not B is chosen, where neither stands above."""
    error: float | None
    design_effect: float | None
    position_advantage: float
    """Log odds by which standing above helps, over all pairs of this snapshot."""
    a_alone: float | None
    b_alone: float | None
    both: float | None
    """P(A alone), P(B alone), P(both) where neither stands above and one at least is chosen."""
    clients_to_flip: int | None
    needs: list[DuelCount]
    """The needs with the most clients."""


class EvidenceWindow(msgspec.Struct, frozen=True):
    """First and last time at which either was shown or chosen."""

    first_seen: str | None
    last_seen: str | None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A against B."""

    a: Side
    b: Side
    verdict: Verdict
    duplicate: Duplicate | None = None
    """B as seen from A, where the two are one thing under two names or variants of one family."""
    facts: dict[str, list[Fact]] = {}
    """"a" and "b": what is claimed of each, by whom, and how that is known."""
    capabilities: CapabilityMatch
    shared_needs: list[SharedNeed]
    head_to_head: HeadToHead | None = None
    """None where no search that showed both led to a choice of either."""
    alternatives: list[Related]
    different: list[Related]
    simulated: bool
    simulated_applications: list[str]
    snapshot_id: str
    evidence_window: EvidenceWindow
    k_anonymity: int | None = None
    """Needs that fewer clients asked have no text here; None if nothing was withheld."""
