"""Strength as the job uses the click models."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pytest

from queries.evidence.strata import ONE_STRATUM, Strata
from queries.evidence.strength import strengths

COLUMNS = ("thing", "position", "period", "impressions", "clicks")


def shown(rows: list[tuple[int, int, int, int]], *periods: int) -> pa.Table:
    """The rows (thing, position, impressions, clicks) once in each period."""
    schema = pa.schema([(name, pa.int64()) for name in COLUMNS])
    dated = [(thing, place, period, n, clicks) for period in periods or (200,) for thing, place, n, clicks in rows]
    return pa.Table.from_pylist([dict(zip(COLUMNS, row, strict=True)) for row in dated], schema)


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
    assert found.rates.column_names == ["thing", "strength", "strength_low", "strength_high", "effective_n"]
    assert found.rates.num_rows == 0
    assert found.model == "none"


def test_one_period_weighs_in_full_however_long_ago() -> None:
    expected = strengths(shown(ROWS), ("thing",))
    for period in (-1, 0, 200):
        assert strengths(shown(ROWS, period), ("thing",)).rates.equals(expected.rates)


def test_older_evidence_weighs_less_and_widens_intervals() -> None:
    fresh, stale = shown(ROWS, 200), shown(ROWS, 200 - 2 * 4)
    other = shown([(6, 1, 500, 100), (6, 2, 500, 50)], 200)
    found = {}
    for name, rows in (("fresh", fresh), ("stale", stale)):
        rates = strengths(pa.concat_tables([rows, other]), ("thing",)).rates.to_pylist()
        found[name] = {row["thing"]: row for row in rates}
    for thing in (1, 2, 3):
        fresh_row, stale_row = found["fresh"][thing], found["stale"][thing]
        assert stale_row["effective_n"] < fresh_row["effective_n"] / 4
        assert stale_row["strength_high"] - stale_row["strength_low"] > 2 * (
            fresh_row["strength_high"] - fresh_row["strength_low"]
        )


def test_what_was_chosen_of_late_outweighs_what_was_chosen_before() -> None:
    rows = [(1, 1, 400, 160), (1, 2, 400, 80), (2, 1, 400, 40), (2, 2, 400, 20)]
    swapped = [(3 - thing, place, n, clicks) for thing, place, n, clicks in rows]
    rates = (
        strengths(pa.concat_tables([shown(rows, 196), shown(swapped, 200)]), ("thing",)).rates["strength"].to_pylist()
    )
    assert rates[1] > 1.8 * rates[0]


def test_weighed_counts_do_not_depend_on_the_order_of_rows() -> None:
    expected = strengths(shown(ROWS, 200, 197, 195, -1), ("thing",))
    again = shown(ROWS, 195, -1, 200, 197)
    shuffled = again.take(random.Random(1).sample(range(again.num_rows), again.num_rows))
    assert strengths(shuffled, ("thing",)).rates.equals(expected.rates)


def test_types_have_priors_of_their_own() -> None:
    """Of two things never shown before but twice, the one of the type that people choose more is the stronger."""
    rows = [(thing, place, 100, (30 if thing % 2 else 5) // place) for thing in range(10, 40) for place in (1, 2)] + [
        (1, 1, 2, 0),
        (2, 1, 2, 0),
    ]
    keys = np.arange(50)
    strata = Strata(keys, 1 - keys % 2)
    apart, together = (
        {row["thing"]: row for row in strengths(shown(rows), ("thing",), each).rates.to_pylist()}
        for each in (strata, ONE_STRATUM)
    )
    assert together[1]["strength"] == together[2]["strength"]
    assert apart[1]["strength"] > 2 * apart[2]["strength"]


def test_only_what_is_taught_says_what_is_usual() -> None:
    """Choices that do not teach raise what was chosen, and leave all else where it is."""
    taught = [0 if thing == 1 else n for thing, _, n, _ in ROWS], [0 if thing == 1 else c for thing, _, _, c in ROWS]
    raised = [(thing, place, n, n if thing == 1 else clicks) for thing, place, n, clicks in ROWS]
    found = []
    for rows in (ROWS, raised):
        table = shown(rows)
        for name, column in zip(("taught_impressions", "taught_clicks"), taught, strict=True):
            table = table.append_column(name, pa.array(column, pa.int64()))
        found.append({row["thing"]: row["strength"] for row in strengths(table, ("thing",)).rates.to_pylist()})
    before, after = found
    assert after[1] > before[1] + 0.5
    assert [after[thing] for thing in (2, 3, 4)] == [before[thing] for thing in (2, 3, 4)]
