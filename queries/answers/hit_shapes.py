"""Hits of a search, in the shape that goes out in JSON."""

from __future__ import annotations

import msgspec

from queries.answers.shapes import OtherName


class CapabilityHit(msgspec.Struct, frozen=True):
    """A capability that fits the need."""

    capability_id: str
    name: str | None
    score: float


class HitEvidence(msgspec.Struct, frozen=True):
    """Why an artifact was found."""

    terms: list[str]
    """Words of the query that it holds."""
    intents: list[str]
    """Similar past searches that chose it, most similar first; not those that too few people made to be shown."""
    times_matched: int
    """Of the artifact over all intents, and over all names of its thing, as are `clients`."""
    clients: int
    kind: str
    """`observed` if similar past searches chose it, else `inferred` from the text."""
    simulated: bool = False
    """Whether any of its matches are from simulated searches."""


class Hit(msgspec.Struct, frozen=True):
    """An artifact that fits the need."""

    artifact_id: str
    name: str | None
    type: str | None
    score: float
    confidence: float
    capabilities: list[CapabilityHit]
    evidence: HitEvidence
    description: str | None
    license: str | None
    pricing_model: str | None
    differences: list[str]
    """How it differs from the artifact of `different_from`, in words."""
    also_known_as: list[OtherName] = []
    """Other names of the same thing, which are no hits of their own; this one fits best."""


class SearchAnswer(msgspec.Struct, frozen=True):
    """Answer to a search, best hit first."""

    query: str
    hits: list[Hit]
    nothing_fits: bool
    message: str | None
    """A sentence for the reader: why there is nothing, or how the query was read."""
    confidence_method: str
    """`judgments` or `log`: calibrated on this catalogue; `prior`: on others."""
    simulated: bool
    """Whether the evidence of any hit is from simulated searches."""
    snapshot_id: str
