"""Which searches of a part of the log count, and which search each event belongs to.

Left out: bots, rows dated after `now`, searches without words, and of several records of one search all but the
first. Rows without a time always count. Every number of the job starts from the frames made here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from graph.vocabulary import IMPRESSION
from queries.counting.engine import Engine, Frame
from queries.counting.log_index import LogIndex
from queries.counting.seen_log import counted_events, counted_searches
from queries.counting.simulated import is_simulated

DAY_US: Final = 86_400_000_000
UNDATED_DAY: Final = -1
"""Day of rows without a time."""

ANONYMOUS: Final = 0
"""Client of searches that carry neither client nor session: together one client for each day."""

CONTEXT: Final = ("search_key", "text_key", "client_key", "session_key", "ts_us")


@dataclass(frozen=True)
class SearchLog:
    """A part of the ledger that counts, as frames of one engine: some dates of searches, and the events on them."""

    searches: Frame
    """search_key, text_key, ts_us, client_key, session_key, network_key, agent, judged, simulated, shown: one row for
    each search; `agent` is 1 for searches of agents, else 0. Kept by the engine."""
    impressions: Frame
    """search_key, object_key, position: what events say was shown."""
    acts: Frame
    """search_key, object_key, action, action_name, value, worked, ts_us, client_key, session_key: all other events on
    an object."""
    texts: pa.Table
    """text_key, text: the distinct normalised query texts."""

    @property
    def active(self) -> Frame:
        """The searches with events: search_key."""
        return nw.concat([self.acts.select("search_key"), self.impressions.select("search_key")]).unique()


def read_search_log(engine: Engine, index: LogIndex, dates: Collection[str] | None = None) -> SearchLog:
    """Read the searches of some dates (all, if None) and every event on them."""
    recorded = counted_searches(_of_dates(engine.table("searches"), dates), index.now_us)
    counted = _without_repeated(engine, recorded, _rows_of(index.repeated, dates))
    texts = engine.arrow(counted.group_by("text_key").agg(nw.col("query_norm").min().alias("text")))
    searches = counted.select(
        *CONTEXT,
        _network(counted),
        (nw.col("actor").fill_null("human") == "agent").cast(nw.Int64).alias("agent"),
        (nw.col("kind").fill_null("log") == "judged").alias("judged"),
        is_simulated().alias("simulated"),
        "shown",
    )
    adopted = _rows_of(index.adopted.searches, dates)
    if adopted.num_rows:
        searches = nw.concat([searches, _as_searches(engine.register("adopted_searches", adopted), searches)])
        texts = _union_of_texts(texts, adopted, index.adopted.texts)
    searches = engine.materialise("searches_of_dates", searches)
    events = _events(engine, index, searches, adopted, dates)
    shown = nw.col("action") == IMPRESSION
    return SearchLog(
        searches,
        events.filter(shown).select("search_key", "object_key", "position"),
        events.filter(~shown).drop("position"),
        texts,
    )


def day_of(ts_us: nw.Expr) -> nw.Expr:
    """Return the UTC day number of a time; `UNDATED_DAY` where there is none or it lies before 1970."""
    return nw.when(ts_us >= 0).then(ts_us // DAY_US).otherwise(nw.lit(UNDATED_DAY)).cast(nw.Int64)


def _events(
    engine: Engine, index: LogIndex, searches: Frame, adopted: pa.Table, dates: Collection[str] | None
) -> Frame:
    linked = None if dates is None else frozenset().union(*(index.event_dates[date] for date in dates))
    events = counted_events(_of_dates(engine.table("events"), linked), index.now_us)
    if adopted.num_rows:
        events = _with_adopted(events, engine.register("adopted_events", index.adopted.events))
    columns = ["action", "action_name", "value", "worked", "ts_us", "client_key", "session_key"]
    position = nw.col("position").cast(nw.Int64)
    own = events.select("search_key", "object_key", *columns, position)
    return engine.materialise("events_of_dates", own.join(searches.select("search_key"), on="search_key", how="semi"))


def _of_dates(rows: Frame, dates: Collection[str] | None) -> Frame:
    return rows if dates is None else rows.filter(nw.col("event_date").is_in(sorted(dates)))


def _rows_of(table: pa.Table, dates: Collection[str] | None) -> pa.Table:
    return table if dates is None else table.filter(pc.is_in(table["event_date"], pa.array(sorted(dates), pa.string())))


def _without_repeated(engine: Engine, searches: Frame, repeated: pa.Table) -> Frame:
    if not repeated.num_rows:
        return searches
    left_out = engine.register("repeated", repeated.select(["search_key", "content_hash"]))
    return searches.join(left_out, on=["search_key", "content_hash"], how="anti")


def _network(searches: Frame) -> nw.Expr:
    """The network of a search, null in ledgers that were written before there was such a column."""
    known = "network_key" in searches.collect_schema().names()
    return (nw.col("network_key") if known else nw.lit(None).cast(nw.Int64)).alias("network_key")


def _as_searches(adopted: Frame, searches: Frame) -> Frame:
    """Give adopted searches the columns of others; nobody knows what they showed, and people are taken to ask them."""
    types = searches.collect_schema()
    unknown = [nw.lit(None).cast(types[name]).alias(name) for name in ("network_key", "shown")]
    no = [nw.lit(False).alias(name) for name in ("judged", "simulated")]
    return adopted.select(*CONTEXT, *unknown, *no, nw.lit(0).cast(nw.Int64).alias("agent")).select(*types.names())


def _with_adopted(events: Frame, adopted: Frame) -> Frame:
    """Point orphan events to the searches that stand for theirs."""
    renamed = adopted.select("content_hash", nw.col("search_key").alias("adopted_key"))
    joined = events.join(renamed, on="content_hash", how="left")
    return joined.with_columns(nw.coalesce("adopted_key", "search_key").alias("search_key"))


def _union_of_texts(texts: pa.Table, adopted: pa.Table, texts_of_adopted: pa.Table) -> pa.Table:
    more = texts_of_adopted.filter(pc.is_in(texts_of_adopted["text_key"], adopted["text_key"].combine_chunks()))
    both = pa.concat_tables([texts.select(more.column_names).cast(more.schema), more])
    return both.group_by("text_key").aggregate([("text", "min")]).rename_columns(["text_key", "text"])
