"""Adoption: how widely an artifact is used, from the stars, downloads and likes that its sources state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from queries.parts.value import PartValue, known, log_share, not_known

FORMULA: Final = (
    "mean over the known figures of log(1 + figure) / log(1 + full figure of the type), each at most 1; "
    "range: from the lowest figure's value to the highest's, ± the stated half width if only one is known"
)


def adoption(artifact: Mapping[str, Any], full: Mapping[str, float], single_figure: float) -> PartValue:
    """Return the adoption part of an artifact row.

    `full`: for each figure's column the number at which it counts in full. `single_figure`: half width of the range
    when one figure stands alone. A figure that is not stated is left out, never taken for zero.
    """
    figures = {name: artifact[name] for name in full if artifact.get(name) is not None}
    if not figures:
        return not_known("no stars, downloads or likes are stated", sources=artifact.get("sources") or [])
    shares = {name: log_share(figure, full[name]) for name, figure in figures.items()}
    value = sum(shares.values()) / len(shares)
    spread = (single_figure, single_figure) if len(shares) == 1 else _spread(shares, value)
    return known(
        value,
        value - spread[0],
        value + spread[1],
        figures=figures,
        full={name: full[name] for name in figures},
        shares={name: round(share, 6) for name, share in shares.items()},
        sources=artifact.get("sources") or [],
    )


def _spread(shares: Mapping[str, float], value: float) -> tuple[float, float]:
    return value - min(shares.values()), max(shares.values()) - value
