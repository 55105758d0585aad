"""Whether what was chosen worked."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from graph.keys import stable_key
from queries.choices import choices
from queries.outcome_sessions import known_outcomes
from queries.outcomes import count_outcomes, verdicts, votes_of_calls
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, event, ledger, outcome, search
from tests.queries.logs import intents_of, whole_log


def decided(engine_over: EngineMaker, **rows: Any) -> dict[str, tuple[int, int]]:
    """Object -> (successes, failures)."""
    names = {stable_key(name): name for name in ("a", "b", *CASES)}
    with engine_over(ledger(**rows)) as engine:
        log = whole_log(engine, at(100))
        found = choices(log.acts, intents_of(engine, log))
        found = found.with_columns(nw.col("object_key").alias("target"))
        counted = count_outcomes(
            found, verdicts(found, known_outcomes(engine, at(100)), votes_of_calls(log.acts)), ("object_key",)
        )
        return {
            names[row["object_key"]]: (row["successes"], row["failures"]) for row in engine.arrow(counted).to_pylist()
        }


SEARCHES = [search("1", "a need", session="s"), search("2", "a need", session="s"), search("3", "a need")]
CLICKS = [event("1", "click", "a"), event("2", "click", "a"), event("2", "click", "b"), event("3", "click", "a")]


CASES: dict[str, tuple[list[tuple[str, str, str]], tuple[int, int] | None]] = {
    "none": ([], None),
    "human": ([("success", "human", "h")], (1, 0)),
    "human first": ([("success", "human", "h"), ("failure", "llm", "x"), ("failure", "llm", "y")], (1, 0)),
    "majority": ([("success", "llm", "x"), ("failure", "llm", "y"), ("failure", "llm", "z")], (0, 1)),
    "even": ([("success", "llm", "x"), ("failure", "llm", "y")], None),
    "even, then next": ([("success", "llm", "x"), ("failure", "llm", "y"), ("failure", "callback", "c")], (0, 1)),
    "one voice for a judge": ([("success", "llm", "x"), ("success", "llm", "x"), ("failure", "llm", "y")], None),
    "unclear": ([("unclear", "human", "h")], None),
}


def test_the_highest_level_that_decides_counts(engine_over: EngineMaker) -> None:
    found = decided(
        engine_over,
        searches=[search(case, "a need", session=case) for case in CASES],
        events=[event(case, "click", case) for case in CASES],
        outcomes=[outcome(*one, session=case) for case, (told, _) in CASES.items() for one in told],
    )
    assert found == {case: counts for case, (_, counts) in CASES.items() if counts is not None}


def test_an_outcome_may_be_about_one_search_or_one_object(engine_over: EngineMaker) -> None:
    told = [outcome("success", "human", "h", search="3"), outcome("failure", "human", "h", session="s", object_id="b")]
    found = decided(engine_over, searches=SEARCHES, events=CLICKS, outcomes=told)
    assert found == {"a": (1, 0), "b": (0, 1)}


def test_calls_report_for_themselves(engine_over: EngineMaker) -> None:
    calls = [
        event("1", "click", "a", worked=False),
        event("1", "click", "a", worked=False, ts_us=at(1)),
        event("2", "click", "a", worked=True),
        event("3", "click", "a"),
        event("3", "failure", "a"),
        event("3", "success", "b"),
        event("3", "failure", "b", worked=True),
    ]
    found = decided(engine_over, searches=SEARCHES, events=calls)
    # Session s: a failed twice and worked once. Search 3: a failed; b worked, as the call itself says.
    assert found == {"a": (0, 2), "b": (1, 0)}


def test_nothing_chosen_nothing_judged(engine_over: EngineMaker) -> None:
    told = [outcome("success", "human", "h", session="s")]
    assert decided(engine_over, searches=SEARCHES, events=[event("1", "failure", "a")], outcomes=told) == {}


def test_outcomes_of_the_future_do_not_count(engine_over: EngineMaker) -> None:
    told = [outcome("success", "human", "h", session="s", ts_us=at(101))]
    assert decided(engine_over, searches=SEARCHES, events=CLICKS, outcomes=told) == {}
