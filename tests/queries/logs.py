"""A whole log read and counted in one go; the job takes it block by block."""

from __future__ import annotations

from queries.counting.asks import Earlier
from queries.counting.block_counts import BlockCounts, count_block
from queries.counting.engine import Engine, Frame
from queries.counting.indexing import index_log
from queries.counting.intents import Intents, with_intents
from queries.counting.search_log import SearchLog, read_search_log

PERIOD = 7


def whole_log(engine: Engine, now_us: int) -> SearchLog:
    """Everything that counts."""
    return read_search_log(engine, index_log(engine, now_us))


def intents_of(engine: Engine, log: SearchLog) -> Frame:
    """The searches of a log with their intents."""
    assigned = log.texts.append_column("intent_key", Intents().of(log.texts))
    return with_intents(log.searches, engine.register("assigned", assigned))


def counts_of(engine: Engine, now_us: int) -> BlockCounts:
    """The counts of everything, as of one period."""
    return count_block(engine, whole_log(engine, now_us), PERIOD, Intents(), Earlier.none(engine))
