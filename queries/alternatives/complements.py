"""Complements: unlike artifacts that were chosen in the same sessions more often than by chance.

For two artifacts chosen in n_a and n_b of N sessions, and together in n_ab, the sign is Dunning's log-likelihood ratio
G² of the 2 x 2 table (Dunning 1993, "Accurate methods for the statistics of surprise and coincidence"), which stays
honest for rare ones. A pair counts if G² ≥ `MIN_G2` (about p = .001), n_ab exceeds its expectation, at least
`MIN_CLIENTS` clients stand behind it, and neither is an alternative of the other. score = G² / (G² + `HALF_G2`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
from scipy.special import xlogy

from queries.counting.together import Together

Row = dict[str, Any]

FORMULA: Final = (
    "score = G2 / (G2 + 20), G2 the log-likelihood ratio of the 2 x 2 table of sessions with both, with one, with the "
    "other and with neither (Dunning 1993); from 10.83 on, by at least 2 clients, and no alternatives of each other"
)

MIN_G2: Final = 10.83
HALF_G2: Final = 20.0
MIN_CLIENTS: Final = 2
KEPT: Final = 20

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def complements(together: Together, alternatives: set[tuple[str, str]]) -> list[Row]:
    """Return the complements of each artifact as `RELATED` rows.

    `alternatives`: pairs that stand in for each other, in either direction.
    """
    pairs = together.pairs.filter(pc.field("clients") >= MIN_CLIENTS)
    left, right, both = (pairs[name].to_numpy() for name in ("left_id", "right_id", "sessions"))
    alone = dict(zip(*(together.alone[name].to_pylist() for name in ("artifact_id", "sessions")), strict=True))
    of_left, of_right = (np.array([alone[each] for each in side], np.int64) for side in (left, right))
    g2 = np.round(log_likelihood_ratio(both, of_left, of_right, together.sessions), 9)
    found: dict[str, list[tuple[float, str, int]]] = defaultdict(list)
    for row in np.flatnonzero(g2 >= MIN_G2).tolist():
        a, b = left[row], right[row]
        if (a, b) not in alternatives and (b, a) not in alternatives:
            found[a].append((-g2[row], b, row))
            found[b].append((-g2[row], a, row))
    return [
        _row(
            artifact_id,
            place,
            other,
            float(-minus_g2),
            _told(pairs.slice(row, 1).to_pylist()[0], alone[artifact_id], alone[other], together.sessions),
        )
        for artifact_id, others in found.items()
        for place, (minus_g2, other, row) in enumerate(sorted(others)[:KEPT], start=1)
    ]


def _told(pair: Row, mine: int, its: int, total: int) -> str:
    """Return the counts of a pair in one line; from them G² follows."""
    return (
        f"chosen together in {pair['sessions']} sessions by {pair['clients']} clients; by chance it would be "
        f"{mine * its / total:.1f} (chosen in {mine} and {its} of {total:,} sessions)"
    )


def log_likelihood_ratio(both: Counts, left: Counts, right: Counts, total: int) -> Floats:
    """Return G² of two events each counted in `total` trials, zero where they meet no more often than by chance: (n,).

    >>> log_likelihood_ratio(np.array([1, 2]), np.array([2, 2]), np.array([2, 2]), 4).round(3).tolist()
    [0.0, 5.545]
    """
    seen = [both, left - both, right - both, total - left - right + both]
    mean = [row * (column / total) for row in (left, total - left) for column in (right, total - right)]
    g2 = 2 * sum(xlogy(cell, cell) - xlogy(cell, usual) for cell, usual in zip(seen, mean, strict=True))
    beyond_chance: Floats = np.where(both * total > left * right, g2, 0.0)
    return beyond_chance


def _row(artifact_id: str, place: int, other: str, g2: float, text: str) -> Row:
    return {
        "artifact_id": artifact_id,
        "relation": "complement",
        "other_id": other,
        "score": round(g2 / (g2 + HALF_G2), 6),
        "place": place,
        "reasons": json.dumps([{"kind": "together", "text": text, "weight": 1.0}], ensure_ascii=False),
    }
