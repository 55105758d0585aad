"""In which portions the log is counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queries.counting.blocks import Block, blocks_of, period_of
from queries.counting.decay import UNDATED_PERIOD

DATES = ["1969-12-31", "1970-03-31", "1970-04-01", "2026-01-01", "2026-01-02", "2026-01-03", "undated"]


def test_days_fill_a_block_and_a_large_day_is_one() -> None:
    sizes = {"2026-01-01": 4, "2026-01-02": 5, "2026-01-03": 6, "2026-01-04": 99, "2026-01-05": 1}
    assert [block.dates for block in blocks_of(sizes, 10)] == [
        ("2026-01-01", "2026-01-02"),
        ("2026-01-03",),
        ("2026-01-04",),
        ("2026-01-05",),
    ]


def test_what_is_undated_or_before_1970_is_one_block() -> None:
    assert blocks_of({"undated": 50, "1969-12-31": 50}, 10) == [Block(("1969-12-31", "undated"), UNDATED_PERIOD)]


def test_a_period_ends_a_block() -> None:
    assert [period_of(date) for date in ("1970-03-31", "1970-04-01")] == [0, 1]
    assert len(blocks_of({"1970-03-31": 1, "1970-04-01": 1}, 10)) == 2


@given(st.dictionaries(st.sampled_from(DATES), st.integers(0, 30)), st.integers(1, 40))
def test_every_date_is_in_one_block_and_later_dates_move_nothing(sizes: dict[str, int], at_once: int) -> None:
    blocks = blocks_of(sizes, at_once)
    assert sorted(date for block in blocks for date in block.dates) == sorted(sizes)
    assert all(period_of(date) == block.period for block in blocks for date in block.dates)
    if sizes:
        last = blocks[-1].dates[-1]
        before = blocks_of({date: size for date, size in sizes.items() if date != last}, at_once)
        assert before[: len(blocks) - 1] == blocks[:-1]
