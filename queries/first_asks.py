"""Which searches speak for strength: of a client's searches for one intent on one day, the first.

Whoever asks the same again and again, and picks the same again and again, says it once. So strength, like times
matched, cannot be raised by repetition: a client adds at most one exposure and one choice of an object for each
(day, intent). Taking the first and not the luckiest search keeps the estimate unbiased.
"""

from __future__ import annotations

import narwhals as nw

from queries.engine import Frame
from queries.search_log import LATEST_US, day_of


def with_first_asks(searches: Frame) -> Frame:
    """Add `first_ask`: 1 for the first search of its (client, day, intent), else 0.

    `searches`: search_key, client, intent_key, ts_us. Of searches at the same time the smallest key is the first;
    searches without a time have a day of their own.
    """
    ordered = searches.with_columns(
        nw.col("ts_us").fill_null(LATEST_US).alias("asked_at"), day_of(nw.col("ts_us")).alias("asked_day")
    )
    place = (
        nw.col("search_key").cum_count().over("client", "asked_day", "intent_key", order_by=["asked_at", "search_key"])
    )
    return ordered.with_columns((place == 1).cast(nw.Int64).alias("first_ask")).drop("asked_at", "asked_day")
