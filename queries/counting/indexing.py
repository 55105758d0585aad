"""Looking over the log before it is counted: from what is seen of its files (`queries.counting.seen_log`)."""

from __future__ import annotations

from collections import defaultdict

import narwhals as nw

from queries.counting.engine import Engine, Frame
from queries.counting.kept_counts import KeptCounts
from queries.counting.kept_index import KeptIndex
from queries.counting.log_index import LATEST_US, LogIndex
from queries.counting.orphans import adopt_orphans
from queries.counting.seen_log import Seen, counted_searches, look_at, not_future


def index_log(engine: Engine, now_us: int, kept: KeptCounts | None = None) -> LogIndex:
    """Look over the log as of `now_us` (microseconds since 1970). `kept`: where what was seen before is found."""
    seen_before = None if kept is None else KeptIndex(kept, engine)
    searches, events, before = (
        (engine.table("searches"), engine.table("events"), None) if seen_before is None else seen_before.split(now_us)
    )
    seen, placed = look_at(engine, now_us, searches, events, before)
    future = _future_dates(engine, searches, now_us) | _future_dates(engine, events, now_us)
    if seen_before is not None and not future:
        seen_before.keep(seen)
    adopted = adopt_orphans(engine.arrow(seen.orphans).drop_columns(["named"]))
    counts, links = _dates(engine, seen, placed)
    for date, date_of_event in adopted.dates():
        counts.setdefault(date, 0)
        links[date].add(date_of_event)
    return LogIndex(
        now_us,
        counts,
        {date: frozenset(links[date]) for date in counts},
        future,
        engine.arrow(repeated_records(seen.records, now_us)),
        adopted,
        {
            **seen.left_out,
            "orphan_events": _total(engine, placed.filter(nw.col("search_date").is_null()), "events"),
            "adopted_events": adopted.events.num_rows,
        },
    )


def repeated_records(records: Frame, now_us: int) -> Frame:
    """Return of several records of one search all but the earliest: search_key, content_hash, event_date.

    Of equally early ones the first by text, source and row counts. The content hash decides last: it depends on the
    home's secret, the other columns do not.
    """
    order = ["at", "text_key", "source", "source_row", "content_hash"]
    candidates = counted_searches(records, now_us).with_columns(nw.col("ts_us").fill_null(LATEST_US).alias("at"))
    place = nw.col("content_hash").cum_count().over("search_key", order_by=order)
    later = candidates.select("search_key", "event_date", *order).with_columns(place.alias("record"))
    return later.filter(nw.col("record") > 1).select("search_key", "content_hash", "event_date")


def _dates(engine: Engine, seen: Seen, placed: Frame) -> tuple[dict[str, int], dict[str, set[str]]]:
    """Return the number of records of each date with searches, and the dates with events that may be theirs."""
    rows = engine.arrow(seen.dates).to_pylist()
    counts = {row["event_date"]: row["searches"] for row in rows if row["searches"]}
    links: dict[str, set[str]] = defaultdict(
        set, {row["event_date"]: {row["event_date"]} for row in rows if row["events"]}
    )
    found = engine.arrow(placed.select("search_date", "event_date").unique())
    for search_date, date in zip(found["search_date"].to_pylist(), found["event_date"].to_pylist(), strict=True):
        links[search_date].add(date)
    return counts, links


def _future_dates(engine: Engine, rows: Frame, now_us: int) -> frozenset[str]:
    dates = rows.filter(~not_future(now_us)).select("event_date").unique()
    return frozenset(engine.arrow(dates)["event_date"].to_pylist())


def _total(engine: Engine, rows: Frame, column: str) -> int:
    found = engine.arrow(rows.select(nw.col(column).sum().cast(nw.Int64)))[column][0].as_py()
    return int(found or 0)
