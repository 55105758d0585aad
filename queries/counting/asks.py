"""Which searches speak for strength: the first ones of every client, as far as one client may speak.

Whoever asks the same again and again, and picks the same again and again, says it once: of a client's searches for
one intent on one day the first counts. Of those, in order of time, count within a period of 90 days

1. the first `ASKS_PER_INTENT` of a client for an intent,
2. of what is left the first `ASKS_PER_CLIENT` of a client,
3. of what is left the first `NETWORK_FACTOR` x `ASKS_PER_INTENT` of a network for an intent, where it is known.

Of what counts, the first `TAUGHT_BY_CLIENT` asks of a client also teach the click model what all things share: there a
busy client would speak about everything, not about what he asked for.

Taking the first and not the luckiest search keeps the estimate unbiased, and nothing that comes later changes whether
an earlier search counts. Searches of nobody are many people's: they are together like a network, under the third
limit alone, and all that count teach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import narwhals as nw
import pyarrow as pa

from graph.schemas import INT
from queries.counting.engine import Engine, Frame
from queries.counting.log_index import LATEST_US
from queries.counting.robust import ASKS_PER_CLIENT, ASKS_PER_INTENT, NETWORK_FACTOR, TAUGHT_BY_CLIENT
from queries.counting.search_log import ANONYMOUS

BY_INTENT: Final = ("client", "intent_key")
BY_CLIENT: Final = ("client",)
BY_NETWORK: Final = ("network_key", "intent_key")

_TIME: Final = ("at", "search_key")
_INTENT_FULL, _CLIENT_FULL, _NETWORK_FULL = 1, 2, 3
COUNTS: Final = 4
"""Level of asks that count, and no more; lower levels say which limit was reached."""
TEACHES: Final = 5
"""Level of asks that count, and teach what all things share."""

ASKS: Final = pa.schema(
    [pa.field(name, INT) for name in (*BY_INTENT, "network_key", "search_key", "level")],
)
"""What is known of the asks of some days: see `levels`."""

SAID: Final = pa.schema([pa.field(name, INT) for name in ("client", "passed")])
"""How many asks of each client counted against its limit, over all days of a period so far: see `said`."""


@dataclass(frozen=True)
class Earlier:
    """The asks of the days before in the same period."""

    asks: Frame
    """From `levels`, for each of these days."""
    said: Frame
    """From `said`, up to the last of them."""

    @classmethod
    def none(cls, engine: Engine) -> Earlier:
        """Return those of a period that begins."""
        asks, said = (engine.register(f"no_{name}", s.empty_table()) for name, s in (("asks", ASKS), ("said", SAID)))
        return cls(asks, said)


def first_asks(engine: Engine, searches: Frame) -> Frame:
    """Return the first search of each (client, day, intent): client, network_key, intent_key, at, search_key.

    `searches`: search_key, client, network_key, intent_key, day, ts_us. Of searches at the same time the one with the
    smallest key is the first.
    """
    columns = [*BY_INTENT, "network_key", *_TIME]
    network = nw.col("network_key")
    together = nw.when(nw.col("client") == ANONYMOUS).then(network.fill_null(ANONYMOUS)).otherwise(network)
    timed = searches.with_columns(nw.col("ts_us").fill_null(LATEST_US).alias("at"), together.alias("network_key"))
    group = [*BY_INTENT, "day"]
    first = [nw.col(name).min() for name in ("network_key", *_TIME)]
    groups = engine.materialise("ask_groups", timed.group_by(*group).agg(nw.len().alias("searches"), *first))
    several = groups.filter(nw.col("searches") > 1).select(*group)
    place = nw.col("search_key").cum_count().over(*group, order_by=list(_TIME))
    again = timed.join(several, on=group, how="inner").with_columns(place.alias("place"))
    alone = groups.filter(nw.col("searches") == 1)
    return nw.concat([alone.select(*columns), again.filter(nw.col("place") == 1).select(*columns)])


def levels(engine: Engine, asks: Frame, earlier: Earlier) -> Frame:
    """Say which asks of one period count: the columns `ASKS`, with the level `COUNTS` or `TEACHES` for those that do.

    `asks`: from `first_asks`, kept by the engine, all of one period.
    """
    named = nw.col("client") != ANONYMOUS
    before = _counted(_passed(earlier.asks, _INTENT_FULL), asks, BY_INTENT)
    asked = _asked(asks.filter(named), before, BY_INTENT)
    over = _at(_INTENT_FULL, _beyond(asks.filter(named), asked, BY_INTENT, ASKS_PER_INTENT))
    over = engine.materialise("over_intent", over)
    passed = asks.join(over, on="search_key", how="anti").filter(named)
    asked = _asked(passed, earlier.said.rename({"passed": "before"}), BY_CLIENT)
    asked = engine.materialise("asks_of_clients", asked)
    more = _at(_CLIENT_FULL, _beyond(passed, asked, BY_CLIENT, ASKS_PER_CLIENT))
    over = engine.materialise("over_client", nw.concat([over, more]))
    left = asks.join(over, on="search_key", how="anti").filter(~nw.col("network_key").is_null())
    before = _counted(_passed(earlier.asks, _NETWORK_FULL), left, BY_NETWORK)
    more = _beyond(left, _asked(left, before, BY_NETWORK), BY_NETWORK, NETWORK_FACTOR * ASKS_PER_INTENT)
    over = engine.materialise("over_network", nw.concat([over, _at(_NETWORK_FULL, more)]))
    first = _first(passed, asked, BY_CLIENT, TAUGHT_BY_CLIENT).join(over, on="search_key", how="anti")
    found = asks.join(nw.concat([over, _at(TEACHES, first)]), on="search_key", how="left")
    level = nw.col("level").fill_null(nw.when(named).then(nw.lit(COUNTS)).otherwise(nw.lit(TEACHES)).cast(nw.Int64))
    return found.with_columns(level).select(*ASKS.names)


def said(asks: Frame, earlier: Earlier) -> Frame:
    """Add up what each client said in a period: the columns `SAID`. `asks`: from `levels`, of the days after `earlier`.

    Carried along from day to day, as nearly all clients come again: looking through all their earlier asks each time
    would take time that grows with the square of the log.
    """
    passed = _passed(asks.filter(nw.col("client") != ANONYMOUS), _CLIENT_FULL)
    here = passed.group_by(*BY_CLIENT).agg(nw.len().cast(nw.Int64).alias("passed"))
    return nw.concat([earlier.said, here]).group_by(*BY_CLIENT).agg(nw.col("passed").sum().cast(nw.Int64))


def _passed(asks: Frame, level: int) -> Frame:
    """Return the asks that passed the limit of a level, and so count against it."""
    return asks.filter(nw.col("level") > level)


def _counted(earlier: Frame, asks: Frame, by: tuple[str, ...]) -> Frame:
    """Count the earlier asks of those who ask now, for each combination of the columns `by`: `by`, before."""
    theirs = earlier.select(*by).join(asks.select(*by), on=list(by), how="semi")
    return theirs.group_by(*by).agg(nw.len().cast(nw.Int64).alias("before"))


def _asked(asks: Frame, before: Frame, by: tuple[str, ...]) -> Frame:
    """Count asks for each combination of the columns `by`: `by`, here, before.

    `before`: `by` and how many asks of earlier days count against a limit.
    """
    here = asks.group_by(*by).agg(nw.len().cast(nw.Int64).alias("here"))
    return here.join(before, on=list(by), how="left").with_columns(nw.col("before").fill_null(0))


def _beyond(asks: Frame, asked: Frame, by: tuple[str, ...], limit: int) -> Frame:
    """Return what exceeds `limit` for each combination of the columns `by`, in order of time: search_key.

    `asked`: from `_asked`. The order is looked for only where there is too much.
    """
    crowded = asked.filter(nw.col("here") + nw.col("before") > limit)
    return _placed(asks, crowded, by).filter(nw.col("place") > limit).select("search_key")


def _first(asks: Frame, asked: Frame, by: tuple[str, ...], limit: int) -> Frame:
    """Return what does not exceed `limit`, where `_beyond` returns the rest: search_key."""
    room = asked.filter(nw.col("before") < limit)
    return _placed(asks, room, by).filter(nw.col("place") <= limit).select("search_key")


def _placed(asks: Frame, asked: Frame, by: tuple[str, ...]) -> Frame:
    """Number the asks of what is in `asked`, in order of time, earlier days counted: search_key, place (from 1)."""
    place = nw.col("search_key").cum_count().over(*by, order_by=list(_TIME))
    theirs = asks.join(asked.drop("here"), on=list(by), how="inner").with_columns(place.alias("place"))
    return theirs.select("search_key", nw.col("place") + nw.col("before"))


def _at(level: int, asks: Frame) -> Frame:
    return asks.with_columns(nw.lit(level).cast(nw.Int64).alias("level"))
