import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.render import numbers
from api.render.numbers import NO_VALUE, add_up, day, interval, rounded, window

CONTRIBUTION = st.decimals(min_value=0, max_value=100, places=2).map(float)


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(numbers).failed == 0


@given(st.lists(CONTRIBUTION, max_size=8), st.integers(min_value=0, max_value=2))
def test_printed_parts_add_up_to_the_printed_sum(values: list[float], decimals: int) -> None:
    printed, total = add_up(values, decimals)
    assert sum(map(number, printed), Decimal(0)) == number(total)


@given(st.lists(CONTRIBUTION, max_size=8))
def test_no_part_moves_by_a_whole_unit_and_the_sum_is_the_rounded_sum(values: list[float]) -> None:
    printed, total = add_up(values)
    assert all(
        abs(number(text) - Decimal(str(value))) < Decimal("0.1") for text, value in zip(printed, values, strict=True)
    )
    exact = sum((Decimal(str(value)) for value in values), Decimal(0))
    assert total == rounded(float(exact))


def test_thirds_go_to_the_first_of_equal_remainders() -> None:
    assert add_up([33.33, 33.33, 33.34]) == (["33.3", "33.3", "33.4"], "100.0")
    assert add_up([0.05, 0.05]) == (["0.1", "0.0"], "0.1")


def test_unknown_parts_stay_unknown() -> None:
    assert add_up([None, None]) == ([NO_VALUE, NO_VALUE], "0.0")
    assert add_up([]) == ([], "0.0")


@given(CONTRIBUTION)
def test_a_number_is_written_as_in_the_sentences_of_a_verdict(value: float) -> None:
    assert rounded(value) == f"{value:.1f}"
    assert add_up([value])[1] == f"{value:.1f}"


def test_intervals_and_windows_with_a_missing_end() -> None:
    assert interval(None, 3) == NO_VALUE
    assert window(None, None) == "not known"
    assert window("2026-01-01", None) == "2026-01-01 to not known"


@pytest.mark.parametrize(
    ("moment", "expected"), [(0, "1970-01-01"), (-1, "1969-12-31"), (253402300799999999, "9999-12-31")]
)
def test_day_of_a_time_in_microseconds(moment: int, expected: str) -> None:
    assert day(moment) == expected
