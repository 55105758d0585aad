"""Which searches count, and which search each event belongs to.

Left out: bots, rows dated after `now`, searches without words, and of several records of one search all but the
first. Rows without a time always count. Every number of the job starts from the frames made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import narwhals as nw
import pyarrow as pa

from graph.vocabulary import ACTIONS, IMPRESSION
from queries.engine import Engine, Frame
from queries.orphans import adopt_orphans
from queries.outcome_sessions import is_ambiguous, sessions_of, with_sessions

DAY_US: Final = 86_400_000_000
UNDATED_DAY: Final = -1
"""Day of rows without a time."""

ANONYMOUS: Final = 0
"""Client of searches that carry neither client nor session: together one client for each day."""

NAMELESS: Final = 0
"""Stands for the search of events that name none; no key is zero."""

LATEST_US: Final = (1 << 62) - 1


@dataclass(frozen=True)
class SearchLog:
    """The part of the ledger that counts, as frames of one engine."""

    searches: Frame
    """search_key, content_hash, text_key, ts_us, client_key, session_key, kind, hits (how many): one row for each
    search."""
    impressions: Frame
    """search_key, object_key, object_id, position: what events say was shown. Read from the ledger at every use."""
    acts: Frame
    """search_key, object_key, object_id, action, action_name, value, worked, ts_us, client_key, session_key: all
    other events on an object."""
    active: Frame
    """search_key, events, impressions: how many events each search has, and how many impressions among them."""
    outcomes: Frame
    """session_key, search_key, object_key, outcome, judge, kind."""
    texts: pa.Table
    """text_key, text: the distinct normalised query texts."""
    report: dict[str, int]
    """What was left out, by reason."""


def read_search_log(engine: Engine, now_us: int) -> SearchLog:
    """Clean searches and events as of `now_us` (microseconds since 1970)."""
    raw_searches, raw_events = engine.table("searches"), engine.table("events")
    searches = engine.materialise("clean_searches", first_records(counted_searches(raw_searches, now_us)))
    events = counted_events(raw_events, now_us)
    active = engine.materialise("active", active_searches(events))
    lost = engine.materialise("lost", orphan_searches(active, raw_searches))
    adopted = adopt_orphans(engine.arrow(orphans_with_text(events, lost)))
    texts = engine.arrow(query_texts(raw_searches, searches))
    if adopted.searches.num_rows:
        searches = with_adopted_searches(searches, engine.register("adopted_searches", adopted.searches))
        searches = engine.materialise("all_searches", searches)
        events = with_adopted_events(events, engine.register("adopted_events", adopted.events))
        active = engine.materialise("all_active", active_searches(events))
        texts = _union_of_texts(texts, adopted.texts)
    shown = nw.col("action") == IMPRESSION
    impressions = events.filter(shown).select("search_key", "object_key", "object_id", "position")
    acts = engine.materialise("acts", events.filter(~shown).drop("content_hash", "query_text", "position"))
    outcomes = engine.materialise("outcomes", _outcomes_of_sessions(engine, now_us))
    report = {
        **_left_out(engine, raw_searches, now_us, "searches", searches_without_words=~_has_words()),
        **_left_out(engine, raw_events, now_us, "events"),
        "orphan_events": total(engine, lost, "events"),
        "adopted_events": adopted.events.num_rows,
        "ambiguous_outcomes": engine.arrow(outcomes.filter(is_ambiguous()).select("judge")).num_rows,
    }
    return SearchLog(searches, impressions, acts, active, outcomes, texts, report)


def _outcomes_of_sessions(engine: Engine, now_us: int) -> Frame:
    told = engine.table("outcomes").filter(_not_future(now_us))
    return with_sessions(told, sessions_of(engine.table("searches"), engine.table("events"), told))


def _left_out(engine: Engine, rows: Frame, now_us: int, name: str, **more: nw.Expr) -> dict[str, int]:
    """Count the rows of bots and of the future, and those of further conditions."""
    conditions = {f"bot_{name}": ~_not_bot(), f"future_{name}": ~_not_future(now_us), **more}
    sums = [found.cast(nw.Int64).sum().cast(nw.Int64).alias(key) for key, found in conditions.items()]
    counted = engine.arrow(rows.select(*sums)).to_pylist()[0]
    return {key: counted[key] or 0 for key in conditions}


def counted_searches(searches: Frame, now_us: int) -> Frame:
    """Leave out bots, future rows and searches without words."""
    kept = searches.filter(_not_bot() & _not_future(now_us) & _has_words())
    return kept.select(
        "search_key",
        "content_hash",
        "text_key",
        "ts_us",
        "client_key",
        "session_key",
        nw.col("kind").fill_null("log").alias("kind"),
        nw.col("shown").list.len().fill_null(0).cast(nw.Int64).alias("hits"),
        "source",
        "source_row",
    )


def first_records(searches: Frame) -> Frame:
    """Keep of several records of one search the earliest; of equally early ones the first by text, source and row.

    The content hash decides last: it depends on the home's secret, the other columns do not.
    """
    again = searches.group_by("search_key").agg(nw.len().alias("records")).filter(nw.col("records") > 1)
    candidates = searches.join(again.select("search_key"), on="search_key", how="inner")
    order = ["at", "text_key", "source", "source_row", "content_hash"]
    dated = candidates.with_columns(nw.col("ts_us").fill_null(LATEST_US).alias("at")).select("search_key", *order)
    place = nw.col("content_hash").cum_count().over("search_key", order_by=order)
    later = dated.with_columns(place.alias("record")).filter(nw.col("record") > 1)
    kept = searches.join(later.select("search_key", "content_hash"), on=["search_key", "content_hash"], how="anti")
    return kept.drop("source", "source_row")


def counted_events(events: Frame, now_us: int) -> Frame:
    """Leave out bots, future rows, events on nothing and actions that are no evidence."""
    wanted = nw.col("action").is_in(ACTIONS) & ~nw.col("object_key").is_null()
    return events.filter(_not_bot() & _not_future(now_us) & wanted).select(
        "search_key",
        "content_hash",
        "action",
        "action_name",
        "object_key",
        "object_id",
        nw.col("position").cast(nw.Int64).alias("position"),
        "value",
        "worked",
        "ts_us",
        "client_key",
        "session_key",
        "query_text",
    )


def active_searches(events: Frame) -> Frame:
    """Count the events of each search: search_key, events, impressions. Events without a search: `NAMELESS`."""
    named = events.select(
        nw.col("search_key").fill_null(NAMELESS), (nw.col("action") == IMPRESSION).cast(nw.Int64).alias("shown")
    )
    return named.group_by("search_key").agg(
        nw.len().cast(nw.Int64).alias("events"), nw.col("shown").sum().cast(nw.Int64).alias("impressions")
    )


def orphan_searches(active: Frame, searches: Frame) -> Frame:
    """Return the searches that events name and nobody recorded (not even as a bot's or a future one).

    `active` from `active_searches`. Columns: search_key, events.
    """
    return active.select("search_key", "events").join(searches.select("search_key"), on="search_key", how="anti")


def orphans_with_text(events: Frame, lost: Frame) -> Frame:
    """Return the events of lost searches that carry a query text."""
    told = events.filter(~nw.col("query_text").is_null()).with_columns(
        nw.col("search_key").fill_null(NAMELESS).alias("named")
    )
    names = lost.select(nw.col("search_key").alias("named"))
    return told.join(names, on="named", how="inner").select(
        "content_hash", "search_key", "query_text", "ts_us", "client_key", "session_key"
    )


def query_texts(raw_searches: Frame, searches: Frame) -> Frame:
    """Return the distinct normalised texts of the searches that count: text_key, text."""
    texts = raw_searches.filter(_has_words()).group_by("text_key").agg(nw.col("query_norm").min().alias("text"))
    return texts.join(searches.select("text_key").unique(), on="text_key", how="inner")


def with_adopted_searches(searches: Frame, adopted: Frame) -> Frame:
    """Add the searches that stand for orphan events with a query text."""
    return nw.concat([searches, adopted.select(*searches.collect_schema().names())])


def with_adopted_events(events: Frame, adopted: Frame) -> Frame:
    """Point orphan events to the searches that stand for theirs."""
    renamed = adopted.select("content_hash", nw.col("search_key").alias("adopted_key"))
    joined = events.join(renamed, on="content_hash", how="left")
    return joined.with_columns(nw.coalesce("adopted_key", "search_key").alias("search_key")).drop("adopted_key")


def day_of(ts_us: nw.Expr) -> nw.Expr:
    """Return the UTC day number of a time; `UNDATED_DAY` where there is none or it lies before 1970."""
    return nw.when(ts_us >= 0).then(ts_us // DAY_US).otherwise(nw.lit(UNDATED_DAY)).cast(nw.Int64)


def _not_bot() -> nw.Expr:
    return nw.col("actor").fill_null("human") != "bot"


def _not_future(now_us: int) -> nw.Expr:
    return nw.col("ts_us").is_null() | (nw.col("ts_us") <= now_us)


def _has_words() -> nw.Expr:
    return nw.col("query_norm").fill_null("") != ""


def total(engine: Engine, rows: Frame, column: str) -> int:
    """Add up an integer column."""
    found = engine.arrow(rows.select(nw.col(column).sum().cast(nw.Int64)))[column][0].as_py()
    return int(found or 0)


def _union_of_texts(texts: pa.Table, more: pa.Table) -> pa.Table:
    both = pa.concat_tables([texts.cast(more.schema), more])
    return both.group_by("text_key").aggregate([("text", "min")]).rename_columns(["text_key", "text"])
