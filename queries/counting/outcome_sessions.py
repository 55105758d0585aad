"""Which session an outcome is about, where it gives a session id and no application.

Two applications may number their sessions alike. An outcome that names its application is about that one's session.
The outcomes of a file that name none belong to the application in which most of the file's sessions occur; where
two applications are even, they are counted as ambiguous and left out, for a guess would be evidence made up.
"""

from __future__ import annotations

import narwhals as nw

from queries.counting.engine import Engine, Frame
from queries.counting.seen_log import not_future


def known_outcomes(engine: Engine, now_us: int) -> Frame:
    """Return the outcomes up to `now_us` (microseconds since 1970), with their sessions; kept by the engine."""
    told = engine.table("outcomes").filter(not_future(now_us))
    sessions = sessions_of(engine.table("searches"), engine.table("events"), told)
    return engine.materialise("outcomes", with_sessions(told, sessions))


def sessions_of(searches: Frame, events: Frame, outcomes: Frame) -> Frame:
    """Return the sessions of the log whose ids the outcomes name.

    Columns: application ("" where none is given), bare_session_key, session_key.
    """
    named = outcomes.filter(_is_open()).select("bare_session_key").unique()
    parts = [
        frame.select(nw.col("application").fill_null("").alias("application"), "bare_session_key", "session_key")
        .join(named, on="bare_session_key", how="semi")
        .unique()
        for frame in (searches, events)
    ]
    return nw.concat(parts).unique()


def with_sessions(outcomes: Frame, sessions: Frame) -> Frame:
    """Return the outcomes with `session_key` filled in where it can be known.

    `outcomes`: source, search_key, session_key, bare_session_key and more; `sessions` from `sessions_of`.
    Outcomes that stay without both search_key and session_key are about nothing that can be known.
    """
    open_ones = outcomes.filter(_is_open())
    named = open_ones.select("source", "bare_session_key").unique()
    found = named.join(sessions, on="bare_session_key", how="inner")
    counts = found.group_by("source", "application").agg(nw.len().cast(nw.Int64).alias("sessions"))
    most = counts.group_by("source").agg(nw.col("sessions").max())
    best = counts.join(most, on=["source", "sessions"], how="inner")
    even = best.group_by("source").agg(nw.len().cast(nw.Int64).alias("applications"))
    clear = best.join(even.filter(nw.col("applications") == 1), on="source", how="inner").select(
        "source", "application"
    )
    chosen = found.join(clear, on=["source", "application"], how="inner").select(
        "source", "bare_session_key", nw.col("session_key").alias("found_key")
    )
    joined = outcomes.join(chosen, on=["source", "bare_session_key"], how="left")
    filled = nw.when(_is_open()).then(nw.col("found_key")).otherwise(nw.col("session_key"))
    return joined.with_columns(filled.alias("session_key")).drop("found_key")


def is_ambiguous() -> nw.Expr:
    """Say whether an outcome, after `with_sessions`, is about no search and no known session."""
    return nw.col("search_key").is_null() & nw.col("session_key").is_null()


def _is_open() -> nw.Expr:
    return nw.col("search_key").is_null() & nw.col("session_key").is_null() & ~nw.col("bare_session_key").is_null()
