"""What was seen of the log: the few rows of some of its files that say, with the files that came since, what all say.

Nearly every search is recorded once, and its events lie on its own date. Only what is otherwise must be looked at
together, so of files seen before it is enough to know

- the searches that have several records, with these records,
- the events that lie elsewhere than on the date of their search's only record,
- the events of searches that nobody recorded, where they carry a text,

and to look up in their narrowest column the searches that new files name. Counting rows of all files is counting on
from nothing: the same few frames, with nothing seen before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import narwhals as nw

from graph.vocabulary import ACTIONS
from queries.counting.engine import Engine, Frame

NAMELESS: Final = 0
"""Stands for the search of events that name none; no key is zero."""

RECORD: Final = (
    *("search_key", "event_date", "ts_us", "text_key", "source", "source_row", "content_hash"),
    *("actor", "query_norm"),
)
ORPHAN: Final = (
    *("named", "content_hash", "search_key", "query_text", "ts_us", "event_date", "client_key", "session_key"),
)
LEFT_OUT: Final = ("bot_searches", "future_searches", "searches_without_words", "bot_events", "future_events")
TABLES: Final = ("again", "records", "elsewhere", "orphans", "dates")


@dataclass(frozen=True)
class Seen:
    """What is known of some files."""

    again: Frame
    """search_key: searches with several records."""
    records: Frame
    """`RECORD`: the records of these."""
    elsewhere: Frame
    """search_key (`NAMELESS` if none), event_date, events: those not on the date of their search's only record."""
    orphans: Frame
    """`ORPHAN`: events with a text whose search nobody recorded; `named` is their search_key or `NAMELESS`."""
    dates: Frame
    """event_date, searches (records), events (that count)."""
    left_out: Mapping[str, int]
    """`LEFT_OUT`: so many rows do not count."""
    latest_us: int
    """The latest time of any row."""


@dataclass(frozen=True)
class Before:
    """Files that were seen before, all of whose rows lie in the past."""

    seen: Seen
    searches: Frame
    events: Frame
    """Their rows."""


def look_at(engine: Engine, now_us: int, searches: Frame, events: Frame, before: Before | None) -> tuple[Seen, Frame]:
    """See the rows of files, and of those seen `before` if there are any; frames are kept by the engine.

    Also returns where the events that lie elsewhere belong: search_key, event_date, events, search_date (null: nobody
    recorded the search). A search that was recorded as a bot's or a future one is recorded all the same.
    """
    counted = counted_events(events, now_us)
    if before is None:
        known = searches.select("search_key", "event_date")
        again = engine.materialise("recorded_again", _recorded_again(known))
        elsewhere = _not_beside(counted, known, again)
        records, lately = searches.join(again, on="search_key", how="semi").select(*RECORD), None
    else:
        known = engine.materialise("known", _known(before, searches, counted))
        again = nw.concat([before.seen.again, _recorded_again(known)]).unique()
        again = engine.materialise("recorded_again", again)
        lately = engine.materialise("lately_again", again.join(before.seen.again, on="search_key", how="anti"))
        lately = lately if engine.arrow(lately).num_rows else None
        elsewhere = _still_elsewhere(before, searches, again, lately, now_us)
        elsewhere = nw.concat([elsewhere, _not_beside(counted, known, again)])
        records = searches.join(again, on="search_key", how="semi").select(*RECORD)
        records = nw.concat([before.seen.records, records])
        if lately is not None:
            records = nw.concat([records, before.searches.join(lately, on="search_key", how="semi").select(*RECORD)])
    summed = elsewhere.group_by("search_key", "event_date").agg(nw.col("events").sum().cast(nw.Int64))
    elsewhere = engine.materialise("elsewhere", summed)
    placed = elsewhere.join(known.rename({"event_date": "search_date"}), on="search_key", how="left")
    placed = engine.materialise("placed", placed)
    orphans = _told(counted)
    if before is not None:
        orphans = nw.concat([before.seen.orphans, orphans])
    lost = placed.filter(nw.col("search_date").is_null()).select(nw.col("search_key").alias("named")).unique()
    left_out, latest_us = _left_out(engine, searches, events, now_us)
    if before is not None:
        left_out = {name: count + before.seen.left_out[name] for name, count in left_out.items()}
        latest_us = max(latest_us, before.seen.latest_us)
    found = Seen(
        again,
        engine.materialise("records_again", records),
        elsewhere,
        engine.materialise("orphans", orphans.join(lost, on="named", how="semi")),
        engine.materialise("dates", _dates(searches, counted, before)),
        left_out,
        latest_us,
    )
    return found, placed


