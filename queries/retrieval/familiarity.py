"""Whether a need is like those that this catalogue serves: in a log every need found something, so that whatever is
fitted to it learns that something always fits.

What a log does tell is how well served needs stand: the log odds that anything fits (`queries.retrieval.odds.anything`)
of each past intent, asked as if it had not been logged. The share of them that stand no better than a query, the query
itself counted, is a conformal p value (Vovk, Gammerman & Shafer 2005, "Algorithmic Learning in a Random World"): of
needs like the logged ones at most one in fifty has less than 0.02. Below `RARE` the confidence of all hits shrinks in
proportion. Below the lowest past intent the share falls as the odds do, the tail of a logistic distribution.
"""

from __future__ import annotations

from math import exp
from typing import Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

RARE: Final = 0.02
"""Needs of which so few stand so badly are no longer taken for needs like the logged ones."""

Lowest = tuple[tuple[float, float], ...]
"""Log odds that anything fits, ascending, each with the share of past intents, one unknown among them, below it."""


def lowest(anything: Matrix, counts: Matrix) -> Lowest:
    """Return the part below `RARE` of past intents with these log odds (n,), each counted `counts` times (n,).

    Empty where so few intents count that none of them is rare.

    >>> lowest(np.arange(99.0), np.ones(99))[:2]
    ((0.0, 0.01), (1.0, 0.02))
    """
    order = np.argsort(anything, kind="stable")
    shares = (1 + np.cumsum(counts[order]) - counts[order]) / (1 + counts.sum())
    kept = order[: int(np.searchsorted(shares, RARE, side="left")) + 1]
    if not len(kept) or shares[0] >= RARE:
        return ()
    pairs = zip(anything[kept].round(4).tolist(), shares.round(6).tolist(), strict=False)
    return tuple(pairs)


def familiarity(anything: float, served: Lowest) -> float:
    """Return what the confidence of a query's hits is multiplied with, 0 to 1, given the log odds that anything fits.

    >>> served = ((-1.0, 0.004), (0.0, 0.012), (1.0, 0.02))
    >>> [round(familiarity(odds, served), 4) for odds in (2.0, 0.5, -1.0, -3.0)], familiarity(-9.0, ())
    ([1.0, 0.8, 0.2, 0.0271], 1.0)
    """
    if not served or anything >= served[-1][0]:
        return 1.0
    least, share = served[0]
    if anything < least:
        return min(1.0, share * exp(anything - least) / RARE)
    odds, shares = zip(*served, strict=True)
    return min(1.0, float(np.interp(anything, odds, shares)) / RARE)
