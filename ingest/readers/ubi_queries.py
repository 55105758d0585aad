"""Queries in OpenSearch User Behavior Insights 1.3.0 form, JSON Lines or Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.documents import note_if_empty
from ingest.files.head import Head
from ingest.files.learning_decoder import Decoded, Layout, LearningDecoder, fields, nested
from ingest.files.source import Source
from ingest.readers.ubi import Columns, Id, Time, Whole, chunks, first_known

LAYOUT: Final[Layout] = {
    "": [
        ("query_id", Id),
        ("application", Id),
        ("session_id", Id),
        ("client_id", Id),
        ("timestamp", Time),
        ("user_query", Id),
        ("query_response_hit_ids", list[str] | None),
        ("object_id_field", Id),
        ("actor", Id),
    ],
    "query_attributes": [("actor", Id), ("first_rank_shown", Whole), ("session_id", Id)],
}


class UbiQueries:
    """Reader of UBI query records."""

    name = "ubi-queries"
    title = "OpenSearch User Behavior Insights queries"
    tables = ("searches",)

    def recognises(self, head: Head) -> bool:
        """Take files whose records have a user_query and no action_name."""
        return "user_query" in head.fields and "action_name" not in head.fields

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield the searches in blocks."""
        return note_if_empty(_searches(source))


def _searches(source: Source) -> Iterator[Chunk | Rejection]:
    return chunks(source, "searches", LearningDecoder(LAYOUT), _columns)


def _columns(decoded: Decoded) -> Columns:
    rows = decoded.rows
    attributes = nested(rows, "query_attributes")
    return {
        "search_id": fields(rows, "query_id"),
        "application": fields(rows, "application"),
        "kind": ["log"] * len(rows),
        "time": fields(rows, "timestamp"),
        "client_id": fields(rows, "client_id"),
        "session_id": first_known(fields(rows, "session_id"), fields(attributes, "session_id")),
        "actor": first_known(fields(rows, "actor"), fields(attributes, "actor")),
        "query_text": fields(rows, "user_query"),
        "hits": fields(rows, "query_response_hit_ids"),
        "first_position": fields(attributes, "first_rank_shown"),
        "object_field": fields(rows, "object_id_field"),
    }


READER = UbiQueries()
