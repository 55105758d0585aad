"""Which capability of A answers which of B: the assignment with the largest sum of similarities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def best_pairs(
    left: Sequence[str], right: Sequence[str], similarity: Mapping[tuple[str, str], float]
) -> list[tuple[str, str, float]]:
    """Pair ids of `left` with ids of `right`, each at most once, so that the sum of similarities is largest.

    `similarity` holds the pairs that may be made; others are never made. Best pairs first, then by id.
    Hungarian method as in Crouse 2016, "On implementing 2D rectangular assignment algorithms" (SciPy).

    >>> best_pairs(["a", "b"], ["x", "y"], {("a", "x"): 0.9, ("a", "y"): 0.8, ("b", "x"): 0.7})
    [('a', 'y', 0.8), ('b', 'x', 0.7)]
    """
    from scipy.optimize import linear_sum_assignment  # a second of start-up that most commands do not need

    rows, columns = sorted(left), sorted(right)
    values = np.array([[similarity.get((a, b), 0.0) for b in columns] for a in rows]).reshape(len(rows), len(columns))
    taken = zip(*linear_sum_assignment(values, maximize=True), strict=True)
    pairs = [(rows[a], columns[b], float(values[a, b])) for a, b in taken if values[a, b] > 0]
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))
