"""What must be known of the whole log before a part of it can be counted: one pass over its narrow columns.

Which records of a search do not count because an earlier one does, which events belong to no recorded search, and on
which dates the events of a date's searches lie. Everything else is counted date by date.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import pyarrow as pa

from graph.vocabulary import ACTIONS
from queries.counting.engine import Engine, Frame
from queries.counting.orphans import Adopted, adopt_orphans

NAMELESS: Final = 0
"""Stands for the search of events that name none; no key is zero."""

LATEST_US: Final = (1 << 62) - 1


@dataclass(frozen=True)
class LogIndex:
    """Where everything lies, and what is left out."""

    now_us: int
    searches: Mapping[str, int]
    """How many records of searches each date has; dates with adopted ones only are there too."""
    event_dates: Mapping[str, frozenset[str]]
    """For each date with searches: the dates on which their events lie."""
    future_dates: frozenset[str]
    """Dates on which something lies that a later `now` would count."""
    repeated: pa.Table
    """search_key, content_hash, event_date: records that do not count, as another one of their search does."""
    adopted: Adopted
    """Searches made up for events whose search nobody recorded."""
    report: dict[str, int]
    """What was left out, by reason."""


def index_log(engine: Engine, now_us: int) -> LogIndex:
    """Look over the log as of `now_us` (microseconds since 1970)."""
    searches, events = engine.table("searches"), engine.table("events")
    counted = counted_events(events, now_us)
    again = engine.materialise("recorded_again", recorded_again(searches))
    placed = engine.materialise("placed", placed_events(counted, searches, again))
    lost = engine.materialise("lost", placed.filter(nw.col("search_date").is_null()).drop("search_date"))
    adopted = adopt_orphans(engine.arrow(orphans_with_text(counted, lost)))
    dates = engine.arrow(searches.group_by("event_date").agg(nw.len().cast(nw.Int64).alias("n")))
    counts = dict(zip(dates["event_date"].to_pylist(), dates["n"].to_pylist(), strict=True))
    links = _links(engine, counted, placed)
    for date, date_of_event in adopted.dates():
        counts.setdefault(date, 0)
        links[date].add(date_of_event)
    return LogIndex(
        now_us,
        counts,
        {date: frozenset(links[date]) for date in counts},
        _future_dates(engine, searches, now_us) | _future_dates(engine, events, now_us),
        engine.arrow(repeated_records(searches, again, now_us)),
        adopted,
        {
            **_left_out(engine, searches, now_us, "searches", searches_without_words=~has_words()),
            **_left_out(engine, events, now_us, "events"),
            "orphan_events": _total(engine, lost, "events"),
            "adopted_events": adopted.events.num_rows,
        },
    )


def counted_searches(searches: Frame, now_us: int) -> Frame:
    """Leave out bots, future rows and searches without words."""
    return searches.filter(_not_bot() & not_future(now_us) & has_words())


def counted_events(events: Frame, now_us: int) -> Frame:
    """Leave out bots, future rows, events on nothing and actions that are no evidence."""
    wanted = nw.col("action").is_in(ACTIONS) & ~nw.col("object_key").is_null()
    return events.filter(_not_bot() & not_future(now_us) & wanted)


def recorded_again(searches: Frame) -> Frame:
    """Return the searches with several records: search_key. They are few."""
    records = searches.group_by("search_key").agg(nw.len().alias("records"))
    return records.filter(nw.col("records") > 1).select("search_key")


def placed_events(events: Frame, searches: Frame, again: Frame) -> Frame:
    """Count events by search, date of the event and date of the search (null: nobody recorded it).

    Left out is what lies where nearly all events do, on the date of their search's only record. `again`: from
    `recorded_again`. A search that was recorded as a bot's or a future one is recorded all the same. Events without a
    search: `NAMELESS`.
    """
    recorded = searches.select("search_key", "event_date")
    once = recorded.join(again, on="search_key", how="anti")
    elsewhere = events.select("search_key", "event_date").join(once, on=["search_key", "event_date"], how="anti")
    named = elsewhere.with_columns(nw.col("search_key").fill_null(NAMELESS))
    counts = named.group_by("search_key", "event_date").agg(nw.len().cast(nw.Int64).alias("events"))
    return counts.join(recorded.rename({"event_date": "search_date"}), on="search_key", how="left")


def orphans_with_text(events: Frame, lost: Frame) -> Frame:
    """Return the events of lost searches that carry a query text."""
    told = events.filter(~nw.col("query_text").is_null()).with_columns(
        nw.col("search_key").fill_null(NAMELESS).alias("named")
    )
    names = lost.select(nw.col("search_key").alias("named")).unique()
    return told.join(names, on="named", how="inner").select(
        "content_hash", "search_key", "query_text", "ts_us", "event_date", "client_key", "session_key"
    )


def repeated_records(searches: Frame, again: Frame, now_us: int) -> Frame:
    """Return of several records of one search all but the earliest: search_key, content_hash, event_date.

    Of equally early ones the first by text, source and row counts. The content hash decides last: it depends on the
    home's secret, the other columns do not.
    """
    order = ["at", "text_key", "source", "source_row", "content_hash"]
    records = searches.join(again, on="search_key", how="inner")
    candidates = counted_searches(records, now_us).with_columns(nw.col("ts_us").fill_null(LATEST_US).alias("at"))
    place = nw.col("content_hash").cum_count().over("search_key", order_by=order)
    later = candidates.select("search_key", "event_date", *order).with_columns(place.alias("record"))
    return later.filter(nw.col("record") > 1).select("search_key", "content_hash", "event_date")


def _links(engine: Engine, events: Frame, placed: Frame) -> dict[str, set[str]]:
    """Return for each date of searches the dates with events that may be theirs, its own among them."""
    dates = engine.arrow(events.select("event_date").unique())["event_date"].to_pylist()
    found = engine.arrow(placed.select("search_date", "event_date").unique())
    links: dict[str, set[str]] = defaultdict(set, {date: {date} for date in dates})
    for search_date, date in zip(found["search_date"].to_pylist(), found["event_date"].to_pylist(), strict=True):
        links[search_date].add(date)
    return links


def _future_dates(engine: Engine, rows: Frame, now_us: int) -> frozenset[str]:
    dates = rows.filter(~not_future(now_us)).select("event_date").unique()
    return frozenset(engine.arrow(dates)["event_date"].to_pylist())


def _left_out(engine: Engine, rows: Frame, now_us: int, name: str, **more: nw.Expr) -> dict[str, int]:
    """Count the rows of bots and of the future, and those of further conditions."""
    conditions = {f"bot_{name}": ~_not_bot(), f"future_{name}": ~not_future(now_us), **more}
    sums = [found.cast(nw.Int64).sum().cast(nw.Int64).alias(key) for key, found in conditions.items()]
    counted = engine.arrow(rows.select(*sums)).to_pylist()[0]
    return {key: counted[key] or 0 for key in conditions}


def _not_bot() -> nw.Expr:
    return nw.col("actor").fill_null("human") != "bot"


def not_future(now_us: int) -> nw.Expr:
    """Say whether a row has no time or one up to `now_us`."""
    return nw.col("ts_us").is_null() | (nw.col("ts_us") <= now_us)


def has_words() -> nw.Expr:
    """Say whether a search has a query text."""
    return nw.col("query_norm").fill_null("") != ""


def _total(engine: Engine, rows: Frame, column: str) -> int:
    found = engine.arrow(rows.select(nw.col(column).sum().cast(nw.Int64)))[column][0].as_py()
    return int(found or 0)
