"""Bare queries: a text each, perhaps with a time and a client; nothing is known of what was shown or chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.fields import BadField, Fields
from ingest.files.head import Head
from ingest.files.rows import Parsed, Record, Row, collect, read_rows
from ingest.files.source import Source
from ingest.files.text_lines import text_lines
from ingest.readers.judgments import LOG_FIELDS, TEXT_NAMES, TIME_FIELDS, is_judged, is_trec

APPLICATION: Final = "queries"
TIME_NAMES: Final = ("time", "timestamp", "ts", "date")
CLIENT_NAMES: Final = ("client_id", "user_id", "client", "user")
MAX_TYPICAL_CHARS: Final = 300
"""Files whose lines are longer than this on average are taken for prose, not for queries."""

_OTHER_FORMATS: Final = LOG_FIELDS | {
    "grade", "relevance", "artifact_id", "capability_id", "name", "title", "description", "type", "object_id",
    "matches", "hits", "results", "resolved",
}  # fmt: skip
_PROSE_NAMES = re.compile(r"readme|licen[cs]e|copying|notice|changelog|requirements|robots|todo|contributing", re.I)
_NOT_QUERIES = re.compile(r"\s*(?:[{\[<|]|---|#!|%PDF|@prefix|\|)")
_COMPARE_TITLE = re.compile(r"^.+ vs\.? .+$")


def query_records(fields: Fields) -> Iterator[Parsed]:
    """Turn one row into a search. Errors: `missing-text` and those of the fields."""
    text = fields.text(*TEXT_NAMES)
    if text is None:
        raise BadField("missing-text", "text: missing or empty", "Give every query its text.")
    values = {
        "search_id": fields.identifier("query_id", "id"),
        "application": APPLICATION,
        "kind": "bare",
        "time": fields.time(*TIME_NAMES),
        "client_id": fields.identifier(*CLIENT_NAMES),
        "session_id": fields.identifier("session_id"),
        "query_text": text,
    }
    yield Record("searches", {**values, "extra": fields.rest()})


def _line_rows(source: Source) -> Iterator[Row | Rejection]:
    """Yield one query a line; a time may stand before or behind it, set off by a tab."""
    for line in text_lines(source):
        yield line if isinstance(line, Rejection) else Row(line[0], _text_and_time(line[1]), line[2])


def _text_and_time(line: str) -> dict[str, str]:
    first, tab, second = line.strip().partition("\t")
    if tab and _is_time(second):
        return {"text": first, "time": second.strip()}
    if tab and _is_time(first):
        return {"text": second, "time": first.strip()}
    return {"text": " ".join(line.split("\t"))}


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return len(text.strip()) >= len("2026-01-31")


def _is_table(head: Head) -> bool:
    """Say whether a file has named fields, a query's text among them."""
    fields = head.fields
    if fields.isdisjoint(TEXT_NAMES) or not _OTHER_FORMATS.isdisjoint(fields) or is_judged(fields):
        return False
    known = {*TEXT_NAMES, *TIME_FIELDS, *CLIENT_NAMES, "session_id", "id", "query_id"}
    return bool(head.records) or head.is_parquet or fields <= known


def _is_plain_text(head: Head) -> bool:
    """Say whether a file looks like one query a line: by its name, short lines, and no marks of another format."""
    name = head.name.lower()
    if not name.endswith((".txt", ".log")) or _PROSE_NAMES.match(name) or "\0" in head.text:
        return False
    lines = [line for line in head.text.split("\n") if line.strip()]
    if not lines or head.records or _NOT_QUERIES.match(lines[0]) or is_trec(head) or is_judged(head.fields):
        return False
    is_compare_page = _COMPARE_TITLE.match(lines[0]) and any(line.startswith("|") for line in lines[:10])
    is_manifest = "unfragile_version" in head.text
    return not is_compare_page and not is_manifest and sum(map(len, lines)) <= MAX_TYPICAL_CHARS * len(lines)


class BareQueriesReader:
    """Reader of bare queries."""

    name = "queries"
    title = "bare queries, one a line, or rows with a text (plain text, CSV, JSON Lines, Parquet)"
    tables: tuple[str, ...] = ("searches",)

    def recognises(self, head: Head) -> bool:
        """Take rows with a query text that nothing else explains, and .txt and .log files of short lines."""
        return _is_table(head) or (_is_plain_text(head) and not _has_other_header(head))

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield the searches in chunks."""
        if _is_table(source.head()) or source.head().records:
            return read_rows(source, query_records)
        return collect(_line_rows(source), query_records)


def _has_other_header(head: Head) -> bool:
    """Say whether the first line is the header of a table of another format (a .txt file may be CSV)."""
    return len(head.csv_header) > 1 and not (LOG_FIELDS | _OTHER_FORMATS | {"id", "query_id"}).isdisjoint(
        head.csv_header
    )


READER = BareQueriesReader()
