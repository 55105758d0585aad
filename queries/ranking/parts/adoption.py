"""Adoption: how widely an artifact is used, from the stars, downloads and likes that its sources state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, Final

from queries.ranking.parts.value import Z_95, PartValue, known, log_share, not_known

FORMULA: Final = (
    "mean over the known figures of log(1 + figure) / log(1 + full figure of the type), each at most 1; "
    "range: ± 1.96 s / sqrt(n), s^2 = (h^2 + sum of squares of the n figures' distances from their mean) / n, "
    "h = stated half width of a single figure / 1.96"
)


def adoption(artifact: Mapping[str, Any], full: Mapping[str, float], single_figure: float) -> PartValue:
    """Return the adoption part of an artifact row.

    `full`: for each figure's column the number at which it counts in full. `single_figure`: half width of the range
    when one figure stands alone: it counts as one observation of how far figures scatter, so that two that agree by
    chance are not taken for certain. A figure that is not stated is left out, never taken for zero.
    """
    figures = {name: artifact[name] for name in full if artifact.get(name) is not None}
    if not figures:
        return not_known("no stars, downloads or likes are stated", sources=artifact.get("sources") or [])
    shares = {name: log_share(figure, full[name]) for name, figure in figures.items()}
    value = sum(shares.values()) / len(shares)
    half = _half_width(list(shares.values()), value, single_figure)
    return known(
        value,
        value - half,
        value + half,
        figures=figures,
        full={name: full[name] for name in figures},
        shares={name: round(share, 6) for name, share in shares.items()},
        sources=artifact.get("sources") or [],
    )


def _half_width(shares: Sequence[float], mean: float, single_figure: float) -> float:
    squares = (single_figure / Z_95) ** 2 + sum((share - mean) ** 2 for share in shares)
    return Z_95 * sqrt(squares) / len(shares)
