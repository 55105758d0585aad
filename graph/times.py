"""Dates as people and programs read them: ISO 8601 in UTC, from integer microseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

ISO_SECOND: Final = "%Y-%m-%dT%H:%M:%SZ"
"""The form of every time in an answer."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def iso_time(time_us: int | None) -> str | None:
    """Return a time to the second; None for None and for times outside the years 1 to 9999.

    >>> iso_time(1_793_491_200_000_000)
    '2026-11-01T00:00:00Z'
    """
    moment = _moment(time_us)
    return None if moment is None else moment.strftime(ISO_SECOND)


def iso_date(time_us: int | None) -> str | None:
    """Return the UTC day of a time; None as in `iso_time`.

    >>> iso_date(1_793_491_200_000_000)
    '2026-11-01'
    """
    moment = _moment(time_us)
    return None if moment is None else moment.strftime("%Y-%m-%d")


def _moment(time_us: int | None) -> datetime | None:
    try:
        return None if time_us is None else _EPOCH + timedelta(microseconds=time_us)
    except OverflowError:
        return None