def counted_searches(searches: Frame, now_us: int) -> Frame:
    """Leave out bots, future rows and searches without words."""
    return searches.filter(_not_bot() & not_future(now_us) & has_words())


def counted_events(events: Frame, now_us: int) -> Frame:
    """Leave out bots, future rows, events on nothing and actions that are no evidence."""
    wanted = nw.col("action").is_in(ACTIONS) & ~nw.col("object_key").is_null()
    return events.filter(_not_bot() & not_future(now_us) & wanted)


def not_future(now_us: int) -> nw.Expr:
    """Say whether a row has no time or one up to `now_us`."""
    return nw.col("ts_us").is_null() | (nw.col("ts_us") <= now_us)


def has_words() -> nw.Expr:
    """Say whether a search has a query text."""
    return nw.col("query_norm").fill_null("") != ""


def _known(before: Before, searches: Frame, counted: Frame) -> Frame:
    """Return all records of the searches that new rows are about, or events seen before that lie elsewhere."""
    recorded = searches.select("search_key", "event_date")
    about = nw.concat([rows.select("search_key") for rows in (recorded, counted, before.seen.elsewhere)]).unique()
    old = before.searches.select("search_key", "event_date").join(about, on="search_key", how="semi")
    return nw.concat([old, recorded])


def _recorded_again(known: Frame) -> Frame:
    """Return the searches with several records: search_key. They are few."""
    records = known.group_by("search_key").agg(nw.len().alias("records"))
    return records.filter(nw.col("records") > 1).select("search_key")


def _not_beside(events: Frame, known: Frame, again: Frame) -> Frame:
    """Count events that do not lie on the date of their search's only record: search_key, event_date, events."""
    once = known.join(again, on="search_key", how="anti")
    return _counted(events.select("search_key", "event_date").join(once, on=["search_key", "event_date"], how="anti"))


def _still_elsewhere(before: Before, searches: Frame, again: Frame, lately: Frame | None, now_us: int) -> Frame:
    """Of events seen before: those that new records leave elsewhere, and all of searches that have several since.

    `lately`: search_key of searches that have several records since, None if there are none.
    """
    once = searches.select("search_key", "event_date").join(again, on="search_key", how="anti")
    left = before.seen.elsewhere.join(once, on=["search_key", "event_date"], how="anti")
    if lately is None:
        return left
    events = counted_events(before.events, now_us).select("search_key", "event_date")
    moved = _counted(events.join(lately, on="search_key", how="semi"))
    return nw.concat([left.join(lately, on="search_key", how="anti"), moved])


def _counted(events: Frame) -> Frame:
    named = events.with_columns(nw.col("search_key").fill_null(NAMELESS))
    return named.group_by("search_key", "event_date").agg(nw.len().cast(nw.Int64).alias("events"))


def _told(events: Frame) -> Frame:
    """Return the events that carry a query text: `ORPHAN`."""
    told = events.filter(~nw.col("query_text").is_null())
    return told.with_columns(nw.col("search_key").fill_null(NAMELESS).alias("named")).select(*ORPHAN)


def _dates(searches: Frame, counted: Frame, before: Before | None) -> Frame:
    one, none = nw.len().cast(nw.Int64), nw.lit(0).cast(nw.Int64)
    columns = ("event_date", "searches", "events")
    parts = [
        searches.group_by("event_date").agg(one.alias("searches")).with_columns(none.alias("events")).select(*columns),
        counted.group_by("event_date").agg(one.alias("events")).with_columns(none.alias("searches")).select(*columns),
    ]
    if before is not None:
        parts.append(before.seen.dates.select(*columns))
    return nw.concat(parts).group_by("event_date").agg(*(nw.col(name).sum().cast(nw.Int64) for name in columns[1:]))


def _left_out(engine: Engine, searches: Frame, events: Frame, now_us: int) -> tuple[dict[str, int], int]:
    """Count the rows that do not count, by reason; and the latest time of all rows."""
    found: dict[str, int] = {}
    latest = 0
    for rows, name, more in ((searches, "searches", {"searches_without_words": ~has_words()}), (events, "events", {})):
        conditions = {f"bot_{name}": ~_not_bot(), f"future_{name}": ~not_future(now_us), **more}
        sums = [held.cast(nw.Int64).sum().cast(nw.Int64).alias(key) for key, held in conditions.items()]
        row = engine.arrow(rows.select(*sums, nw.col("ts_us").max().alias("latest"))).to_pylist()[0]
        found |= {key: row[key] or 0 for key in conditions}
        latest = max(latest, row["latest"] or 0)
    return {name: found[name] for name in LEFT_OUT}, latest


def _not_bot() -> nw.Expr:
    return nw.col("actor").fill_null("human") != "bot"
