"""Events in OpenSearch User Behavior Insights 1.3.0 form, JSON Lines or Parquet.

Positions of some sources count from 0. That is recognised for each application by an impression at position 0,
and said. In a log that counts from 1, a position of 0 means that the object was not in the list shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from ingest.contract import Chunk, Note, Rejection
from ingest.learning_decoder import Decoded, Layout, LearningDecoder, nested
from ingest.source import Head, Source, StreamBroken
from ingest.ubi import Id, Number, Time, column, decoded_blocks, row_bytes

LAYOUT: Final[Layout] = {
    "": [
        ("action_name", str | None),
        ("event_id", Id),
        ("application", Id),
        ("query_id", Id),
        ("session_id", Id),
        ("client_id", Id),
        ("timestamp", Time),
        ("user_query", Id),
        ("actor", Id),
    ],
    "event_attributes": [
        ("session_id", Id),
        ("actor", Id),
        ("dwell_seconds", Number),
        ("value", Number),
        ("rating", Number),
        ("call_ok", bool | None),
        ("success", bool | None),
    ],
    "event_attributes.object": [("object_id", Id), ("object_id_field", Id)],
    "event_attributes.position": [("ordinal", int | None)],
}
_ZERO_ORDINALS: Final = (b'"ordinal":0', b'"ordinal": 0')
_OVERLAP: Final = 16


class UbiEvents:
    """Reader of UBI event records."""

    name = "ubi-events"
    title = "OpenSearch User Behavior Insights events"
    tables = ("events",)

    def recognises(self, head: Head) -> bool:
        """Take files whose records have an action_name."""
        return "action_name" in head.fields and "query_response_hit_ids" not in head.fields

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield the events in blocks."""
        from_zero = _applications_counting_from_zero(source)
        for application in sorted(from_zero, key=str):
            yield Note(
                "positions-from-zero",
                f"positions of {application or 'events without application'} count from 0; they were raised by 1",
            )
        decoder = LearningDecoder(LAYOUT)
        for decoded in decoded_blocks(source, decoder):
            yield from decoded.rejections
            if decoded.rows:
                yield _chunk(decoded, from_zero)


def _chunk(decoded: Decoded, from_zero: frozenset[str | None]) -> Chunk:
    rows = decoded.rows
    attributes = nested(rows, "event_attributes")
    objects = nested(attributes, "object")
    columns: dict[str, Sequence[Any]] = {
        "action_name": [row.action_name for row in rows],
        "event_id": [row.event_id for row in rows],
        "application": [row.application for row in rows],
        "search_id": [row.query_id for row in rows],
        "client_id": [row.client_id for row in rows],
        "time": [row.timestamp for row in rows],
        "query_text": [row.user_query for row in rows],
        "session_id": _first([row.session_id for row in rows], attributes, "session_id"),
        "actor": _first([row.actor for row in rows], attributes, "actor"),
        "object_id": column(objects, "object_id"),
        "object_field": column(objects, "object_id_field"),
        "position": column(nested(attributes, "position"), "ordinal"),
        "dwell_seconds": column(attributes, "dwell_seconds"),
        "value": _first(column(attributes, "value"), attributes, "rating"),
        "worked": _first(column(attributes, "call_ok"), attributes, "success"),
    }
    if decoded.extras is not None:
        columns["extra"] = decoded.extras
    if from_zero:
        columns["position"] = _raised(columns["position"], columns["application"], from_zero)
    return Chunk("events", columns, decoded.lines, lambda index: row_bytes(decoded, index))


def _first(values: list[Any], attributes: Sequence[Any], name: str) -> list[Any]:
    """Fill what is missing from another field of the attributes."""
    other = column(attributes, name)
    if not any(value is not None for value in other):
        return values
    return [second if value is None else value for value, second in zip(values, other, strict=True)]


def _raised(
    positions: Sequence[int | None], applications: Sequence[str | None], from_zero: frozenset[str | None]
) -> list[int | None]:
    return [
        position + 1 if position is not None and position >= 0 and application in from_zero else position
        for position, application in zip(positions, applications, strict=True)
    ]


def _applications_counting_from_zero(source: Source) -> frozenset[str | None]:
    """Return the applications that log an impression at position 0, or, without any impression, a click there."""
    if not source.head().is_parquet and not _mentions_zero(source):
        return frozenset()
    lowest: dict[tuple[str | None, bool], int] = {}
    decoder = LearningDecoder(LAYOUT)
    for decoded in decoded_blocks(source, decoder):
        positions = column(nested(decoded.rows, "event_attributes.position"), "ordinal")
        for row, position in zip(decoded.rows, positions, strict=True):
            if position is not None and position >= 0:
                key = (row.application, (row.action_name or "").lower() == "impression")
                lowest[key] = min(position, lowest.get(key, position))
    return frozenset(
        application
        for application, is_impression in lowest
        if lowest.get((application, True), 1 if is_impression else lowest.get((application, False), 1)) == 0
    )


def _mentions_zero(source: Source) -> bool:
    """Look for a position of 0 without decoding anything; most logs have none and are then read only once."""
    tail = b""
    try:
        for block in source.blocks():
            if any(mark in tail + block[:_OVERLAP] or mark in block for mark in _ZERO_ORDINALS):
                return True
            tail = block[-_OVERLAP:]
    except StreamBroken:
        return True  # the damage is reported when the rows are read
    return False


READER = UbiEvents()
