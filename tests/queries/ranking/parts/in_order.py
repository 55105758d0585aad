"""Whether a part is as every part must be."""

from __future__ import annotations

from queries.ranking.parts.value import PartValue


def in_order(part: PartValue) -> bool:
    """Say whether 0 ≤ low ≤ value ≤ high ≤ 1."""
    return part.value is not None and 0 <= (part.low or 0) <= part.value <= (part.high or 0) <= 1
