"""Whether what was chosen worked."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pytest

from graph.keys import stable_key
from queries.counting.choices import choices
from queries.counting.outcome_sessions import known_outcomes
from queries.counting.outcomes import CALLBACK, HUMAN, LLM, Source, sources, votes_of, votes_of_calls
from queries.counting.outcomes import decided as verdicts_of
from queries.counting.robust import VERDICTS_PER_CLIENT
from queries.evidence.outcome_evidence import read_outcomes
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, event, ledger, outcome, search
from tests.queries.logs import intents_of, whole_log


def decided(engine_over: EngineMaker, **rows: Any) -> dict[str, tuple[int, int]]:
    """Object -> (successes, failures)."""
    names = {stable_key(name): name for name in ("a", "b", *CASES)}
    with engine_over(ledger(**rows)) as engine:
        log = whole_log(engine, at(100))
        found = choices(log.acts, intents_of(engine, log))
        outcomes = read_outcomes(engine, found, known_outcomes(engine, at(100)), votes_of_calls(log.acts))
        about = found.with_columns(nw.col("object_key").alias("target"))
        table = outcomes.of(engine, about, outcomes.patterns(engine, "said", about), ("object_key",))
        for row in table.to_pylist():
            assert 0 <= row["success_low"] <= row["success_rate"] <= row["success_high"] <= 1
        return {
            names[row["object_key"]]: (row["successes"], row["failures"])
            for row in table.to_pylist()
            if row["successes"] or row["failures"]
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


def test_every_judge_is_a_source_and_people_are_one(engine_over: EngineMaker) -> None:
    told = [
        *(outcome("success", "human", name, session="s") for name in ("h", "i")),
        *(outcome("failure", "llm", name, session="s") for name in ("x", "a")),
        outcome("success", "callback", "tests", session="s"),
        outcome("unclear", "llm", "silent", session="s"),
    ]
    with engine_over(ledger(outcomes=told)) as engine:
        found = sources(engine, engine.table("outcomes"))
    assert found.named == (
        Source(HUMAN, "people"),
        *(Source(LLM, "a"), Source(LLM, "x")),
        *(Source(CALLBACK, "calls"), Source(CALLBACK, "tests")),
    )
    assert {row["judge"]: row["digit"] for row in found.digits.to_pylist()} == {
        "h": 1, "i": 1, "a": 3, "x": 9, "": 27, "tests": 81,
    }  # fmt: skip


def test_judges_beyond_the_limit_share_a_source(engine_over: EngineMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queries.counting.outcomes.MAX_SOURCES", 2)
    told = [
        outcome("success", "llm", name, session=str(n)) for name, k in (("a", 1), ("b", 3), ("c", 2)) for n in range(k)
    ]
    with engine_over(ledger(outcomes=told)) as engine:
        found = sources(engine, engine.table("outcomes"))
    assert [source.name for source in found.named] == ["people", "b", "c", "others", "others"]
    assert [source.level for source in found.named][3:] == [LLM, CALLBACK]


def test_a_pattern_holds_the_vote_of_each_source() -> None:
    votes = votes_of(np.array([0, 1, 2, 2 + 3 + 2 * 9]), 3)
    assert votes.tolist() == [[0, 0, 0], [-1, 0, 0], [1, 0, 0], [1, -1, 1]]
    named = (Source(HUMAN, "people"), Source(LLM, "a"), Source(LLM, "b"))
    assert verdicts_of(np.array([[0, 1, -1], [-1, 1, 1], [0, 1, 0]]), named).tolist() == [0, -1, 1]


def test_one_client_has_few_verdicts_on_a_thing_in_a_period(engine_over: EngineMaker) -> None:
    """A client's further successes are counted, but do not raise the rate."""
    busy, rates = 3 * VERDICTS_PER_CLIENT, {}
    for uses in (VERDICTS_PER_CLIENT, busy):
        numbers = [str(number) for number in range(uses)]
        searches = [search(n, "a need", client="busy", ts_us=at(int(n))) for n in numbers]
        searches += [search("x", "a need", client="other", ts_us=at(1))]
        events = [event(n, "success", "a", ts_us=at(int(n), 1)) for n in numbers]
        events += [event("x", "click", "a", worked=False, ts_us=at(1, 1))]
        with engine_over(ledger(searches=searches, events=events)) as engine:
            log = whole_log(engine, at(100))
            found = choices(log.acts, intents_of(engine, log))
            outcomes = read_outcomes(engine, found, known_outcomes(engine, at(100)), votes_of_calls(log.acts))
            about = found.with_columns(nw.col("object_key").alias("target"))
            table = outcomes.of(engine, about, outcomes.patterns(engine, "said", about), ("object_key",))
        (row,) = table.to_pylist()
        assert (row["successes"], row["failures"]) == (uses, 1)
        rates[uses] = row["success_high"] - row["success_low"]
    assert rates[busy] > 0.8 * rates[VERDICTS_PER_CLIENT]
