"""What was chosen: one row for each search and object with a click, a success or positive feedback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import narwhals as nw

from queries.counting.engine import Engine, Frame
from queries.counting.search_log import ANONYMOUS, day_of
from queries.counting.totals import Counting, Sums

PRAISE = ("thumbs_up", "like")
"""Feedback events that are positive by name, where no value is given."""


def is_choice() -> nw.Expr:
    """Say whether an event chooses its object. Impressions and dwell times alone do not."""
    praised = nw.col("value").is_null() & nw.col("action_name").str.to_lowercase().is_in(PRAISE).fill_null(False)
    positive = (nw.col("value").fill_null(0.0) > 0) | praised
    return nw.col("action").is_in(("click", "success")) | ((nw.col("action") == "feedback") & positive)


def choices(acts: Frame, searches: Frame) -> Frame:
    """Join choosing events with their searches, each (search, object) once.

    `searches`: search_key, intent_key, client_key, session_key, ts_us, agent, simulated. Returns search_key,
    object_key, intent_key, client, unit, day, agent, simulated, first_us, last_us. The client is the search's, else the
    event's; `client` falls back to the session, then to `ANONYMOUS`. `unit` is what an outcome is about: the session,
    else the search. The day is the search's, else the event's.
    """
    chosen = (
        acts.filter(is_choice())
        .group_by("search_key", "object_key")
        .agg(
            nw.col("ts_us").min().alias("event_first_us"),
            nw.col("ts_us").max().alias("event_last_us"),
            nw.col("client_key").min().alias("event_client"),
            nw.col("session_key").min().alias("event_session"),
        )
    )
    context = searches.select("search_key", "intent_key", "client_key", "session_key", "ts_us", "agent", "simulated")
    joined = chosen.join(context, on="search_key", how="inner")
    client = nw.coalesce("client_key", "event_client", "session_key", "event_session", nw.lit(ANONYMOUS))
    return joined.select(
        "search_key",
        "object_key",
        "intent_key",
        client.cast(nw.Int64).alias("client"),
        nw.coalesce("session_key", "event_session", "search_key").alias("unit"),
        day_of(nw.coalesce("ts_us", "event_first_us")).alias("day"),
        "agent",
        "simulated",
        nw.coalesce("event_first_us", "ts_us").alias("first_us"),
        nw.coalesce("event_last_us", "ts_us").alias("last_us"),
    )


def count_choices(chosen: Frame, by: tuple[str, ...]) -> Frame:
    """Count choices for each combination of the columns `by`.

    Returns `by`, times_matched (distinct client, day and intent), clients (distinct), clicks (searches in which an
    object was chosen, each object once), agent_times_matched and agent_clients (how many of them were an agent's, at
    least once), first_us, last_us.
    """
    matched = ("client", "day", "intent_key")
    once = chosen.group_by(*dict.fromkeys((*by, *matched))).agg(
        nw.len().cast(nw.Int64).alias("clicks"),
        nw.col("agent").max(),
        nw.col("first_us").min(),
        nw.col("last_us").max(),
    )
    counts = once.group_by(*by).agg(
        nw.len().cast(nw.Int64).alias("times_matched"),
        nw.col("agent").sum().cast(nw.Int64).alias("agent_times_matched"),
        nw.col("clicks").sum().cast(nw.Int64),
        nw.col("first_us").min(),
        nw.col("last_us").max(),
    )
    people = chosen.group_by(*by, "client").agg(nw.col("agent").max())
    clients = people.group_by(*by).agg(
        nw.len().cast(nw.Int64).alias("clients"), nw.col("agent").sum().cast(nw.Int64).alias("agent_clients")
    )
    return counts.join(clients, on=list(by), how="inner")


def with_targets(chosen: Frame, described: Frame) -> Frame:
    """Add target, the key of the artifact: an object that nobody describes is one.

    `described`: object_key, artifact_key of what the catalogue knows.
    """
    joined = chosen.join(described.select("object_key", "artifact_key"), on="object_key", how="left")
    return joined.with_columns(nw.coalesce("artifact_key", "object_key").alias("target")).drop("artifact_key")


def _matched(_engine: Engine, chosen: Frame) -> Mapping[str, Frame]:
    return {name: count_choices(chosen, sums.by) for name, sums in MATCHES.tables.items()}


MATCHES: Final = Counting(
    name="matches",
    table="chosen",
    group=("target", "client"),
    tables={
        "pairs": Sums(("intent_key", "object_key"), "times_matched"),
        "artifacts": Sums(("target",), "times_matched"),
    },
    count=_matched,
)
"""`count_choices` of every pair of intent and object, and of every artifact. Rows need `with_targets`."""


def told_apart(chosen: Frame) -> Frame:
    """Return which needs (intents) each client chose for; clients that nobody can tell apart are left out."""
    return chosen.filter(nw.col("client") != ANONYMOUS).select("client", "intent_key", "agent")


def _choosers(_engine: Engine, chosen: Frame) -> Mapping[str, Frame]:
    needs = chosen.group_by("client", "intent_key").agg(nw.col("agent").max())
    of_each = needs.group_by("client").agg(nw.len().cast(nw.Int64).alias("needs"), nw.col("agent").max())
    sums = (nw.col("needs").sum().cast(nw.Int64), nw.len().cast(nw.Int64).alias("clients"))
    return {"actors": of_each.group_by("agent").agg(*sums)}


CHOOSERS: Final = Counting(
    name="choosers", table="chosen", group=("client",), tables={"actors": Sums(("agent",), "clients")}, count=_choosers
)
"""agent (1 for clients that were an agent's at least once, else 0), needs of each client added up, and clients. Rows as
`told_apart` makes them."""
