"""Whether what was chosen worked: what each source said of each session (else search) and chosen thing.

Sources are people (all together, for they are the measure), each LLM judge, each reporter of callbacks, and what the
calls themselves say (success and failure events, `worked`). The votes of all sources on one (unit, target) make up
its *pattern*, an integer with a digit to base 3 for each source: 0 silent, 1 failure, 2 success. How far the sources
can be believed is `queries.evidence.outcome_model`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from queries.counting.decay import PERIOD_DAYS, UNDATED_PERIOD
from queries.counting.engine import Engine, Frame
from queries.counting.log_index import LATEST_US
from queries.counting.robust import ASKS_PER_CLIENT, VERDICTS_PER_CLIENT
from queries.counting.search_log import UNDATED_DAY

IntArray = npt.NDArray[np.int64]

HUMAN, LLM, CALLBACK = 3, 2, 1
"""Kinds of source, those to be asked first having the higher number."""
KIND_NAMES: Final = {HUMAN: "human", LLM: "llm", CALLBACK: "callback"}

PEOPLE: Final = "people"
CALLS: Final = "calls"
OTHERS: Final = "others"
MAX_SOURCES: Final = 34
"""So many sources of a kind other than human have a digit of their own, those that said most; the rest of each kind
share one. A pattern fits into 63 bits up to 39 digits."""

_VOICE = ("unit", "target", "level", "judge", "vote")


@dataclass(frozen=True)
class Source:
    """Where votes come from."""

    level: int
    name: str


@dataclass(frozen=True)
class Sources:
    """The sources of a log. Source i has the digit 3^i; people come first."""

    named: tuple[Source, ...]
    digits: pa.Table
    """level, judge, digit: one row for each judge, several of which may share a source."""


def sources(engine: Engine, outcomes: Frame) -> Sources:
    """Number the sources: people, then judges and reporters by name."""
    voiced = _told(outcomes).group_by("level", "judge").agg(nw.len().cast(nw.Int64).alias("voices"))
    rows = {(row["level"], row["judge"]): row["voices"] for row in engine.arrow(voiced).to_pylist()}
    rows.setdefault((CALLBACK, ""), 0)
    machines = sorted((row for row in rows if row[0] != HUMAN), key=lambda row: (-rows[row], row))
    own = set(machines[:MAX_SOURCES])
    of_judge = {
        row: Source(row[0], (row[1] or CALLS) if row in own else OTHERS) if row[0] != HUMAN else Source(HUMAN, PEOPLE)
        for row in sorted(rows)
    }
    named = sorted({Source(HUMAN, PEOPLE), *of_judge.values()}, key=lambda source: (-source.level, source.name))
    place = {source: number for number, source in enumerate(named)}
    columns = {
        "level": [level for level, _ in of_judge],
        "judge": [judge for _, judge in of_judge],
        "digit": [3 ** place[source] for source in of_judge.values()],
    }
    schema = pa.schema([("level", pa.int64()), ("judge", pa.string()), ("digit", pa.int64())])
    return Sources(tuple(named), pa.table(columns, schema))


def verdict_patterns(chosen: Frame, outcomes: Frame, calls: Frame, digits: Frame) -> Frame:
    """Return what was said of every (unit, target): unit, target, pattern. Where nothing was said there is no row.

    `chosen`: search_key, object_key, unit, target, where `target` is what the verdict is about (the object, or its
    artifact). `outcomes`: search_key, session_key, object_key, outcome, judge, kind. An outcome without an object is
    about everything chosen in its search or session. `calls` from `votes_of_calls`, `digits` from `sources`. Each judge
    has one voice for each (unit, target), every call too; a source votes as most of its voices do, and is silent where
    they are even.
    """
    told = _told(outcomes)
    voices = nw.concat([_by_search(told, chosen), _by_session(told, chosen), _by_calls(calls, chosen)])
    numbered = voices.join(digits, on=["level", "judge"], how="inner")
    nets = numbered.group_by("unit", "target", "digit").agg(nw.col("vote").sum().cast(nw.Int64).alias("net"))
    digit = nw.when(nw.col("net") > 0).then(2 * nw.col("digit")).otherwise(nw.col("digit"))
    votes = nets.filter(nw.col("net") != 0).select("unit", "target", digit.cast(nw.Int64).alias("pattern"))
    return votes.group_by("unit", "target").agg(nw.col("pattern").sum().cast(nw.Int64))


def count_patterns(chosen: Frame, patterns: Frame, by: tuple[str, ...]) -> Frame:
    """Count the (unit, target) of each pattern for each combination of the columns `by`.

    Returns `by`, period (`queries.counting.decay`), pattern, units, and counted: as many of them as enter the success
    rate. Of a client's units these are the first `VERDICTS_PER_CLIENT` of a period for each combination, so that later
    ones never change what earlier ones weigh.
    """
    heard = _first_heard(chosen, patterns, (*by, "unit", "target", "pattern"))
    return (
        heard.with_columns(_within(VERDICTS_PER_CLIENT, by, "target").alias("counted"))
        .group_by(*by, "period", "pattern")
        .agg(nw.len().cast(nw.Int64).alias("units"), nw.col("counted").sum().cast(nw.Int64))
    )


def learnt_patterns(chosen: Frame, patterns: Frame) -> Frame:
    """Count what is to be learnt from: pattern, units.

    A session (else search) counts once for each different thing that was said of what was chosen in it, and a client
    with the first `ASKS_PER_CLIENT` of a period.
    """
    heard = _first_heard(chosen, patterns, ("unit", "pattern"))
    few = heard.with_columns(_within(ASKS_PER_CLIENT, (), "pattern").alias("counted")).filter(nw.col("counted") == 1)
    return few.group_by("pattern").agg(nw.len().cast(nw.Int64).alias("units"))


def _first_heard(chosen: Frame, patterns: Frame, keys: tuple[str, ...]) -> Frame:
    """Return the columns `keys`, each combination once, with client, period and at, the time of the first choice."""
    joined = chosen.join(patterns, on=["unit", "target"], how="inner")
    units = joined.group_by(*dict.fromkeys(keys)).agg(
        nw.col("client").min(), nw.col("day").min(), nw.col("first_us").fill_null(LATEST_US).min().alias("at")
    )
    undated = nw.col("day") == UNDATED_DAY
    period = nw.when(undated).then(nw.lit(UNDATED_PERIOD)).otherwise(nw.col("day") // PERIOD_DAYS)
    return units.with_columns(period.cast(nw.Int64).alias("period"))


def _within(limit: int, by: tuple[str, ...], last: str) -> nw.Expr:
    """Say (1 or 0) whether a row is among its client's first of a period; `last`: the column that settles ties."""
    place = nw.col("unit").cum_count().over(*by, "client", "period", order_by=["at", "unit", last])
    return (place <= limit).cast(nw.Int64)


