"""Whether what was chosen worked: one verdict for each session (else search) and chosen thing.

A human's label counts before the majority of LLM judges, and that before what the calls themselves reported
(callbacks, success and failure events). Where the voices of a level are even, the next level decides; where none
decides, the outcome is not known.
"""

from __future__ import annotations

import narwhals as nw

from queries.engine import Frame

HUMAN, LLM, CALLBACK = 3, 2, 1
"""Levels of a voice, the highest that decides counts."""

_VOICE = ("unit", "target", "level", "judge", "vote")


def verdicts(chosen: Frame, outcomes: Frame, calls: Frame) -> Frame:
    """Decide the outcome of every (unit, target) that has one: unit, target, success (1 or 0).

    `chosen`: search_key, object_key, unit, target, where `target` is what the verdict is about (the object, or its
    artifact). `outcomes`: search_key, session_key, object_key, outcome, judge, kind. An outcome without an object is
    about everything chosen in its search or session. `calls` from `votes_of_calls`. Each judge has one voice for each
    verdict; every callback too.
    """
    told = outcomes.select("search_key", "session_key", "object_key", "judge", _level(), _vote_of(nw.col("outcome")))
    told = told.filter(~nw.col("vote").is_null())
    voices = nw.concat([_by_search(told, chosen), _by_session(told, chosen), _by_calls(calls, chosen)])
    sums = voices.group_by("unit", "target", "level").agg(nw.col("vote").sum().cast(nw.Int64).alias("net"))
    decided = sums.filter(nw.col("net") != 0)
    highest = decided.group_by("unit", "target").agg(nw.col("level").max())
    deciding = decided.join(highest, on=["unit", "target", "level"], how="inner")
    return deciding.select("unit", "target", (nw.col("net") > 0).cast(nw.Int64).alias("success"))


def count_outcomes(chosen: Frame, decided: Frame, by: tuple[str, ...]) -> Frame:
    """Count verdicts for each combination of the columns `by`: `by`, successes, failures."""
    units = chosen.select(*dict.fromkeys((*by, "unit", "target")))
    joined = units.join(decided, on=["unit", "target"], how="inner").unique()
    return joined.group_by(*by).agg(
        nw.col("success").sum().cast(nw.Int64).alias("successes"),
        (1 - nw.col("success")).sum().cast(nw.Int64).alias("failures"),
    )


def votes_of_calls(acts: Frame) -> Frame:
    """Return the voices of callbacks: events that say whether a call worked, success and failure events.

    Returns search_key, object_key, vote.
    """
    worked = nw.when(nw.col("worked")).then(nw.lit(1)).when(~nw.col("worked")).then(nw.lit(-1)).otherwise(None)
    vote = nw.coalesce(worked, _vote_of(nw.col("action"))).cast(nw.Int64).alias("vote")
    return acts.select("search_key", "object_key", vote).filter(~nw.col("vote").is_null())


def _by_calls(calls: Frame, chosen: Frame) -> Frame:
    objects = chosen.select("search_key", "object_key", "unit", "target")
    joined = calls.join(objects, on=["search_key", "object_key"], how="inner")
    return joined.select("unit", "target", nw.lit(CALLBACK).cast(nw.Int64).alias("level"), "vote")


def _by_search(told: Frame, chosen: Frame) -> Frame:
    """Match outcomes that name a search to what was chosen in it."""
    objects = chosen.select("search_key", nw.col("object_key").alias("chosen_key"), "unit", "target").unique()
    joined = told.drop("session_key").join(objects, on="search_key", how="inner")
    return _one_voice_each(joined)


def _by_session(told: Frame, chosen: Frame) -> Frame:
    """Match outcomes that name a session only to what was chosen in it."""
    objects = chosen.select(nw.col("object_key").alias("chosen_key"), "unit", "target").unique()
    named = told.filter(nw.col("search_key").is_null()).drop("search_key")
    joined = named.join(objects, left_on="session_key", right_on="unit", how="inner")
    return _one_voice_each(joined.with_columns(nw.col("session_key").alias("unit")))


def _one_voice_each(joined: Frame) -> Frame:
    about = joined.filter(nw.col("object_key").is_null() | (nw.col("object_key") == nw.col("chosen_key")))
    return about.select(*_VOICE).unique().select("unit", "target", "level", "vote")


def _level() -> nw.Expr:
    kind = nw.col("kind")
    level = nw.when(kind == "human").then(nw.lit(HUMAN)).when(kind == "llm").then(nw.lit(LLM))
    return level.otherwise(nw.lit(CALLBACK)).cast(nw.Int64).alias("level")


def _vote_of(outcome: nw.Expr) -> nw.Expr:
    vote = nw.when(outcome == "success").then(nw.lit(1)).when(outcome == "failure").then(nw.lit(-1))
    return vote.otherwise(None).cast(nw.Int64).alias("vote")
