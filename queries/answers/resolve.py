"""One need in, one answer out that can be invoked: the best hit, how to call it, and what else there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from graph.snapshot import Snapshot
from graph.times import iso_time
from queries.answers.constraints import ANYTHING, Constraints
from queries.answers.hit_shapes import Hit
from queries.answers.invocation import Invocation, invocation
from queries.answers.search import search
from queries.answers.shapes import Reason

Row = Mapping[str, Any]


class ResolvedCapability(msgspec.Struct, frozen=True, kw_only=True):
    """The capability that fits best."""

    capability_id: str
    name: str | None
    description: str | None
    unique: str | None
    vs_alternatives: str | None
    best_for: list[str]
    limitations: list[str]
    requires: list[str]


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a need."""

    artifact_id: str
    name: str | None
    type: str | None
    url: str | None
    description: str | None
    confidence: float
    """Probability that it serves the need."""
    capability: ResolvedCapability | None
    invocation: Invocation
    why: list[Reason]
    times_matched: int
    clients: int
    simulated: bool


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """What else serves the need."""

    artifact_id: str
    name: str | None
    type: str | None
    confidence: float
    why: list[Reason]


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """One need in, one invocable answer out, with alternatives and confidence."""

    need: str
    resolved: Resolved | None
    """None where nothing fits; then `message` says so."""
    alternatives: list[Other]
    message: str | None
    confidence_method: str
    as_of: str | None
    """The time for which the answers were computed."""
    snapshot_id: str


def resolve(
    snapshot: Snapshot,
    need: str,
    wanted: Constraints = ANYTHING,
    *,
    alternatives: int = 3,
) -> Resolution:
    """Resolve a need; an answer that does not fit is not given. Raises as `queries.answers.search.search` does."""
    found = search(snapshot, need, wanted, limit=alternatives + 1)
    fits = bool(found.hits) and not found.nothing_fits
    others = found.hits[1 if fits else 0 :][:alternatives]
    return Resolution(
        need=need,
        resolved=_resolved(snapshot, found.hits[0]) if fits else None,
        alternatives=[_other(hit) for hit in others],
        message=found.message,
        confidence_method=found.confidence_method,
        as_of=iso_time(snapshot.now_us),
        snapshot_id=snapshot.id,
    )


def _resolved(snapshot: Snapshot, hit: Hit) -> Resolved:
    artifact = snapshot.rows("artifacts", artifact_id=hit.artifact_id)[0]
    row = None
    if hit.capabilities:
        row = snapshot.rows("capabilities", capability_id=hit.capabilities[0].capability_id)[0]
    return Resolved(
        artifact_id=hit.artifact_id,
        name=hit.name,
        type=hit.type,
        url=artifact["url"],
        description=hit.description,
        confidence=hit.confidence,
        capability=None if row is None else _capability(row),
        invocation=invocation(artifact, row),
        why=why(hit),
        times_matched=hit.evidence.times_matched,
        clients=hit.evidence.clients,
        simulated=hit.evidence.simulated,
    )


def _capability(row: Row) -> ResolvedCapability:
    return ResolvedCapability(
        capability_id=row["capability_id"],
        name=row["name"],
        description=row["description"],
        unique=row["unique"],
        vs_alternatives=row["vs_alternatives"],
        best_for=row["best_for"] or [],
        limitations=row["limitations"] or [],
        requires=row["requires"] or [],
    )


def _other(hit: Hit) -> Other:
    return Other(artifact_id=hit.artifact_id, name=hit.name, type=hit.type, confidence=hit.confidence, why=why(hit))


def why(hit: Hit) -> list[Reason]:
    """Say why an artifact was found: what similar searches chose, and which words it shares with the need."""
    reasons = []
    if hit.evidence.intents:
        reasons.append(Reason("chosen_for", f"Chosen for: {'; '.join(hit.evidence.intents)}."))
    if hit.evidence.terms:
        reasons.append(Reason("words", f"Shares the words: {', '.join(hit.evidence.terms)}."))
    return reasons
