"""Explicit relevance: judged queries, and grades of objects for them (CSV with a header, or TREC qrels).

Both halves are told apart row by row, so that either can be imported alone. They go to `searches` (kind "judged")
and to `events` (action "judgment"), and are never mixed with what people clicked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from graph.vocabulary import JUDGMENT
from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.fields import BadField, Fields, missing_id
from ingest.files.head import Head
from ingest.files.rows import Parsed, Record, Row, collect, read_rows
from ingest.files.source import Source
from ingest.files.text_lines import refused, text_lines

APPLICATION: Final = "judgments"
GRADE_NAMES: Final = ("grade", "relevance", "score")
TEXT_NAMES: Final = ("text", "query")
QUERY_NAMES: Final = ("query_id", "query-id", "topic_id")
OBJECT_NAMES: Final = ("object_id", "capability_id", "artifact_id", "doc_id", "corpus-id")
LOG_FIELDS: Final = frozenset(("action_name", "user_query", "outcome", "success", "query_response_hit_ids"))
TIME_FIELDS: Final = frozenset(("time", "timestamp", "ts", "date"))

_TREC_LINE = re.compile(r"\S+[ \t]+(?:Q?\d+)[ \t]+\S+[ \t]+-?\d+(?:\.\d+)?\r?")


def judgment_records(fields: Fields) -> Iterator[Parsed]:
    """Turn a row with a grade into an event, one with a text into a search. Errors: those of the fields."""
    if any(name in fields for name in TEXT_NAMES) and not any(name in fields for name in GRADE_NAMES):
        yield _search(fields)
    else:
        yield _event(fields)


def _search(fields: Fields) -> Record:
    values = {
        "search_id": fields.required_id("query_id", "id", "_id"),
        "application": APPLICATION,
        "kind": "judged",
        "session_id": fields.identifier("session_id"),
        "query_text": fields.text(*TEXT_NAMES),
    }
    return Record("searches", {**values, "extra": fields.rest()})


def _event(fields: Fields) -> Record:
    search_id = fields.required_id(*QUERY_NAMES)
    object_field = next((name for name in OBJECT_NAMES if name in fields), None)
    if object_field is None:
        raise missing_id("artifact_id", "capability_id")
    object_id = fields.required_id(object_field)
    grade = fields.number(*GRADE_NAMES)
    if grade is None:
        raise BadField("missing-grade", "grade: missing", "Give every judgment its grade, 0 for not relevant.")
    values = {
        "search_id": search_id,
        "application": APPLICATION,
        "action_name": JUDGMENT,
        "object_id": object_id,
        "object_field": object_field,
        "value": grade,
    }
    return Record("events", {**values, "extra": fields.rest()})


def _trec_rows(source: Source) -> Iterator[Row | Rejection]:
    """Yield the lines of a TREC qrels file: topic, iteration (not used), document, grade."""
    for line in text_lines(source):
        if isinstance(line, Rejection):
            yield line
            continue
        number, text, raw = line
        if _TREC_LINE.fullmatch(text.strip()) is None:
            reason = "not the four columns topic, iteration, document, grade"
            yield refused(number, "invalid-qrels", reason, "Separate the columns by blanks.", raw)
            continue
        topic, _, document, grade = text.split()
        yield Row(number, {"topic_id": topic, "doc_id": document, "grade": grade}, raw)


def is_trec(head: Head) -> bool:
    """Say whether the first line of a text, and most of the next, are those of TREC qrels."""
    lines = [line.strip() for line in head.text.split("\n")[:20] if line.strip()]
    good = [_TREC_LINE.fullmatch(line) is not None for line in lines]
    return bool(good) and good[0] and sum(good) * 2 > len(good)


def is_judged(fields: frozenset[str]) -> bool:
    """Say whether fields are those of judged queries or of grades."""
    if not LOG_FIELDS.isdisjoint(fields):
        return False
    if not fields.isdisjoint(GRADE_NAMES):
        return not fields.isdisjoint(QUERY_NAMES) and not fields.isdisjoint(OBJECT_NAMES)
    has_id = not fields.isdisjoint(("id", "query_id", "_id"))
    named = not fields.isdisjoint(("name", "title", "artifact_id", "capability_id", "type"))
    return has_id and not named and not fields.isdisjoint(TEXT_NAMES) and TIME_FIELDS.isdisjoint(fields)


class JudgmentsReader:
    """Reader of judged queries and of relevance grades."""

    name = "judgments"
    title = "judged queries and relevance grades (JSON Lines, CSV, Parquet, TREC qrels)"
    tables: tuple[str, ...] = ("searches", "events")

    def recognises(self, head: Head) -> bool:
        """Take queries with an id and a text but no time, and grades of objects for queries."""
        return is_judged(head.fields) or is_trec(head)

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield judged queries and grades in chunks."""
        if is_trec(source.head()):
            return collect(_trec_rows(source), judgment_records)
        return read_rows(source, judgment_records)


READER = JudgmentsReader()
