"""The shapes of the answers, as they go out in JSON, and what an answer needs of a snapshot.

Values of parts, shares, probabilities and similarities are between 0 and 1; ranks and contributions between 0 and 100;
times are ISO 8601 in UTC. None means "not known".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

import msgspec
import pyarrow as pa

WEAK_ALTERNATIVE: Final = 0.1
"""Score below which an alternative is called weak."""


class HasParameters(Protocol):
    """A manifest, as far as answers read it."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What the job was told, and the versions of its methods."""
        ...


class SnapshotTables(Protocol):
    """What an answer needs of a snapshot (`graph.snapshot.Snapshot` has it)."""

    @property
    def id(self) -> str:
        """The snapshot's id."""
        ...

    @property
    def now_us(self) -> int:
        """The time for which it was computed."""
        ...

    @property
    def manifest(self) -> HasParameters:
        """What it was computed from."""
        ...

    def table(self, name: str) -> pa.Table:
        """Return a whole table of `SNAPSHOT_TABLES`."""
        ...

    def rows(self, name: str, **equals: str | int) -> list[dict[str, Any]]:
        """Return the rows whose columns have the given values."""
        ...


class Part(msgspec.Struct, frozen=True):
    """One part of a rank."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    weight: float
    """Share in the rank after leaving out unknown parts; 0 if the part is not known."""
    contribution: float
    """Points of the rank that come from this part; the contributions add up to the rank."""


class Improvement(msgspec.Struct, frozen=True):
    """Something that would raise a rank."""

    part: str
    text: str
    points_at_most: float
    """How far the rank would rise if the part, or the rule, were at its best and all else as it is."""
    points_at_worst: float
    """A missing part can also lower the rank: how far, as a negative number; 0 for what is known."""


class Pricing(msgspec.Struct, frozen=True):
    """What an artifact costs, as its source states it."""

    model: str | None
    price: str | None
    contradictory: bool = False
    """"Free", and yet a sum."""


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """An artifact with its rank and evidence, as rank lists and comparisons show it."""

    artifact_id: str
    name: str
    type: str | None
    rank: float | None
    low: float | None
    high: float | None
    completeness: float
    times_matched: int
    clients: int
    parts: list[Part]
    place: int | None
    """Among all artifacts, from 1; by the lower end of the interval (`queries.ranking.places`)."""
    place_low: int | None = None
    place_high: int | None = None
    """Ends of the 95 % range of the place."""
    type_place: int | None = None
    """Among the artifacts of its type."""
    type_place_low: int | None = None
    type_place_high: int | None = None
    pricing: Pricing
    license: str | None
    url: str | None
    description: str | None
    capability_count: int
    first_seen: str | None
    last_seen: str | None
    simulated: bool
    """Whether its evidence comes from a simulated log."""


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


class Reason(msgspec.Struct, frozen=True):
    """Why: a kind, one line, and its share in the score (or 0 where there is no score)."""

    kind: str
    text: str
    weight: float = 0.0


class Related(msgspec.Struct, frozen=True, kw_only=True):
    """An alternative or a complement."""

    artifact_id: str
    name: str
    type: str | None
    score: float
    reasons: list[Reason]
    rank: float | None
    times_matched: int
    to: list[str] = []
    """Ids of the artifacts to which it is an alternative, in comparisons."""


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


class Duplicate(msgspec.Struct, frozen=True, kw_only=True):
    """Another artifact that is the same under another name (`kind` same), or of the same family (`kind` variant)."""

    artifact_id: str
    name: str
    kind: str
    score: float
    reasons: list[Reason]


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


class RankList(msgspec.Struct, frozen=True, kw_only=True):
    """Artifacts from the first place on."""

    ranks: list[Side]
    total: int
    """Number of artifacts of the type asked for."""
    type: str | None = None
    """The type asked for; the places to show are then those among this type."""
    simulated: bool
    snapshot_id: str


class AlternativesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What to use instead of an artifact, and what together with it."""

    artifact_id: str
    name: str
    alternatives: list[Related]
    complements: list[Related]
    simulated: bool
    snapshot_id: str
    duplicates: list[Duplicate] = []
    """The same under another name, which is no alternative, and variants of the same family."""
    weak_below: float = WEAK_ALTERNATIVE
    """Alternatives with a lower score share little with the artifact; they are listed, and it is said."""


class EdgeList(msgspec.Struct, frozen=True, kw_only=True):
    """Match edges with their evidence."""

    edges: list[dict[str, Any]]
    total: int
    simulated: bool
    snapshot_id: str
    k_anonymity: int | None = None
    """Intents that fewer clients asked have no text here; None if nothing was withheld."""


def k_anonymity(snapshot: SnapshotTables) -> int | None:
    """Return how many clients must have asked before a text is shown; None for a snapshot that withholds nothing."""
    found = snapshot.manifest.parameters.get("k_anonymity")
    return found if isinstance(found, int) else None


def has_simulated_evidence(snapshot: SnapshotTables, artifact_ids: Iterable[str]) -> bool:
    """Say whether any of the artifacts was chosen in a log that says of itself to be simulated."""
    if not simulated_applications(snapshot):
        return False
    return any(row["simulated"] for each in artifact_ids for row in snapshot.rows("evidence", artifact_id=each))


def simulated_applications(snapshot: SnapshotTables) -> list[str]:
    """Return the applications whose logs were simulated, as the job recorded them."""
    return sorted(snapshot.manifest.parameters.get("simulated_applications") or [])
