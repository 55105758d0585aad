"""Times as files have them, brought to integer microseconds since 1970 in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.schemas import UNDATED

DAY_US: Final = 86_400_000_000
UNKNOWN: Final = -(1 << 62)
"""Stands for a missing time in the arrays of this module."""
UNREADABLE: Final = UNKNOWN + 1
"""Stands for a time that cannot be read."""
EARLIEST_US: Final = 631_152_000_000_000  # 1990-01-01: older than any log this is for
TOLERATED_FUTURE_US: Final = DAY_US

Int64Array = npt.NDArray[np.int64]


def to_microseconds(values: Sequence[Any] | pa.Array) -> Int64Array:
    """Return an (n,) array of microseconds; `UNKNOWN` for None and "", `UNREADABLE` for what is no time.

    Taken: ISO 8601 text (without an offset: UTC), datetimes, and epoch numbers, whose unit follows from their
    size (seconds below 1e11, milliseconds below 1e14, microseconds below 1e17, else nanoseconds).
    """
    try:
        texts = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
        stamps = pc.cast(texts, pa.timestamp("us", "UTC"))
        return stamps.cast(pa.int64()).fill_null(UNKNOWN).to_numpy()  # type: ignore[no-any-return]
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        each = values.to_pylist() if isinstance(values, pa.Array) else values
        return np.fromiter(map(_one, each), np.int64, len(values))


def _one(value: Any) -> int:
    if value is None or value == "":
        return UNKNOWN
    try:
        if isinstance(value, str):
            text = value.strip()
            return _of_number(float(text)) if _is_number(text) else _of_datetime(datetime.fromisoformat(text))
        if isinstance(value, datetime):
            return _of_datetime(value)
        if isinstance(value, date):
            return _of_datetime(datetime(value.year, value.month, value.day, tzinfo=UTC))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _of_number(value)
    except (ValueError, OverflowError):
        pass
    return UNREADABLE


def _is_number(text: str) -> bool:
    return len(text) > 8 and text.replace(".", "", 1).isdigit()  # shorter digit runs are dates: 20260131


def _of_number(value: float) -> int:
    size = abs(value)
    if size < 1e11:
        return round(value * 1_000_000)
    if size < 1e14:
        return round(value * 1_000)
    return round(value) if size < 1e17 else round(value / 1_000)


def _of_datetime(value: datetime) -> int:
    aware = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    since = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def outside_of_time(stamps: Int64Array, now_us: int) -> npt.NDArray[np.bool_]:
    """Say which known times lie before 1990 or more than a day after `now_us`."""
    known = stamps > UNREADABLE
    return known & ((stamps < EARLIEST_US) | (stamps > now_us + TOLERATED_FUTURE_US))


def event_dates(stamps: Int64Array) -> pa.Array:
    """Return the UTC dates as text, `undated` where the time is not known."""
    known = stamps > UNREADABLE
    days, where = np.unique(np.where(known, stamps // DAY_US, -1), return_inverse=True)
    names = [UNDATED if day < 0 else (np.datetime64(0, "D") + day).astype(str) for day in days.tolist()]
    return pa.DictionaryArray.from_arrays(pa.array(where.ravel(), pa.int32()), pa.array(names, pa.string())).cast(
        pa.string()
    )


def nullable(stamps: Int64Array) -> pa.Array:
    """Return the times as an Arrow column, null where not known."""
    return pa.array(stamps, pa.int64(), mask=stamps <= UNREADABLE)