def votes_of(patterns: IntArray, number: int) -> IntArray:
    """Return the votes that patterns stand for: (n,) in, (n, sources) out; 1 success, -1 failure, 0 silent.

    >>> votes_of(np.array([5, 18]), 3).tolist()
    [[1, -1, 0], [0, 0, 1]]
    """
    digits = patterns[:, None] // 3 ** np.arange(number, dtype=np.int64) % 3
    votes: IntArray = np.array([0, -1, 1])[digits]
    return votes


def decided(votes: IntArray, named: tuple[Source, ...]) -> IntArray:
    """Return the verdict of each pattern, 1, -1, or 0 if even: (n, sources) in, (n,) out.

    People decide; where none spoke or they are even, most LLM judges do, then most callbacks.
    """
    level = np.array([source.level for source in named])
    verdict = np.zeros(len(votes), np.int64)
    for kind in (HUMAN, LLM, CALLBACK):
        verdict = np.where(verdict == 0, np.sign(votes[:, level == kind].sum(axis=1)), verdict)
    return verdict


def votes_of_calls(acts: Frame) -> Frame:
    """Return the voices of calls: events that say whether a call worked, success and failure events.

    Returns search_key, object_key, vote.
    """
    worked = nw.when(nw.col("worked")).then(nw.lit(1)).when(~nw.col("worked")).then(nw.lit(-1)).otherwise(None)
    vote = nw.coalesce(worked, _vote_of(nw.col("action"))).cast(nw.Int64).alias("vote")
    return acts.select("search_key", "object_key", vote).filter(~nw.col("vote").is_null())


def _told(outcomes: Frame) -> Frame:
    judge = nw.col("judge").fill_null("").alias("judge")
    told = outcomes.select("search_key", "session_key", "object_key", judge, _level(), _vote_of(nw.col("outcome")))
    return told.filter(~nw.col("vote").is_null())


def _by_calls(calls: Frame, chosen: Frame) -> Frame:
    objects = chosen.select("search_key", "object_key", "unit", "target")
    joined = calls.join(objects, on=["search_key", "object_key"], how="inner")
    level, judge = nw.lit(CALLBACK).cast(nw.Int64).alias("level"), nw.lit("").alias("judge")
    return joined.select("unit", "target", level, judge, "vote")


def _by_search(told: Frame, chosen: Frame) -> Frame:
    """Match outcomes that name a search to what was chosen in it."""
    objects = chosen.select("search_key", nw.col("object_key").alias("chosen_key"), "unit", "target")
    joined = told.drop("session_key").join(objects, on="search_key", how="inner")
    return _one_voice_each(joined)


def _by_session(told: Frame, chosen: Frame) -> Frame:
    """Match outcomes that name a session only to what was chosen in it."""
    objects = chosen.select(nw.col("object_key").alias("chosen_key"), "unit", "target")
    named = told.filter(nw.col("search_key").is_null()).drop("search_key")
    joined = named.join(objects, left_on="session_key", right_on="unit", how="inner")
    return _one_voice_each(joined.with_columns(nw.col("session_key").alias("unit")))


def _one_voice_each(joined: Frame) -> Frame:
    about = joined.filter(nw.col("object_key").is_null() | (nw.col("object_key") == nw.col("chosen_key")))
    return about.select(*_VOICE).unique()


def _level() -> nw.Expr:
    kind = nw.col("kind")
    level = nw.when(kind == "human").then(nw.lit(HUMAN)).when(kind == "llm").then(nw.lit(LLM))
    return level.otherwise(nw.lit(CALLBACK)).cast(nw.Int64).alias("level")


def _vote_of(outcome: nw.Expr) -> nw.Expr:
    vote = nw.when(outcome == "success").then(nw.lit(1)).when(outcome == "failure").then(nw.lit(-1))
    return vote.otherwise(None).cast(nw.Int64).alias("vote")
