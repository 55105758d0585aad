"""An artifact as answers show it, in the shape that goes out in JSON, and what an answer needs of a snapshot.

Values of parts, shares, probabilities and similarities are between 0 and 1; ranks and contributions between 0 and 100;
times are ISO 8601 in UTC. None means "not known".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import msgspec
import pyarrow as pa


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


class Pricing(msgspec.Struct, frozen=True):
    """What an artifact costs, as its source states it."""

    model: str | None
    price: str | None
    contradictory: bool = False
    """"Free", and yet a sum."""


class OtherName(msgspec.Struct, frozen=True, kw_only=True):
    """Another name of a thing that is listed once, with its rank, and the evidence of that name alone."""

    artifact_id: str
    name: str
    rank: float | None
    times_matched: int
    clients: int
    simulated: bool


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """An artifact with its rank and evidence, as rank lists and comparisons show it.

    Of a thing with several names the evidence is that of all of them together.
    """

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
    also_known_as: list[OtherName] = []
    """Other names of the same thing (`queries.answers.one_thing`), each with its own evidence."""
    listed_as: str | None = None
    """Id of the name under which lists have it; None if that is this one."""


class Reason(msgspec.Struct, frozen=True):
    """Why: a kind, one line, and its share in the score (or 0 where there is no score)."""

    kind: str
    text: str
    weight: float = 0.0


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
