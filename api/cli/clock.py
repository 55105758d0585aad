"""Times given on the command line, and the time taken when none is given."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final

import click

from api.cli.declaring import Decorator

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """Return microseconds since 1970; a time without zone is taken as UTC."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1)


def clock_us() -> int:
    """Return the present time in microseconds since 1970."""
    return microseconds(datetime.now(UTC))


def end_of_day(moment: datetime) -> datetime:
    """Return the last microsecond of the UTC day of a time."""
    return datetime.combine(moment.astimezone(UTC).date(), time.max, UTC)


def end_of_today_us() -> int:
    """Return the end of the current UTC day, so that all runs of one day give the same answer."""
    return microseconds(end_of_day(datetime.now(UTC)))


def time_option(name: str, what: str) -> Decorator:
    """Add an option for a time in ISO 8601; passed on in microseconds since 1970, None if it is not given."""
    return click.option(name, metavar="ISO8601", callback=_read_time, help=what)


def _read_time(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """Read a time; a day alone means its end in UTC. Anything else is wrong use (exit code 2)."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        reason = f"{value!r} is no ISO 8601 time, for example 2026-11-01 or 2026-11-01T12:00:00Z."
        raise click.BadParameter(reason, context, parameter) from error
    if len(value) <= len("YYYY-MM-DD"):
        moment = end_of_day(moment.replace(tzinfo=UTC))
    return microseconds(moment)
