"""Does confidence keep its word? Of hits with a confidence of about 0.7, seven in ten should be right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from queries.evidence.intervals import beta_interval

BINS: Final = 10


def reliability(confidence: Sequence[float], right: Sequence[bool]) -> list[dict[str, float | int]]:
    """Return up to `BINS` groups of equally many hits, from the least confident on.

    Each has `hits`, their mean `confidence`, the share that is `right` and the 95 % interval of it, `low` to `high`.
    """
    order = np.argsort(np.asarray(confidence), kind="stable")
    groups = [group for group in np.array_split(order, BINS) if len(group)]
    found: list[dict[str, float | int]] = []
    for group in groups:
        count, mean = int(np.asarray(right)[group].sum()), float(np.asarray(confidence)[group].mean())
        _, low, high = (float(end[0]) for end in beta_interval([count], [len(group)]))
        ends = {"right": count / len(group), "low": low, "high": high}
        rounded = {name: round(value, 4) for name, value in ends.items()}
        found.append({"hits": len(group), "confidence": round(mean, 4), **rounded})
    return found
