"""What a part of the rank is: a value, its range, and every number that went in."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log1p
from typing import Any, Final

Z_95: Final = 1.959963984540054
"""95 % of a normal distribution lie within so many standard deviations."""


@dataclass(frozen=True)
class PartValue:
    """One part of one artifact. `value`, `low`, `high` between 0 and 1, all None when the part is not known."""

    value: float | None
    low: float | None
    high: float | None
    inputs: dict[str, Any] = field(default_factory=dict)
    """The numbers and texts that went in, as JSON."""
    presence: float = 1.0
    """The share of its weight that the part carries, between 0 and 1: less than 1 where little is known of it."""


def not_known(reason: str, **inputs: Any) -> PartValue:
    """Return the part of which nothing is known, and why."""
    return PartValue(None, None, None, {"not_known": reason, **inputs})


def known(value: float, low: float, high: float, **inputs: Any) -> PartValue:
    """Return a part cut to [0, 1], with `low` ≤ `value` ≤ `high`, rounded to 6 decimals."""
    value = clip(value)
    return PartValue(round(value, 6), round(min(clip(low), value), 6), round(max(clip(high), value), 6), inputs)


def clip(number: float) -> float:
    """Cut a number to [0, 1]."""
    return min(1.0, max(0.0, number))


def log_share(figure: float, full: float) -> float:
    """Return log(1 + figure) / log(1 + full), at most 1: tenfold figures are equal steps, and there is a top.

    >>> log_share(99, 9_999)
    0.5
    """
    return clip(log1p(max(0.0, figure)) / log1p(full))
