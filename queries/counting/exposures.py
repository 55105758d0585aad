"""What was shown where: impressions and the choices among them, by intent, object and position."""

from __future__ import annotations

from typing import Final

import narwhals as nw

from queries.counting.asks import COUNTS, TEACHES
from queries.counting.engine import Frame

NOWHERE: Final = 0
"""Position of objects that were shown without saying where."""

PLACE: Final = ("intent_key", "object_key", "position", "period")
COUNTED: Final = (
    *("impressions", "clicks", "asked_impressions", "asked_clicks", "taught_impressions", "taught_clicks"),
    *("agent_impressions", "agent_clicks", "agent_taught_impressions", "agent_taught_clicks"),
)
SAID: Final = ("impressions", "clicks", "taught_impressions", "taught_clicks")
"""What counts for strength; of that, what teaches what all things share."""
ASKED: Final = (*SAID, *(f"agent_{name}" for name in SAID))
"""`SAID`, and what of it is agents': see `asked`."""


def with_picks(shown: Frame, chosen: Frame) -> Frame:
    """Say of everything that was shown whether it was chosen: adds picked, 1 or 0.

    `shown`: from `reported_exposures` and `listed_exposures`; `chosen`: from `queries.counting.choices`. A choice of
    something that was not shown is no part of it.
    """
    picked = chosen.select("search_key", "object_key", nw.lit(1).cast(nw.Int64).alias("picked"))
    joined = shown.join(picked, on=["search_key", "object_key"], how="left")
    return joined.with_columns(nw.col("picked").fill_null(0))


def exposures(shown: Frame, period: int) -> Frame:
    """Count impressions, and choices among them, for each intent, object and position.

    `shown`: from `with_picks`, searches of one period. Returns intent_key, object_key, position (1-based, or
    `NOWHERE`), period, impressions, clicks, first_us, last_us; asked_impressions and asked_clicks: the same counted in
    asks that count only (`queries.counting.asks`); taught_impressions and taught_clicks: in those that teach; with
    agent_ before the name: in those of either that are an agent's.
    """
    asked, taught = ((nw.col("level") >= level).cast(nw.Int64) for level in (COUNTS, TEACHES))
    agent, picked = nw.col("agent"), nw.col("picked")
    counts = shown.group_by("intent_key", "object_key", "position").agg(
        nw.len().cast(nw.Int64).alias("impressions"),
        *(
            counted.sum().cast(nw.Int64).alias(name)
            for name, counted in {
                "clicks": picked,
                "asked_impressions": asked,
                "asked_clicks": asked * picked,
                "taught_impressions": taught,
                "taught_clicks": taught * picked,
                "agent_impressions": asked * agent,
                "agent_clicks": asked * agent * picked,
                "agent_taught_impressions": taught * agent,
                "agent_taught_clicks": taught * agent * picked,
            }.items()
        ),
        nw.col("ts_us").min().alias("first_us"),
        nw.col("ts_us").max().alias("last_us"),
    )
    return counts.with_columns(nw.lit(period).cast(nw.Int64).alias("period")).select(
        *PLACE, *COUNTED, "first_us", "last_us"
    )


def asked(shown: Frame) -> Frame:
    """Return the counts of the asks that count: `PLACE`, `ASKED`. `shown`: from `exposures`."""
    columns = {"asked_impressions": "impressions", "asked_clicks": "clicks"}
    counts = shown.drop("impressions", "clicks").rename(columns)
    return counts.filter(nw.col("impressions") > 0).select(*PLACE, *ASKED)


def added_up(shown: Frame, by: tuple[str, ...] = PLACE) -> Frame:
    """Add up counts of `exposures` over disjoint sets of searches."""
    return shown.group_by(*by).agg(
        *(nw.col(name).sum().cast(nw.Int64) for name in COUNTED),
        nw.col("first_us").min(),
        nw.col("last_us").max(),
    )


def reported_exposures(impressions: Frame, searches: Frame) -> Frame:
    """Return impressions logged as events, each object once for each search, at its best position.

    Returns search_key, intent_key, ts_us, level, agent, object_key, position.
    """
    best = impressions.group_by("search_key", "object_key").agg(nw.col("position").min().fill_null(NOWHERE))
    context = searches.select("search_key", "intent_key", "ts_us", "level", "agent")
    return best.join(context, on="search_key", how="inner").select(*context.columns, "object_key", "position")


def listed_exposures(searches: Frame, impressions: Frame) -> Frame:
    """Return what the lists of hits showed; columns as `reported_exposures`. A list has each object once.

    Left out are searches with impressions among their events: those say better what was seen.
    """
    silent = searches.join(impressions.select("search_key").unique(), on="search_key", how="anti")
    rows = silent.select("search_key", "intent_key", "ts_us", "level", "agent", "shown").explode("shown")
    hit = nw.col("shown").struct
    return rows.filter(~nw.col("shown").is_null()).select(
        "search_key",
        "intent_key",
        "ts_us",
        "level",
        "agent",
        hit.field("object_key").alias("object_key"),
        hit.field("position").cast(nw.Int64).alias("position"),
    )
