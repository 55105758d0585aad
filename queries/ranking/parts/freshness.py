"""Freshness: how recently an artifact changed, by a half-life."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from graph.times import iso_date
from queries.ranking.parts.value import PartValue, known, not_known

DAY_US: Final = 86_400_000_000

FORMULA: Final = (
    "2 ^ (-age in days / half-life of the type), age from the last stated change to the snapshot's time; "
    "range: the same with the half-life divided and multiplied by the stated factor"
)


def freshness(artifact: Mapping[str, Any], now_us: int, half_life_days: float, factor: float) -> PartValue:
    """Return the freshness part of an artifact row (`updated_at` in microseconds, or None).

    A date after `now_us` counts as today and is said so in the inputs.
    """
    updated_at = artifact.get("updated_at")
    if updated_at is None:
        return not_known("no date of the last change is stated")
    age = (now_us - updated_at) / DAY_US
    days = max(0.0, age)
    inputs: dict[str, Any] = {"updated_at": iso_date(updated_at), "age_days": round(days, 1)}
    inputs |= {"half_life_days": half_life_days, "factor": factor}
    if age < 0:
        inputs["warning"] = "the stated date lies after the snapshot's time"
    at = [2.0 ** (-days / (half_life_days * scale)) for scale in (1, 1 / factor, factor)]
    return known(*at, **inputs)
