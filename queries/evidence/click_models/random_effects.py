"""Learning examinations and the prior of attractiveness together: maximum marginal likelihood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from queries.evidence.click_models.alike import alike
from queries.evidence.click_models.counts import FloatArray, IntArray, PlaceCounts
from queries.evidence.click_models.marginal import (
    Posterior,
    Prior,
    first_positions,
    posterior,
    prior_slopes,
    skip_odds,
)
from queries.evidence.intervals import BetaPrior

_ROUGHNESS: Final = 4.0
"""Pull of log examination towards a power law: 1 / variance of a place's distance from the two before, carried on."""
_STRATUM_PULL: Final = 2.0
"""1 / variance of a stratum's offset on the logit scale."""
_INTERCEPT_PULL, _FEATURE_PULL, _STRENGTH_PULL = 0.05, 16.0, 4.0
_LOG_STRENGTH_BOUNDS: Final = (float(np.log(0.2)), float(np.log(10_000.0)))
_USUAL_HITS: Final = 2.0
_LOWEST_LOG_EXAMINATION: Final = -9.0
_AT_BOUND: Final = 1e-6
_ITEMS_FOR_OUTER_PRODUCTS: Final = 50
"""For each shared parameter; with fewer items the curvature is taken instead."""
_DIFFERENCE: Final = 1e-3
_LEAST_INFORMATION: Final = 0.05


@dataclass(frozen=True)
class RandomEffects:
    """Counts with what the prior of each item may depend on.

    Parameters stand in one vector: log examination of the places but the reference, log strength and intercept
    of the prior, a coefficient for each feature (logit scale), then one offset for each stratum.
    """

    counts: PlaceCounts
    features: FloatArray
    """What the prior mean may depend on, about 0 and of unit size: (items, features)."""
    stratum: IntArray
    strata: int
    fixed: BetaPrior | None
    reference: int = 0
    """The place whose examination is 1."""
    times: FloatArray | None = None
    """How many items each of them stands for, (items,); one if None."""

    @property
    def weight(self) -> FloatArray:
        """`times`, ones if None: (items,)."""
        return np.ones(self.counts.items) if self.times is None else self.times

    @property
    def free_places(self) -> int:
        """Places whose examination is learnt: all but the reference."""
        return self.counts.places - 1

    @property
    def shared(self) -> int:
        """Number of parameters that all items share; the strata's offsets come after them."""
        return self.free_places + 2 + int(self.features.shape[1])

    def of_items(self, chosen: IntArray) -> RandomEffects:
        """The same model of some of the items (sorted indices)."""
        return replace(
            self,
            counts=self.counts.of_items(chosen),
            features=self.features[chosen],
            stratum=self.stratum[chosen],
            times=None if self.times is None else self.times[chosen],
        )

    def thinned(self, rows: int, draw: IntArray) -> RandomEffects:
        """Keep the shown items with the smallest `draw`, (items,), as far as they have at most `rows` rows."""
        shown = self.counts.shown_items
        order = shown[np.argsort(draw[shown], kind="stable")]
        of_item = np.bincount(self.counts.item, minlength=self.counts.items)
        return self.of_items(np.sort(order[np.cumsum(of_item[order]) <= rows]))

    @property
    def row_weight(self) -> FloatArray:
        """How many rows each row of the counts stands for: (rows,)."""
        return self.weight[self.counts.item]

    def distinct(self) -> tuple[RandomEffects, IntArray]:
        """Keep one item of each kind of equal ones, for all of them; return the kind of each item, too: (items,)."""
        found = alike(self.counts, self.features, self.stratum)
        return replace(self.of_items(found.first), times=found.times), found.kind

    def log_examination(self, parameters: FloatArray) -> FloatArray:
        """Log examination of all places, the reference's being 0: (places,)."""
        return np.insert(parameters[: self.free_places], self.reference, 0.0)

    def prior(self, parameters: FloatArray) -> Prior:
        """The Beta prior of each item under these parameters."""
        if self.fixed is not None:
            whole = np.ones(self.counts.items)
            return Prior(self.fixed.hits * whole, self.fixed.misses * whole)
        at = self.free_places
        logit = parameters[at + 1] + self.features @ parameters[at + 2 : self.shared]
        if self.strata:
            logit = logit + parameters[self.shared :][self.stratum]
        mean, strength = np.clip(expit(logit), 1e-6, 1 - 1e-6), np.exp(parameters[at])
        return Prior(strength * mean, strength * (1 - mean))

    def posterior(self, parameters: FloatArray, start: FloatArray | None = None) -> Posterior:
        """What is known of each item under these parameters; `start`: an earlier posterior's centre."""
        return posterior(self.counts, self.log_examination(parameters), self.prior(parameters), start)

    def item_scores(self, parameters: FloatArray, known: Posterior) -> FloatArray:
        """Slopes of each item's log evidence in the shared parameters: (items, shared)."""
        odds = skip_odds(self.counts, self.log_examination(parameters), known.weight, known.node)
        rows = self.counts.clicks - self.counts.skips * odds
        return self._join(rows, *prior_slopes(known, self.prior(parameters)), parameters)

    def mean_slopes(self, parameters: FloatArray, known: Posterior) -> FloatArray:
        """Slopes of each item's posterior mean in the shared parameters: (items, shared).

        d E[α] / dφ = Cov(α, d log density / dφ) under the posterior. A stratum's own offset counts as known.
        """
        deviation = known.weight * (known.node - known.expect(known.node)[:, None])
        rows = -self.counts.skips * skip_odds(self.counts, self.log_examination(parameters), deviation, known.node)
        hits = np.einsum("ij,ij->i", deviation, known.log_node)
        misses = np.einsum("ij,ij->i", deviation, known.log_rest)
        return self._join(rows, hits, misses, parameters)

    def _join(self, rows: FloatArray, hits: FloatArray, misses: FloatArray, parameters: FloatArray) -> FloatArray:
        """From slopes in rows' log examinations and items' prior counts to slopes in the shared parameters."""
        counts, places = self.counts, self.counts.places
        by_place = np.bincount(counts.item * places + counts.place, rows, counts.items * places)
        by_place = np.delete(by_place.reshape(counts.items, places), self.reference, axis=1)
        if self.fixed is not None:
            return np.hstack([by_place, np.zeros((counts.items, self.shared - self.free_places))])
        prior = self.prior(parameters)
        log_strength = prior.hits * hits + prior.misses * misses
        intercept = (hits - misses) * prior.hits * prior.misses / (prior.hits + prior.misses)
        return np.hstack([by_place, np.column_stack([log_strength, intercept]), intercept[:, None] * self.features])


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
    shared, pull, usual, times = effects.shared, _pulls(effects), _usual(effects), effects.weight
    centre: list[FloatArray | None] = [None]

    def cost(parameters: FloatArray) -> tuple[float, FloatArray]:
        known = effects.posterior(parameters, centre[0])
        centre[0] = known.centre
        scores = effects.item_scores(parameters, known)
        slope = np.zeros(len(parameters))
        slope[:shared] = times @ scores
        if effects.strata:
            slope[shared:] = np.bincount(effects.stratum, times * scores[:, effects.free_places + 1], effects.strata)
        away = pull @ (parameters - usual)
        value = float(times @ known.log_evidence) - 0.5 * float((parameters - usual) @ away)
        return -value, away - slope

    found = minimize(
        cost,
        _start(effects),
        jac=True,
        method="L-BFGS-B",
        bounds=_bounds(effects),
        options={"maxiter": max_iterations, "ftol": tolerance, "gtol": 1e-4},
    )
    known = effects.posterior(found.x, centre[0])
    information = _information(effects, found.x, known) + pull[:shared, :shared]
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


