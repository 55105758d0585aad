"""Counted patterns of votes become rows of edges and of the manifest."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from queries.counting.outcomes import CALLBACK, HUMAN, LLM, Source
from queries.evidence.success_tables import OUTCOMES, fit_patterns, outcome_report, success_table

NAMED = (Source(HUMAN, "people"), Source(LLM, "judge of ann@example.org"), Source(CALLBACK, "calls"))
PEOPLE_YES, PEOPLE_NO, CALL_YES = 2, 1, 2 * 9
ROWS = [(7, 200, PEOPLE_YES, 6, 4), (7, 200, PEOPLE_NO, 2, 2), (7, 198, CALL_YES, 3, 3), (8, 200, PEOPLE_NO, 1, 0)]


def counted(rows: list[tuple[int, int, int, int, int]]) -> pa.Table:
    names = ("thing", "period", "pattern", "units", "counted")
    return pa.table(
        {name: pa.array(column, pa.int64()) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    )


SAID = pa.table({"pattern": [PEOPLE_YES, PEOPLE_NO, CALL_YES], "units": [6, 3, 3]})
MODEL = fit_patterns(SAID, NAMED)


def test_whole_verdicts_and_a_rate_that_weighs() -> None:
    seven, eight = success_table(counted(ROWS), ("thing",), MODEL, NAMED).to_pylist()
    assert (seven["successes"], seven["failures"]) == (9, 2)
    assert seven["success_n"] == pytest.approx(4 + 2 + 3 / 2)  # 3 cases two periods old weigh half
    assert 0 < seven["success_low"] < seven["success_rate"] < seven["success_high"] < 1
    assert (eight["successes"], eight["failures"], eight["success_rate"], eight["success_n"]) == (0, 1, None, None)


def test_the_order_of_rows_does_not_matter() -> None:
    expected = success_table(counted(ROWS), ("thing",), MODEL, NAMED)
    assert expected.column_names == ["thing", *OUTCOMES]
    for seed in range(3):
        shuffled = random.Random(seed).sample(ROWS, len(ROWS))
        assert success_table(counted(shuffled), ("thing",), MODEL, NAMED).equals(expected)


def test_the_manifest_names_sources_without_personal_data() -> None:
    report = outcome_report(SAID, MODEL, NAMED)
    assert report["success"]["judged"] == 12
    assert report["success"]["labelled_by_people"] == 9
    assert report["success"]["low"] < report["success"]["rate"] < report["success"]["high"]
    assert [source["kind"] for source in report["outcome_sources"]] == ["human", "llm", "callback"]
    assert "ann" not in report["outcome_sources"][1]["source"]
    assert report["outcome_sources"][2]["compared"] == 0


def test_without_outcomes_nothing_is_claimed() -> None:
    nothing = pa.table({"pattern": pa.array([], pa.int64()), "units": pa.array([], pa.int64())})
    assert outcome_report(nothing, fit_patterns(nothing, NAMED), NAMED)["success"] == {
        "judged": 0,
        "labelled_by_people": 0,
    }
