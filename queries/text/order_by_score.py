"""The order of hits: by score, the highest first, and where scores are equal by number. To be compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def sort_by_score(order: npt.NDArray[np.int64], scores: npt.NDArray[np.float64], numbers: npt.NDArray[Any]) -> None:
    """Sort places by score, the highest first, then by number (Shell 1959, steps of Knuth)."""
    step = 1
    while step < len(order):
        step = 3 * step + 1
    while step > 1:
        step //= 3
        for i in range(step, len(order)):
            place, j = order[i], i
            while j >= step and _before(scores, numbers, place, order[j - step]):
                order[j] = order[j - step]
                j -= step
            order[j] = place


def _before(scores: npt.NDArray[np.float64], numbers: npt.NDArray[Any], one: int, other: int) -> bool:
    """Say which of two comes first."""
    earlier = numbers[one] < numbers[other]
    return bool(scores[one] > scores[other] or (scores[one] == scores[other] and earlier))
