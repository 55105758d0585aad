"""Learning examinations and the prior of attractiveness together: maximum marginal likelihood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.optimize import minimize

from queries.evidence.click_models.counts import FloatArray
from queries.evidence.click_models.marginal import Posterior, first_positions
from queries.evidence.click_models.pulls import pooled_rate, pulls_of
from queries.evidence.click_models.random_effects import RandomEffects

_LOG_STRENGTH_BOUNDS: Final = (float(np.log(0.2)), float(np.log(10_000.0)))
_LOWEST_LOG_EXAMINATION: Final = -9.0
_AT_BOUND: Final = 1e-6
_ITEMS_FOR_OUTER_PRODUCTS: Final = 50
"""For each shared parameter; with fewer items the curvature is taken instead."""
_DIFFERENCE: Final = 1e-3
_LEAST_INFORMATION: Final = 0.05


@dataclass(frozen=True)
class Learnt:
    """The shared parameters, and how sure they are."""

    parameters: FloatArray
    covariance: FloatArray
    """Of the shared parameters: (shared, shared)."""
    log_evidence: float
    iterations: int
    converged: bool


def learn_with_reference(effects: RandomEffects, max_iterations: int, tolerance: float) -> tuple[RandomEffects, Learnt]:
    """Learn with the first place as the most looked-at one; if another one wants to be, try that and keep the better.

    Returns the effects as well, since the reference may have changed.
    """
    learnt = learn(effects, max_iterations, tolerance)
    log_examination = effects.log_examination(learnt.parameters)
    rivals = [place for place in np.flatnonzero(log_examination > -_AT_BOUND) if place != effects.reference]
    if not rivals:
        return effects, learnt
    clicks = effects.counts.by_place(effects.row_weight * effects.counts.clicks)
    moved = replace(effects, reference=int(max(rivals, key=lambda place: (clicks[place], -place))))
    other = learn(moved, max_iterations, tolerance)
    return (moved, other) if other.log_evidence > learnt.log_evidence else (effects, learnt)


def learn(effects: RandomEffects, max_iterations: int, tolerance: float) -> Learnt:
    """Maximise the marginal likelihood with weak pulls (L-BFGS-B); the covariance is the inverse information."""
    shared, pulls, times = effects.shared, pulls_of(effects), effects.weight
    centre: list[FloatArray | None] = [None]

    def cost(parameters: FloatArray) -> tuple[float, FloatArray]:
        known = effects.posterior(parameters, centre[0])
        centre[0] = known.centre
        scores = effects.item_scores(parameters, known)
        slope = np.zeros(len(parameters))
        slope[:shared] = times @ scores
        if effects.strata:
            slope[shared:] = np.bincount(effects.stratum, times * scores[:, effects.free_places + 1], effects.strata)
        away, away_slope = pulls.cost(parameters)
        return away - float(times @ known.log_evidence), away_slope - slope

    found = minimize(
        cost,
        _start(effects, pulls.usual),
        jac=True,
        method="L-BFGS-B",
        bounds=_bounds(effects),
        options={"maxiter": max_iterations, "ftol": tolerance, "gtol": 1e-4},
    )
    known = effects.posterior(found.x, centre[0])
    information = _information(effects, found.x, known) + pulls.matrix[:shared, :shared]
    log_evidence = float(times @ known.log_evidence)
    return Learnt(found.x, _inverse(information), log_evidence, int(found.nit), bool(found.success))


def _information(effects: RandomEffects, parameters: FloatArray, known: Posterior) -> FloatArray:
    """How sharply the evidence tells the shared parameters: (shared, shared).

    With many items the summed outer products of their scores (Berndt, Hall, Hall & Hausman 1974). These need more items
    than parameters: with few, however often shown, they see almost nothing, so there the curvature itself is
    taken, by central differences of the summed scores.
    """
    shared, times = effects.shared, effects.weight
    if times.sum() >= _ITEMS_FOR_OUTER_PRODUCTS * shared:
        scores = effects.item_scores(parameters, known)
        return scores.T @ (times[:, None] * scores)
    curvature = np.empty((shared, shared))
    for place in range(shared):
        up, down = parameters.copy(), parameters.copy()
        up[place] += _DIFFERENCE
        down[place] -= _DIFFERENCE
        up[: effects.free_places] = np.minimum(up[: effects.free_places], 0.0)  # nothing is looked at more than always
        slopes = (times @ effects.item_scores(at, effects.posterior(at, known.centre)) for at in (up, down))
        curvature[place] = -np.subtract(*slopes) / (up[place] - down[place])
    return (curvature + curvature.T) / 2


def _inverse(information: FloatArray) -> FloatArray:
    """Invert; directions in which the information is not clearly positive count as all but unknown."""
    values, vectors = np.linalg.eigh(information)
    inverse: FloatArray = (vectors / np.maximum(values, _LEAST_INFORMATION)) @ vectors.T
    return inverse


def _start(effects: RandomEffects, usual: FloatArray) -> FloatArray:
    """Examination 1 / position, and the click rate that goes with it."""
    first, rate = first_positions(effects.counts.place_of_position), pooled_rate(effects)
    start = usual.copy()
    start[: effects.free_places] = np.minimum(
        np.delete(np.log(first[effects.reference] / first), effects.reference), 0.0
    )
    start[effects.free_places + 1] = np.log(rate / (1 - rate))
    return start


def _bounds(effects: RandomEffects) -> list[tuple[float, float]]:
    features = effects.features.shape[1]
    return (
        [(_LOWEST_LOG_EXAMINATION, 0.0)] * effects.free_places
        + [_LOG_STRENGTH_BOUNDS, (-14.0, 14.0)]
        + [(-6.0, 6.0)] * (features + effects.strata)
    )
