"""Ecosystem: how an artifact stands among the others, from counts of other makers (`queries.ranking.surroundings`)."""

from __future__ import annotations

from collections.abc import Mapping
from math import hypot
from typing import Any, Final

from queries.ranking.parts.value import PartValue, known, log_share, not_known

FORMULA: Final = (
    "mean over the known figures of log(1 + count) / log(1 + full count), each at most 1; counts are of distinct other "
    "makers; range: root of the sum of squares of the half widths, divided by their number, each with the 95 % "
    "interval of a count that came by chance (Poisson; Garwood 1936)"
)


def ecosystem(counts: Mapping[str, int | None], full: Mapping[str, float], named_by: list[str]) -> PartValue:
    """Return the ecosystem part from counts of distinct other makers; None counts are not known.

    `full` has the keys of `counts`, and the count at which each is full; `named_by` lists up to a few artifacts that
    name it, for the inputs.
    """
    figures = {name: count for name, count in counts.items() if count is not None}
    if not figures:
        return not_known("the catalogue has no other artifact, or no text or capability to compare")
    shares = [log_share(count, full[name]) for name, count in figures.items()]
    ends = [[log_share(end, full[name]) for end in _poisson_interval(count)] for name, count in figures.items()]
    value = sum(shares) / len(shares)
    below = hypot(*(share - low for share, (low, _) in zip(shares, ends, strict=True))) / len(shares)
    above = hypot(*(high - share for share, (_, high) in zip(shares, ends, strict=True))) / len(shares)
    inputs: dict[str, Any] = {"counts": figures, "full": {name: full[name] for name in figures}}
    if named_by:
        inputs["named_by"] = named_by
    return known(value, value - below, value + above, **inputs)


def _poisson_interval(count: int) -> tuple[float, float]:
    """Return the exact 95 % interval of the mean of a Poisson count.

    Garwood 1936, "Fiducial limits for the Poisson distribution".

    >>> [round(end, 2) for end in _poisson_interval(0)], [round(end, 2) for end in _poisson_interval(10)]
    ([0.0, 3.69], [4.8, 18.39])
    """
    from scipy.special import gammaincinv  # a second of start-up that most commands do not need

    low = float(gammaincinv(count, 0.025)) if count else 0.0
    return low, float(gammaincinv(count + 1, 0.975))
