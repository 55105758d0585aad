from datetime import UTC, datetime, timedelta, timezone

import click
import pytest
from click.testing import CliRunner

from api.cli.clock import end_of_day, microseconds, time_option

LAST = 1_793_577_599_999_999  # 2026-11-01T23:59:59.999999Z


@click.command()
@time_option("--now", "A time.")
def echo(now: int | None) -> None:
    click.echo(str(now))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2026-11-01T00:00:00Z", LAST - 86_400_000_000 + 1),
        ("2026-11-01T01:00:00+01:00", LAST - 86_400_000_000 + 1),
        ("2026-11-01T00:00:00", LAST - 86_400_000_000 + 1),
        ("2026-11-01", LAST),
        ("20261101", LAST),
    ],
)
def test_times_are_utc_and_a_day_means_its_end(given: str, expected: int) -> None:
    assert CliRunner().invoke(echo, ["--now", given]).output == f"{expected}\n"


def test_no_time_is_none_and_nonsense_is_wrong_use() -> None:
    assert CliRunner().invoke(echo, []).output == "None\n"
    refused = CliRunner().invoke(echo, ["--now", "soon"])
    assert refused.exit_code == 2
    assert "ISO 8601" in refused.output


def test_end_of_day_is_the_utc_day() -> None:
    late_in_new_york = datetime(2026, 11, 1, 21, 0, tzinfo=timezone(timedelta(hours=-5)))
    assert end_of_day(late_in_new_york) == datetime(2026, 11, 2, 23, 59, 59, 999999, tzinfo=UTC)
    assert microseconds(end_of_day(datetime(2026, 11, 1, tzinfo=UTC))) == LAST
