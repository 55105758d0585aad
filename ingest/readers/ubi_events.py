"""Events in OpenSearch User Behavior Insights 1.3.0 form, JSON Lines or Parquet.

Positions of some sources count from 0. That is recognised for each application by an impression at position 0,
and said. In a log that counts from 1, a position of 0 means that the object was not in the list shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from ingest.files.contract import Chunk, Note, Rejection, StartAgain
from ingest.files.documents import note_if_empty
from ingest.files.head import Head
from ingest.files.learning_decoder import Decoded, Layout, LearningDecoder, Rare, fields, nested
from ingest.files.source import Source
from ingest.readers.ubi import Columns, Id, Number, Time, Whole, chunks, first_known

LAYOUT: Final[Layout] = {
    "": [
        ("action_name", Id),
        ("application", Id),
        ("query_id", Id),
        ("session_id", Id),
        ("client_id", Id),
        ("timestamp", Time),
    ],
    "event_attributes": [],
    "event_attributes.object": [("object_id", Id), ("object_id_field", Id)],
    "event_attributes.position": [("ordinal", Whole)],
}
RARE: Final[Rare] = {
    "event_id": Id,
    "user_query": Id,
    "actor": Id,
    "event_attributes.session_id": Id,
    "event_attributes.actor": Id,
    "event_attributes.dwell_seconds": Number,
    "event_attributes.value": Number,
    "event_attributes.rating": Number,
    "event_attributes.call_ok": bool | None,
    "event_attributes.success": bool | None,
}
_FILLS: Final = {
    "event_id": ("event_id",),
    "query_text": ("user_query",),
    "session_id": ("session_id", "event_attributes.session_id"),
    "actor": ("actor", "event_attributes.actor"),
    "dwell_seconds": ("event_attributes.dwell_seconds",),
    "value": ("event_attributes.value", "event_attributes.rating"),
    "worked": ("event_attributes.call_ok", "event_attributes.success"),
}
"""Columns and the fields that fill them, the first that has a value."""


class UbiEvents:
    """Reader of UBI event records."""

    name = "ubi-events"
    title = "OpenSearch User Behavior Insights events"
    tables = ("events",)

    def recognises(self, head: Head) -> bool:
        """Take files whose records have an action_name."""
        return "action_name" in head.fields and "query_response_hit_ids" not in head.fields

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note | StartAgain]:
        """Yield the events in blocks; all of them anew if it shows that positions count from 0."""
        return note_if_empty(_events(source))


def _events(source: Source) -> Iterator[Chunk | Rejection | Note | StartAgain]:
    from_zero: frozenset[str | None] = frozenset()
    while True:
        bases = _PositionBases(from_zero)
        decoder = LearningDecoder(LAYOUT, RARE)
        for item in chunks(source, "events", decoder, partial(_columns, decoder)):
            if isinstance(item, Chunk) and bases.show(item):
                break
            yield item
        if bases.found() <= from_zero:
            break
        from_zero |= bases.found()
        yield StartAgain()
    for application in sorted(from_zero, key=str):
        yield Note(
            "positions-from-zero",
            f"positions of {application or 'events without application'} count from 0; they were raised by 1",
        )


class _PositionBases:
    """Finds the applications whose positions count from 0; raises the positions of those known to do so.

    An impression at position 0 shows it; a click there does only if the application logs no impressions.
    """

    def __init__(self, from_zero: frozenset[str | None]) -> None:
        self._from_zero = from_zero
        self._impressions_at_zero: set[str | None] = set()
        self._clicks_at_zero: set[str | None] = set()
        self._with_impressions: set[str | None] = set()

    def show(self, chunk: Chunk) -> bool:
        """Look at a chunk, and raise its positions where needed. Says whether a new application was found."""
        positions, applications = chunk.columns["position"], chunk.columns["application"]
        if pc.index(positions, 0).as_py() >= 0:
            self._look(positions, applications, chunk.columns["action_name"])
        if self._from_zero:
            counts_from_zero = pc.is_in(applications, pa.array(sorted(self._from_zero, key=str), pa.string()))
            raised = pc.and_(counts_from_zero, pc.greater_equal(positions, 0))
            chunk.columns["position"] = pc.if_else(raised, pc.add(positions, 1), positions)
        return not self._impressions_at_zero <= self._from_zero

    def _look(self, positions: pa.Array, applications: pa.Array, names: pa.Array) -> None:
        is_impression = pc.equal(pc.utf8_lower(names), "impression").fill_null(False)
        is_zero = pc.equal(positions, 0).fill_null(False)
        self._with_impressions.update(_distinct(applications, is_impression))
        self._impressions_at_zero.update(_distinct(applications, pc.and_(is_impression, is_zero)))
        self._clicks_at_zero.update(_distinct(applications, pc.and_not(is_zero, is_impression)))

    def found(self) -> frozenset[str | None]:
        """Return the applications that count from 0, as far as the file was looked at."""
        return frozenset(self._impressions_at_zero | (self._clicks_at_zero - self._with_impressions))


def _distinct(values: pa.Array, where: pa.Array) -> list[str | None]:
    found: list[str | None] = pc.unique(values.filter(where)).to_pylist()
    return found


def _columns(decoder: LearningDecoder, decoded: Decoded) -> Columns:
    rows = decoded.rows
    attributes = nested(rows, "event_attributes")
    objects = nested(attributes, "object")
    columns = {
        "action_name": fields(rows, "action_name"),
        "application": fields(rows, "application"),
        "search_id": fields(rows, "query_id"),
        "client_id": fields(rows, "client_id"),
        "time": fields(rows, "timestamp"),
        "object_id": fields(objects, "object_id"),
        "object_field": fields(objects, "object_id_field"),
        "position": fields(nested(attributes, "position"), "ordinal"),
    }
    for column, names in _FILLS.items():
        found = [_field(rows, attributes, name) for name in names if decoder.has(*_split(name))]
        if found:
            columns[column] = found[0] if len(found) == 1 else first_known(*found)
    return columns


def _split(name: str) -> tuple[str, str]:
    path, _, field = name.rpartition(".")
    return path, field


def _field(rows: Sequence[Any], attributes: Sequence[Any], name: str) -> list[Any]:
    path, field = _split(name)
    return fields(attributes if path else rows, field)


READER = UbiEvents()
