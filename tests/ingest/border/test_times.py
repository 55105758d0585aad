"""Times of every kind."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from ingest.border.times import UNKNOWN, UNREADABLE, event_dates, nullable, outside_of_time, to_microseconds

NOON = 1_777_636_800_000_000  # 2026-05-01T12:00:00Z


@pytest.mark.parametrize(
    "value",
    [
        "2026-05-01T12:00:00Z",
        "2026-05-01T12:00:00.000+0000",
        "2026-05-01T14:00:00+02:00",
        "2026-05-01T12:00:00",
        "2026-05-01 12:00:00",
        1_777_636_800,
        1_777_636_800.0,
        1_777_636_800_000,
        1_777_636_800_000_000,
        1_777_636_800_000_000_000,
        "1777636800000",
        datetime(2026, 5, 1, 12, tzinfo=UTC),
        datetime(2026, 5, 1, 12),  # noqa: DTZ001  (without zone: UTC)
    ],
)
def test_the_same_moment(value: object) -> None:
    assert to_microseconds([value]).tolist() == [NOON]
    assert to_microseconds([value, None, 5.5e11]).tolist()[:2] == [NOON, UNKNOWN]


def test_dates_are_midnight() -> None:
    midnight = NOON - 12 * 3_600_000_000
    assert to_microseconds(["2026-05-01", date(2026, 5, 1), "20260501"]).tolist() == [midnight] * 3


@pytest.mark.parametrize("value", ["yesterday", "2026-13-01", "12", True, [1], "2026-05-01T99:00Z", float("inf")])
def test_what_is_no_time(value: object) -> None:
    assert to_microseconds([value]).tolist() == [UNREADABLE]


def test_nothing_is_unknown() -> None:
    assert to_microseconds([None, ""]).tolist() == [UNKNOWN, UNKNOWN]
    assert nullable(to_microseconds([None, "2026-05-01T12:00:00Z"])).to_pylist() == [None, NOON]


def test_days_are_utc_days() -> None:
    stamps = to_microseconds(["2026-05-01T23:59:59Z", None, "2026-05-02T00:30:00+02:00"])
    assert event_dates(stamps).to_pylist() == ["2026-05-01", "undated", "2026-05-01"]


def test_the_future_and_the_distant_past_are_outside() -> None:
    stamps = to_microseconds(["1969-01-01", "2026-05-02T12:00:01Z", "2026-05-02T11:59:00Z", None])
    assert outside_of_time(stamps, NOON).tolist() == [True, True, False, False]
    assert np.array_equal(outside_of_time(np.array([], np.int64), NOON), [])
