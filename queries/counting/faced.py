"""What stood side by side: what was shown in the asks that count and led to a choice."""

from __future__ import annotations

import narwhals as nw

from queries.counting.engine import Frame


def faced(shown: Frame, chosen: Frame) -> Frame:
    """Return what was shown in asks that count and led to a choice.

    `shown`: from `queries.counting.exposures`; `chosen`: from `queries.counting.choices`. Returns search_key,
    intent_key, client, object_key, position, picked (1 if it was chosen, else 0), without what was shown at no
    position.
    """
    clients = chosen.group_by("search_key").agg(nw.col("client").min())
    picked = chosen.select("search_key", "object_key", nw.lit(1).cast(nw.Int64).alias("picked"))
    placed = shown.filter((nw.col("asked") == 1) & (nw.col("position") > 0)).drop("ts_us", "asked")
    joined = placed.join(clients, on="search_key", how="inner")
    joined = joined.join(picked, on=["search_key", "object_key"], how="left")
    return joined.select(
        "search_key", "intent_key", "client", "object_key", "position", nw.col("picked").fill_null(0).alias("picked")
    )
