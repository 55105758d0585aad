"""Ranks, match edges and alternatives as lists, in the shape that goes out in JSON."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from queries.answers.shapes import OtherName, Reason, Side

WEAK_ALTERNATIVE: Final = 0.1
"""Score below which an alternative is called weak."""


class Sign(Reason, frozen=True):
    """Why something is an alternative: a sign with its share in the score."""

    value: float | None = None
    """Of the sign, 0 to 1 (`queries.alternatives.joined_score`); None for what adds nothing, and for complements."""


class Related(msgspec.Struct, frozen=True, kw_only=True):
    """An alternative or a complement."""

    artifact_id: str
    name: str
    type: str | None
    score: float
    reasons: list[Sign]
    rank: float | None
    times_matched: int
    clients: int
    """Of all names of the thing together, as `times_matched`."""
    to: list[str] = []
    """Ids of the artifacts to which it is an alternative, in comparisons."""
    to_scores: list[float] = []
    """Its score as an alternative to each of them; `score` is the best."""
    also_known_as: list[OtherName] = []
    """Other names of the same thing, which have no entry of their own."""
    description: str | None = None


class Duplicate(msgspec.Struct, frozen=True, kw_only=True):
    """Another artifact that is the same under another name (`kind` same), or of the same family (`kind` variant)."""

    artifact_id: str
    name: str
    kind: str
    score: float
    reasons: list[Reason]


class RankList(msgspec.Struct, frozen=True, kw_only=True):
    """Artifacts from the first place on."""

    ranks: list[Side]
    total: int
    """Number of artifacts of the type asked for, names of one thing counted once."""
    type: str | None = None
    """The type asked for; the places to show are then those among this type."""
    shared_places: list[int]
    """The places given here that several have, whether they are all given here or not."""
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
    also_known_as: list[OtherName] = []
    """Other names of the artifact; what stands in for one of them stands in for it."""
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
