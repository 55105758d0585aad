"""Strength as the job uses the click models."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from queries.strength import strengths

COLUMNS = ("thing", "position", "impressions", "clicks")


def shown(rows: list[tuple[int, int, int, int]]) -> pa.Table:
    schema = pa.schema([(name, pa.int64()) for name in COLUMNS])
    return pa.Table.from_pylist([dict(zip(COLUMNS, row, strict=True)) for row in rows], schema)


# Things 1 and 2 are chosen equally often in all, but 2 was mostly shown below, where fewer look.
ROWS = [
    (1, 1, 900, 90), (1, 2, 100, 5),
    (2, 1, 100, 18), (2, 2, 900, 77),
    (3, 1, 500, 50), (3, 2, 500, 25),
    (4, 1, 2, 0), (5, 0, 10, 9),
]  # fmt: skip


def test_position_is_accounted_for() -> None:
    found = strengths(shown(ROWS), ("thing",))
    rates = {row["thing"]: row for row in found.rates.to_pylist()}
    assert found.model == "pbm"
    assert rates[2]["strength"] > 1.5 * rates[1]["strength"]
    assert rates[1]["strength"] == pytest.approx(rates[3]["strength"], rel=0.15)
    for row in rates.values():
        assert 0 < row["strength_low"] < row["strength"] < row["strength_high"] < 1
    width = {thing: row["strength_high"] - row["strength_low"] for thing, row in rates.items()}
    assert width[4] > width[3]  # two impressions say less than a thousand


def test_unknown_positions_say_nothing() -> None:
    assert 5 not in strengths(shown(ROWS), ("thing",)).rates["thing"].to_pylist()


def test_order_and_splitting_of_rows_do_not_matter() -> None:
    expected = strengths(shown(ROWS), ("thing",))
    split = [
        (thing, place, part, clicks)
        for thing, place, n, clicks in ROWS
        for part, clicks in ((n - n // 3, clicks), (n // 3, 0))
    ]
    for seed in range(3):
        random.Random(seed).shuffle(split)
        assert strengths(shown(split), ("thing",)).rates.equals(expected.rates)


def test_nothing_shown() -> None:
    found = strengths(shown([]), ("thing",))
    assert found.rates.column_names == ["thing", "strength", "strength_low", "strength_high"]
    assert found.rates.num_rows == 0
    assert found.model == "none"
