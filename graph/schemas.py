"""Columns of every ledger table, as Arrow schemas. The one place where they are named.

Times are integer microseconds since 1970 in UTC (`..._us` or `..._at`). Keys are 63-bit integers (`graph.keys`).
Positions are 1-based. JSON columns (`extra`) hold what a format had and these columns lack.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

TEXT: Final = pa.string()
TEXTS: Final = pa.list_(pa.string())
INT: Final = pa.int64()

UNDATED: Final = "undated"
"""Value of `event_date` for rows without a time."""

PROVENANCE: Final = (
    pa.field("source", TEXT),  # name of the file or service that brought the row
    pa.field("source_row", INT),  # its line or row there, counted from 1
    pa.field("content_hash", INT),  # identity of the row: of its event id where it has one, else of its content
    pa.field("ingested_at", INT),
)

SHOWN: Final = pa.list_(pa.struct([pa.field("position", pa.int32()), pa.field("object_key", INT)]))

ARTIFACTS: Final = pa.schema(
    [
        pa.field("artifact_id", TEXT),
        pa.field("name", TEXT),
        pa.field("type", TEXT),
        pa.field("url", TEXT),
        pa.field("description", TEXT),
        pa.field("license", TEXT),
        pa.field("vendor", TEXT),
        pa.field("pricing_model", TEXT),  # free, freemium, paid, open_source, unknown, or null
        pa.field("price", TEXT),  # as printed, for example "$10 per month"
        pa.field("tags", TEXTS),
        pa.field("downloads", INT),
        pa.field("likes", INT),
        pa.field("stars", INT),
        pa.field("created_at", INT),
        pa.field("updated_at", INT),  # when the artifact itself last changed
        pa.field("status", TEXT),
        pa.field("revised_at", INT),  # when this record was written, if it says so
        pa.field("extra", TEXT),
        *PROVENANCE,
    ]
)

CAPABILITIES: Final = pa.schema(
    [
        pa.field("capability_id", TEXT),
        pa.field("artifact_id", TEXT),
        pa.field("name", TEXT),
        pa.field("description", TEXT),
        pa.field("unique", TEXT),
        pa.field("vs_alternatives", TEXT),
        pa.field("intents", TEXTS),
        pa.field("best_for", TEXTS),
        pa.field("limitations", TEXTS),
        pa.field("requires", TEXTS),
        pa.field("input_types", TEXTS),
        pa.field("output_types", TEXTS),
        pa.field("parameters", TEXTS),  # names only; their full text is in extra
        pa.field("tags", TEXTS),
        pa.field("uri", TEXT),  # capability:// URI of its concept, if stated
        pa.field("revised_at", INT),
        pa.field("extra", TEXT),
        *PROVENANCE,
    ]
)

SEARCHES: Final = pa.schema(
    [
        pa.field("search_key", INT),
        pa.field("search_id", TEXT),
        pa.field("application", TEXT),
        pa.field("kind", TEXT),  # log, judged or bare
        pa.field("ts_us", INT),
        pa.field("event_date", TEXT),  # YYYY-MM-DD in UTC, or "undated"; the partition
        pa.field("client_key", INT),
        pa.field("session_key", INT),  # of application and session: session ids of two applications may be equal
        pa.field("bare_session_key", INT),  # of the session id alone
        pa.field("network_key", INT),  # of the /24 or /48 that the row's IP address lies in, where it has one
        pa.field("actor", TEXT),  # human, agent or bot
        pa.field("query_text", TEXT),  # as typed, personal data masked
        pa.field("query_norm", TEXT),  # graph.text.normalise_query of it
        pa.field("text_key", INT),  # stable_key of query_norm
        pa.field("hits", TEXTS),  # object ids as returned, in rank order
        pa.field("shown", SHOWN),  # the same as keys with 1-based positions, each once at its best, for the job
        pa.field("object_field", TEXT),
        pa.field("extra", TEXT),
        *PROVENANCE,
    ]
)

EVENTS: Final = pa.schema(
    [
        pa.field("search_key", INT),
        pa.field("search_id", TEXT),
        pa.field("application", TEXT),
        pa.field("action", TEXT),  # kind of event, see graph.vocabulary
        pa.field("action_name", TEXT),  # as logged
        pa.field("ts_us", INT),
        pa.field("event_date", TEXT),
        pa.field("client_key", INT),
        pa.field("session_key", INT),
        pa.field("bare_session_key", INT),
        pa.field("network_key", INT),
        pa.field("actor", TEXT),
        pa.field("object_id", TEXT),
        pa.field("object_key", INT),
        pa.field("object_field", TEXT),
        pa.field("position", pa.int32()),  # 1-based; null when unknown or not shown
        pa.field("dwell_seconds", pa.float64()),
        pa.field("value", pa.float64()),  # grade of a judgment, value of a feedback
        pa.field("worked", pa.bool_()),  # whether the call or use went through, where the log says so
        pa.field("query_text", TEXT),  # UBI events may repeat it; personal data masked
        pa.field("extra", TEXT),
        *PROVENANCE,
    ]
)

OUTCOMES: Final = pa.schema(
    [
        pa.field("session_key", INT),  # null where the outcome names no application
        pa.field("bare_session_key", INT),
        pa.field("search_key", INT),
        pa.field("object_id", TEXT),
        pa.field("object_key", INT),
        pa.field("outcome", TEXT),  # success or failure
        pa.field("judge", TEXT),
        pa.field("kind", TEXT),  # human, llm or callback
        pa.field("ts_us", INT),
        pa.field("event_date", TEXT),
        pa.field("extra", TEXT),
        *PROVENANCE,
    ]
)

QUARANTINE: Final = pa.schema(
    [
        pa.field("format", TEXT),
        pa.field("code", TEXT),  # short name of the reason, stable
        pa.field("reason", TEXT),
        pa.field("remedy", TEXT),
        pa.field("raw", TEXT),  # the row itself, personal data masked, client ids hashed
        pa.field("raw_bytes", INT),  # its length as it came
        pa.field("client_key", INT),
        pa.field("actor", TEXT),  # who acted if the row does not say, as told at the import
        *PROVENANCE,
    ]
)

SOURCES: Final = pa.schema(
    [
        pa.field("file_hash", TEXT),  # SHA-256 of the bytes and the format, in hexadecimal
        pa.field("format", TEXT),
        pa.field("rows", INT),
        pa.field("accepted", INT),
        pa.field("duplicates", INT),
        pa.field("quarantined", INT),
        pa.field("notes", TEXT),  # JSON list of {code, text, count}
        *PROVENANCE,
    ]
)

LEDGER_TABLES: Final = {
    "artifacts": ARTIFACTS,
    "capabilities": CAPABILITIES,
    "searches": SEARCHES,
    "events": EVENTS,
    "outcomes": OUTCOMES,
    "quarantine": QUARANTINE,
    "sources": SOURCES,
}

PARTITION_COLUMN: Final = {"searches": "event_date", "events": "event_date"}


def content_schema(table: str) -> pa.Schema:
    """Return the columns of a ledger table without its provenance."""
    names = {field.name for field in PROVENANCE}
    return pa.schema([field for field in LEDGER_TABLES[table] if field.name not in names])
