"""Events whose search was never recorded: where they carry the query text, that text serves as the search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from graph.keys import combine_keys, stable_key
from graph.schemas import INT, TEXT
from graph.text import normalise_query

_DAY_US: Final = 86_400_000_000

_SEARCHES: Final = pa.schema(
    [
        pa.field("search_key", INT),
        pa.field("content_hash", INT),
        pa.field("text_key", INT),
        pa.field("ts_us", INT),
        pa.field("event_date", TEXT),
        pa.field("client_key", INT),
        pa.field("session_key", INT),
    ]
)
_EVENTS: Final = pa.schema([pa.field("content_hash", INT), pa.field("search_key", INT), pa.field("event_date", TEXT)])
_TEXTS: Final = pa.schema([pa.field("text_key", INT), pa.field("text", TEXT)])


@dataclass(frozen=True)
class Adopted:
    """Searches made up for orphan events."""

    searches: pa.Table
    """One row for each such search: search_key, content_hash, text_key, ts_us, event_date, client_key, session_key."""
    events: pa.Table
    """content_hash of the event, search_key of its search, event_date of the event."""
    texts: pa.Table
    """text_key, text: their normalised query texts."""

    def dates(self) -> set[tuple[str, str]]:
        """Return the date of every adopted search with the dates of its events."""
        date_of = dict(_columns(self.searches, "search_key", "event_date"))
        return {(date_of[key], date) for key, date in _columns(self.events, "search_key", "event_date")}


def adopt_orphans(orphans: pa.Table) -> Adopted:
    """Make searches for orphan events that carry a query text.

    `orphans`: content_hash, search_key, query_text, ts_us, event_date, client_key, session_key. Events that name a
    search share it, with the text of the earliest of them. Events that name none share one for each client, session,
    day and text.
    """
    rows = [_with_text(row) for row in orphans.to_pylist()]
    rows = [row for row in rows if row["text"]]
    _name_searches(rows)
    rows.sort(key=_order)
    first: dict[int, dict[str, Any]] = {}
    for row in rows:
        first.setdefault(row["search_key"], row)
    texts = {row["text_key"]: row["text"] for row in first.values()}
    return Adopted(
        searches=pa.Table.from_pylist(list(first.values()), _SEARCHES),
        events=pa.Table.from_pylist(rows, _EVENTS),
        texts=pa.table({"text_key": list(texts), "text": list(texts.values())}, _TEXTS),
    )


def _columns(table: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def _with_text(row: dict[str, Any]) -> dict[str, Any]:
    text = normalise_query(row["query_text"])
    return {**row, "text": text, "text_key": stable_key(text)}


def _order(row: dict[str, Any]) -> tuple[int, bool, int, int, int]:
    undated = row["ts_us"] is None
    return row["search_key"], undated, 0 if undated else row["ts_us"], row["text_key"], row["content_hash"]


def _name_searches(rows: list[dict[str, Any]]) -> None:
    """Give rows without a search key one made of who, when and what was asked."""
    nameless = [row for row in rows if row["search_key"] is None]
    if not nameless:
        return
    parts = {
        "client": [row["client_key"] or 0 for row in nameless],
        "session": [row["session_key"] or 0 for row in nameless],
        "day": [-1 if row["ts_us"] is None else row["ts_us"] // _DAY_US for row in nameless],
        "text": [row["text_key"] for row in nameless],
    }
    keys = combine_keys({name: np.array(values, np.int64) for name, values in parts.items()})
    for row, key in zip(nameless, keys.tolist(), strict=True):
        row["search_key"] = key
