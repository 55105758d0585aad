"""What was shown where: impressions and the choices among them, by intent, object and position."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import narwhals as nw

from queries.engine import Frame

NOWHERE: Final = 0
"""Position of objects that were shown without saying where."""

PLACE: Final = ("intent_key", "object_key", "position")
COUNTED: Final = ("impressions", "clicks", "first_impressions", "first_clicks")


def exposures(reported: Frame, listed: Frame, chosen: Frame) -> Frame:
    """Count impressions, and choices among them, for each intent, object and position.

    An object counts once for each search, at its best position. Returns intent_key, object_key, position (1-based, or
    `NOWHERE`), impressions, clicks, first_us, last_us, and first_impressions and first_clicks: the same counted in
    first asks only (`queries.first_asks`). A choice of something that was not shown is no part of it.
    """
    picked = chosen.select("search_key", "object_key", nw.lit(1).cast(nw.Int64).alias("picked"))
    joined = nw.concat([_once(reported), _once(listed)]).join(picked, on=["search_key", "object_key"], how="left")
    return joined.group_by(*PLACE).agg(
        nw.len().cast(nw.Int64).alias("impressions"),
        nw.col("picked").fill_null(0).sum().cast(nw.Int64).alias("clicks"),
        nw.col("first_ask").sum().cast(nw.Int64).alias("first_impressions"),
        (nw.col("first_ask") * nw.col("picked").fill_null(0)).sum().cast(nw.Int64).alias("first_clicks"),
        nw.col("ts_us").min().alias("first_us"),
        nw.col("ts_us").max().alias("last_us"),
    )


def added_up(parts: Sequence[Frame]) -> Frame:
    """Add up counts of `exposures` over disjoint sets of searches."""
    return (
        nw.concat(parts)
        .group_by(*PLACE)
        .agg(
            *(nw.col(name).sum().cast(nw.Int64) for name in COUNTED),
            nw.col("first_us").min(),
            nw.col("last_us").max(),
        )
    )


def part_of(frame: Frame, part: int, parts: int) -> Frame:
    """Return the rows of every `parts`-th search, by the rest of its key."""
    return frame.filter(nw.col("search_key") % parts == part)


def reported_exposures(impressions: Frame, searches: Frame) -> Frame:
    """Return impressions logged as events: search_key, intent_key, ts_us, first_ask, object_key, position."""
    context = searches.select("search_key", "intent_key", "ts_us", "first_ask")
    joined = impressions.join(context, on="search_key", how="inner")
    return joined.select("search_key", "intent_key", "ts_us", "first_ask", "object_key", "position")


def listed_exposures(raw_searches: Frame, searches: Frame, active: Frame) -> Frame:
    """Return what the lists of hits showed; columns as `reported_exposures`.

    Left out are searches with impressions among their events (`active`: search_key, impressions): those say better
    what was seen.
    """
    reporting = active.filter(nw.col("impressions") > 0).select("search_key")
    counted = searches.filter(nw.col("hits") > 0).join(reporting, on="search_key", how="anti")
    counted = counted.select("search_key", "content_hash", "intent_key", "ts_us", "first_ask")
    lists = raw_searches.select("search_key", "content_hash", "shown")
    rows = lists.join(counted, on=["search_key", "content_hash"], how="inner").explode("shown")
    hit = nw.col("shown").struct
    return rows.filter(~nw.col("shown").is_null()).select(
        "search_key",
        "intent_key",
        "ts_us",
        "first_ask",
        hit.field("object_key").alias("object_key"),
        hit.field("position").cast(nw.Int64).alias("position"),
    )


def _once(shown: Frame) -> Frame:
    """Keep each (search, object) once, at its best position."""
    once = shown.group_by("search_key", "object_key").agg(
        nw.col("intent_key").min(), nw.col("ts_us").min(), nw.col("first_ask").min(), nw.col("position").min()
    )
    return once.with_columns(nw.col("position").fill_null(NOWHERE))
