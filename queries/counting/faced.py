"""What stood side by side: what was shown in the asks that count and led to a choice."""

from __future__ import annotations

import narwhals as nw

from queries.counting.asks import COUNTS
from queries.counting.engine import Frame


def faced(shown: Frame, chosen: Frame) -> Frame:
    """Return what was shown in asks that count and led to a choice.

    `shown`: from `queries.counting.exposures.with_picks`; `chosen`: from `queries.counting.choices`. Returns
    search_key, intent_key, client, object_key, position, picked, without what was shown at no position.
    """
    clients = chosen.group_by("search_key").agg(nw.col("client").min())
    placed = shown.filter((nw.col("level") >= COUNTS) & (nw.col("position") > 0))
    joined = placed.join(clients, on="search_key", how="inner")
    return joined.select("search_key", "intent_key", "client", "object_key", "position", "picked")