def _usual(effects: RandomEffects) -> FloatArray:
    """Where the pulls pull to: coefficients 0, and a prior worth `_USUAL_HITS` hits or misses, whichever are rarer."""
    rate = _pooled_rate(effects)
    usual = np.zeros(effects.shared + effects.strata)
    usual[effects.free_places] = np.log(_USUAL_HITS / min(rate, 1 - rate))
    return usual


def _start(effects: RandomEffects) -> FloatArray:
    """Examination 1 / position, and the click rate that goes with it."""
    first, rate = first_positions(effects.counts.place_of_position), _pooled_rate(effects)
    start = _usual(effects)
    start[: effects.free_places] = np.minimum(
        np.delete(np.log(first[effects.reference] / first), effects.reference), 0.0
    )
    start[effects.free_places + 1] = np.log(rate / (1 - rate))
    return start


def _pooled_rate(effects: RandomEffects) -> float:
    """Clicks of all items for each look, if position k were looked at 1 / k of the time."""
    counts, first = effects.counts, first_positions(effects.counts.place_of_position)
    times = effects.row_weight
    looked, clicks = float(times @ (counts.impressions / first[counts.place])), float(times @ counts.clicks)
    return (clicks + 0.5) / (max(looked, clicks) + 1)


def _bounds(effects: RandomEffects) -> list[tuple[float, float]]:
    features = effects.features.shape[1]
    return (
        [(_LOWEST_LOG_EXAMINATION, 0.0)] * effects.free_places
        + [_LOG_STRENGTH_BOUNDS, (-14.0, 14.0)]
        + [(-6.0, 6.0)] * (features + effects.strata)
    )


def _pulls(effects: RandomEffects) -> FloatArray:
    """The quadratic penalty's matrix, half of which counts: square, over all parameters."""
    at, features = effects.free_places, effects.features.shape[1]
    size = effects.shared + effects.strata
    matrix = np.zeros((size, size))
    x = np.log(first_positions(effects.counts.place_of_position))
    if len(x) > 2:
        slope = np.diff(np.eye(len(x)), axis=0) / np.diff(x)[:, None]
        bend = np.delete(np.diff(slope, axis=0) * np.diff(x)[1:, None], effects.reference, axis=1)
        matrix[:at, :at] = _ROUGHNESS * bend.T @ bend
    pulls = [_STRENGTH_PULL, _INTERCEPT_PULL] + [_FEATURE_PULL] * features + [_STRATUM_PULL] * effects.strata
    matrix[range(at, size), range(at, size)] = pulls
    return matrix
