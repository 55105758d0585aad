from __future__ import annotations

from graph.times import iso_date, iso_time


def test_times_are_written_to_the_second_in_utc() -> None:
    assert iso_time(0) == "1970-01-01T00:00:00Z"
    assert iso_time(-1) == "1969-12-31T23:59:59Z"
    assert iso_date(86_400_000_000) == "1970-01-02"


def test_none_and_impossible_times_are_not_known() -> None:
    assert iso_time(None) is None
    assert iso_date(2**62) is None
