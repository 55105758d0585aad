"""How numbers, dates and the unknown are written.

Ranks and their parts are written with one decimal. Rounding each part by itself would print sums that do not
add up, so parts are rounded together (`add_up`). Single numbers are rounded as Python's own formatting does, so that a
table agrees with the sentences of a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Final

NOT_KNOWN: Final = "not known"
NO_VALUE: Final = "—"
"""Stands in a cell of numbers for what is not known."""

_THOUSAND: Final = 1_000

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def rounded(value: float | None, decimals: int = 1) -> str:
    """Write a number with fixed decimals; a dash for what is not known.

    >>> rounded(46.22), rounded(None), rounded(-0.01), rounded(1234.5)
    ('46.2', '—', '0.0', '1,234.5')
    """
    return NO_VALUE if value is None else f"{value:z,.{decimals}f}"


def add_up(values: Sequence[float | None], decimals: int = 1) -> tuple[list[str], str]:
    """Write numbers so that what is printed adds up to the printed sum; None stays a dash and counts as nothing.

    Largest-remainder rounding (Hamilton's method): all numbers are rounded down, then the units still missing to
    the rounded sum go to the largest remainders, ties to the earlier number. No number moves by a whole unit.

    >>> add_up([21.34, 14.47, 10.41, None])
    (['21.3', '14.5', '10.4', '—'], '46.2')
    """
    known = [(place, Decimal(repr(float(value)))) for place, value in enumerate(values) if value is not None]
    exact_sum = sum((value for _, value in known), Decimal(0))
    total = Decimal(f"{float(exact_sum):.{decimals}f}")
    unit = Decimal(1).scaleb(-decimals)
    printed = {place: value.quantize(unit, ROUND_FLOOR) for place, value in known}
    missing = int((total - sum(printed.values(), Decimal(0))) / unit)
    for place, _ in sorted(known, key=lambda pair: (printed[pair[0]] - pair[1], pair[0]))[:missing]:
        printed[place] += unit
    texts = [f"{printed[place]:,f}" if place in printed else NO_VALUE for place in range(len(values))]
    return texts, f"{total:,f}"


def percent(share: float | None, decimals: int = 0) -> str:
    """Write a share between 0 and 1 as per cent.

    >>> percent(0.857), percent(None)
    ('86 %', '—')
    """
    return NO_VALUE if share is None else f"{rounded(100 * share, decimals)} %"


def chance(probability: float | None) -> str:
    """Write a probability as per cent; what is neither impossible nor certain is not written as if it were.

    >>> chance(0.857), chance(0.0004), chance(0.9996), chance(0.0), chance(None)
    ('86 %', 'under 1 %', 'over 99 %', '0 %', '—')
    """
    if probability is not None and 0 < probability < 0.01:
        return "under 1 %"
    if probability is not None and 0.99 < probability < 1:
        return "over 99 %"
    return percent(probability)


def count(number: int | None) -> str:
    """Write a whole number with separators between thousands.

    >>> count(1234567), count(None)
    ('1,234,567', '—')
    """
    return NO_VALUE if number is None else f"{number:,}"


def significant(value: float) -> str:
    """Write a figure with four digits that count, more for thousands, and never as a power of ten.

    >>> significant(1e8), significant(0.33114), significant(0.00002), significant(12345.6), significant(-0.0)
    ('100,000,000', '0.3311', '0.00002', '12,346', '0')
    """
    if abs(value) >= _THOUSAND:
        return f"{value:,.0f}"
    return format(Decimal(f"{value:z.4g}"), "f")


def ordinal(number: int) -> str:
    """Write a place.

    >>> [ordinal(place) for place in (1, 2, 3, 4, 11, 22, 1013)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd', '1,013th']
    """
    teens = number % 100 in (11, 12, 13)
    return f"{number:,}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def interval(low: float | None, high: float | None, decimals: int = 1) -> str:
    """Write an interval.

    >>> interval(41, 51.36), interval(None, None)
    ('41.0 to 51.4', '—')
    """
    if low is None or high is None:
        return NO_VALUE
    return f"{rounded(low, decimals)} to {rounded(high, decimals)}"


def day(moment: int | str | None) -> str:
    """Write the UTC day of a time in microseconds since 1970, or of an ISO 8601 text.

    >>> day(1_793_404_800_000_000), day("2026-10-31T08:00:00Z"), day(None)
    ('2026-10-31', '2026-10-31', 'not known')
    """
    if moment is None:
        return NOT_KNOWN
    if isinstance(moment, str):
        return moment[:10]
    return (_EPOCH + timedelta(microseconds=moment)).date().isoformat()


def window(first: int | str | None, last: int | str | None) -> str:
    """Write the days between which something was seen, or the one day.

    >>> window("2026-09-02", "2026-10-31"), window("2026-09-02", "2026-09-02")
    ('2026-09-02 to 2026-10-31', '2026-09-02')
    """
    if first is None and last is None:
        return NOT_KNOWN
    begin, end = day(first), day(last)
    return begin if begin == end else f"{begin} to {end}"
