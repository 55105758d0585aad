"""Which of two is better, from searches that showed both: Bradley and Terry's model with Davidson's ties.

In a search that showed A and B and led to a choice of at least one, with A above (o = 1) or below (o = -1):

    P(A alone) ∝ exp((θ + o δ) / 2),    P(B alone) ∝ exp(-(θ + o δ) / 2),    P(both) ∝ ν

θ is how much better A is (log odds), ν how often both are taken (Davidson 1970, "On extending the Bradley-Terry model
to accommodate ties"), δ the advantage of standing above (Davidson & Beaver 1977), which is the same for all pairs and
given. θ and log ν are fitted by Newton's method; one search of an imagined client (`IMAGINED` for each outcome and
order) keeps them finite. Searches of one client are not independent: the variance of θ is the sandwich clustered by
client (Liang & Zeger 1986), at least that of independent searches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import erf, fsum, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

IMAGINED: Final = 1 / 6
FEWEST_CLIENTS: Final = 5
"""With fewer clients nothing is said."""
SURE: Final = 0.95
_STEPS: Final = 50


@dataclass(frozen=True)
class Duels:
    """Searches that showed A and B and led to a choice of one of them or of both."""

    wins_a: tuple[float, float]
    """A alone was chosen: with A above, with B above. The others likewise."""
    wins_b: tuple[float, float]
    ties: tuple[float, float]
    clients: int
    products: tuple[float, ...]
    """Sums over clients of the products of (2 wins of A + ties, ties, searches with A above, with B above), each pair
    of these four once, in the order 11, 12, 13, 14, 22, 23, 24, 33, 34, 44."""

    @property
    def searches(self) -> float:
        """All of them."""
        return sum(self.wins_a) + sum(self.wins_b) + sum(self.ties)


@dataclass(frozen=True)
class Fit:
    """What the duels say."""

    theta: float
    """Log odds of A against B where neither stands above."""
    error: float
    """Standard error of `theta`."""
    tie_log: float
    """log ν"""
    design_effect: float
    """How many times larger the variance is than that of independent searches; at least 1."""

    @property
    def probability_better(self) -> float:
        """P(θ > 0)."""
        return 0.5 * (1 + erf(self.theta / self.error / sqrt(2)))

    @property
    def shares(self) -> tuple[float, float, float]:
        """P(A alone), P(B alone), P(both) where neither stands above."""
        a, b, tie = _chances(self.theta, self.tie_log)
        return float(a), float(b), float(tie)


def fit(duels: Duels, advantage: float) -> Fit:
    """Fit the model; `advantage` is δ."""
    a, b, ties = (np.array(each) + IMAGINED for each in (duels.wins_a, duels.wins_b, duels.ties))
    searches = a + b + ties
    offset = np.array([advantage, -advantage])
    found = np.zeros(2)
    for _ in range(_STEPS):
        chances = _chances(found[0] + offset, found[1])
        score = np.array(
            [((a - b) - searches * (chances[0] - chances[1])).sum() / 2, (ties - searches * chances[2]).sum()]
        )
        step = np.linalg.solve(_information(chances, searches), score)
        found = found + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    chances = _chances(found[0] + offset, found[1])
    inverse = np.linalg.inv(_information(chances, searches))
    independent = inverse[0, 0]
    clustered = (inverse @ _meat(duels, chances) @ inverse)[0, 0]
    effect = max(1.0, float(clustered / independent))
    return Fit(float(found[0]), sqrt(float(independent) * effect), float(found[1]), effect)


def _chances(theta: float | FloatArray, tie_log: float) -> FloatArray:
    """Return P(A alone), P(B alone), P(both): a (3, ...) array."""
    weights = np.exp(
        np.stack([np.asarray(theta) / 2, -np.asarray(theta) / 2, np.full_like(theta, tie_log, dtype=float)])
    )
    result: FloatArray = weights / weights.sum(axis=0)
    return result


def _information(chances: FloatArray, searches: FloatArray) -> FloatArray:
    """Return the expected second derivatives of the log likelihood in (θ, log ν), with the sign turned."""
    a, b, tie = chances
    theta = (a + b - (a - b) ** 2) / 4
    mixed = -(a - b) * tie / 2
    return np.array(
        [
            [(searches * theta).sum(), (searches * mixed).sum()],
            [(searches * mixed).sum(), (searches * tie * (1 - tie)).sum()],
        ]
    )


def _meat(duels: Duels, chances: FloatArray) -> FloatArray:
    """Return the sum over clients of the outer products of their scores, with C / (C - 1) for C clients."""
    products = np.zeros((4, 4))
    products[np.triu_indices(4)] = duels.products
    products = np.triu(products) + np.triu(products, 1).T
    expected = 2 * chances[0] + chances[2]
    scores = np.array([[0.5, 0, *(-expected / 2)], [0, 1, *(-chances[2])]])
    result: FloatArray = scores @ products @ scores.T * duels.clients / max(1, duels.clients - 1)
    return result


def leader(duels: Duels, found: Fit) -> str:
    """Return "a", "b", "tie", or "not_enough_evidence" with fewer than `FEWEST_CLIENTS` clients."""
    if duels.clients < FEWEST_CLIENTS:
        return "not_enough_evidence"
    if found.probability_better >= SURE:
        return "a"
    return "b" if found.probability_better <= 1 - SURE else "tie"


def clients_to_flip(duels: Duels, advantage: float) -> int | None:
    """Return how many clients would have to change their mind for another verdict; None if no number would do.

    A client who changes its mind takes what an average client said (`searches / clients`) from the side that is ahead
    to the other; in a tie, from the side that is behind to the one that is ahead. The design effect stays.
    """
    now = fit(duels, advantage)
    verdict = leader(duels, now)
    if verdict == "not_enough_evidence":
        return None
    to_a = (now.theta > 0) == (verdict == "tie")
    for moved in range(1, duels.clients + 1):
        changed = _moved(duels, moved * duels.searches / duels.clients, to_a)
        found = fit(replace(changed, products=(0.0,) * 10), advantage)
        found = replace(found, error=found.error * sqrt(now.design_effect))
        if leader(changed, found) != verdict:
            return moved
    return None


def _moved(duels: Duels, searches: float, to_a: bool) -> Duels:
    """Turn so many searches of one side into searches of the other, both orders alike."""
    source, target = (duels.wins_b, duels.wins_a) if to_a else (duels.wins_a, duels.wins_b)
    share = min(1.0, searches / sum(source)) if sum(source) else 0.0
    left = (source[0] * (1 - share), source[1] * (1 - share))
    gained = (target[0] + source[0] * share, target[1] + source[1] * share)
    wins_a, wins_b = (gained, left) if to_a else (left, gained)
    return replace(duels, wins_a=wins_a, wins_b=wins_b)


def position_advantage(wins_a: FloatArray, wins_b: FloatArray) -> float:
    """Return δ, the log odds by which standing above helps, from the wins of A and of B in n pairs.

    Both (2, n): with A above, with B above. Half the log of the common odds ratio of Mantel & Haenszel 1959 over the
    pairs' tables (who stands above) x (who was chosen), a half added to both sums; 0 without pairs. The order of the
    pairs does not matter, to the last bit.
    """
    totals = np.maximum(wins_a.sum(axis=0) + wins_b.sum(axis=0), 1)
    with_order = fsum(wins_a[0] * wins_b[1] / totals)
    against = fsum(wins_b[0] * wins_a[1] / totals)
    return float(np.log((with_order + 0.5) / (against + 0.5)) / 2)
