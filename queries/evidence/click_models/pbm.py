"""Position-based model: P(click) = examination of the place × attractiveness of the item.

Craswell, Zoeter, Taylor & Ramsey 2008, "An experimental comparison of click position-bias models". Examinations and
the prior are fitted by maximum marginal likelihood (`marginal`), attractiveness is what its posterior says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import beta as beta_distribution

from graph.errors import WrongUse
from queries.evidence.click_models.counts import FloatArray, IntArray, PlaceCounts, Taught, place_counts
from queries.evidence.click_models.identifiability import identifiability
from queries.evidence.click_models.learn import Learnt, learn_with_reference
from queries.evidence.click_models.marginal import usual_depth
from queries.evidence.click_models.random_effects import RandomEffects
from queries.evidence.intervals import LEVEL, BetaPrior

MAX_FIT_ROWS: Final = 100_000
"""Examinations and prior are learnt from at most this many rows."""
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_CHUNK_ITEMS: Final = 50_000


@dataclass(frozen=True)
class PBMFit:
    """What a position-based model learnt."""

    examination: FloatArray
    """P(a position is looked at) relative to the most looked-at one: (positions,), element 0 is position 1."""
    attractiveness: FloatArray
    """Posterior mean of P(chosen when looked at): (items,)."""
    low: FloatArray
    """Lower end of the 95 % interval of attractiveness, uncertainty of the examinations included: (items,)."""
    high: FloatArray
    """Upper end, (items,)."""
    hits: FloatArray
    """The posterior is Beta(hits, misses), the distribution of `attractiveness`, `low` and `high`: (items,)."""
    misses: FloatArray
    prior_hits: FloatArray
    """What was believed of each item before its own impressions is Beta(prior_hits, prior_misses): (items,)."""
    prior_misses: FloatArray
    effective_exposure: FloatArray
    """How many certain looks would say as much about the item as its impressions do: (items,)."""
    shared_variance: FloatArray
    """The part of the variance of `attractiveness` that is doubt about what all items share, (items,)."""
    log_evidence: float
    """Log probability of the clicks it learnt from, attractiveness integrated out; for comparing models."""
    iterations: int
    converged: bool
    identifiable: bool
    """Whether positions vary enough to tell examination from attractiveness; if not, see `choose`."""
    warnings: tuple[str, ...]


def fit_pbm(
    item: npt.ArrayLike,
    position: npt.ArrayLike,
    impressions: npt.ArrayLike,
    clicks: npt.ArrayLike,
    *,
    items: int = 0,
    stratum: npt.ArrayLike | None = None,
    features: npt.ArrayLike | None = None,
    taught: Taught | None = None,
    draw: IntArray | None = None,
    prior: BetaPrior | None = None,
    use_placement: bool = True,
    max_iterations: int = 200,
    tolerance: float = 1e-9,
) -> PBMFit:
    """Fit the model to counts: four equally long arrays, rows in any order and split in any way.

    `item` counts from 0 and stands for an (intent, artifact) pair, `position` from 1; `impressions` and `clicks` may be
    fractions, where old evidence weighs less. The prior is learnt, unless
    given as `prior`; its mean may differ by `stratum` (items,), groups counted from 0, and depend on `features`
    (items, n) and, with `use_placement`, on how deep the item is usually shown. Items without impressions
    (up to `items - 1`) get the prior. What all items share is learnt from `taught` only, if given: impressions and
    clicks of the same rows. If there are too many items, those with the smallest `draw` are learnt from, (items,):
    numbers that do not depend on what other items there are. Raises WrongUse for arrays of unequal length or negative
    counts; other oddities become warnings.
    """
    groups = None if stratum is None else np.asarray(stratum, np.int64)
    given = None if features is None else np.asarray(features, np.float64)
    known_items = max(items, 0 if groups is None else len(groups), 0 if given is None else len(given))
    counts = place_counts(item, position, impressions, clicks, known_items)
    lesson = counts if taught is None else place_counts(item, position, *taught, counts.items)
    for name, array in (("stratum", groups), ("features", given)):
        if array is not None and len(array) != counts.items:
            raise WrongUse(f"{name} has {len(array)} entries for {counts.items} items; give one for each item.")
    columns, of_lesson = ([] if given is None else [given] for _ in range(2))
    if use_placement and prior is None:
        columns.append(usual_depth(counts)[:, None])
        of_lesson.append(usual_depth(lesson)[:, None])
    whole, sample = _random_effects(counts, groups, columns, prior, lesson, of_lesson)
    return _fit(whole, sample, draw, max_iterations, tolerance)


def fit_counts(
    counts: PlaceCounts,
    stratum: IntArray | None,
    columns: list[FloatArray],
    prior: BetaPrior | None,
) -> PBMFit:
    """Fit the model to counts already added up; `columns` are the features, (items, n) each."""
    return _fit(*_random_effects(counts, stratum, columns, prior, counts, columns), None)


def _fit(
    whole: RandomEffects,
    sample: RandomEffects,
    draw: IntArray | None,
    max_iterations: int = 200,
    tolerance: float = 1e-9,
) -> PBMFit:
    """Learn what all items share from `sample`, and say what is known of each item of `whole`."""
    counts, checked = whole.counts, identifiability(sample.counts)
    drawn = (np.arange(counts.items, dtype=np.uint64) * _GOLDEN).view(np.int64) if draw is None else draw
    sample = sample.thinned(MAX_FIT_ROWS, drawn).distinct()[0]
    sample, learnt = learn_with_reference(sample, max_iterations, tolerance)
    whole = replace(whole, reference=sample.reference)
    kinds, kind = whole.distinct()
    mean, variance, extra = _posterior_moments(kinds, learnt)
    hits, misses = matched_beta(mean, variance, extra)
    base = kinds.prior(learnt.parameters)
    return PBMFit(
        examination=np.exp(whole.log_examination(learnt.parameters))[counts.place_of_position],
        attractiveness=mean[kind],
        low=np.minimum(beta_distribution.ppf((1 - LEVEL) / 2, hits, misses), mean)[kind],
        high=np.maximum(beta_distribution.ppf((1 + LEVEL) / 2, hits, misses), mean)[kind],
        hits=hits[kind],
        misses=misses[kind],
        prior_hits=base.hits[kind],
        prior_misses=base.misses[kind],
        effective_exposure=np.maximum(hits + misses - base.hits - base.misses, 0.0)[kind],
        shared_variance=extra[kind],
        log_evidence=learnt.log_evidence,
        iterations=learnt.iterations,
        converged=learnt.converged,
        identifiable=checked.identifiable,
        warnings=counts.warnings + checked.reasons,
    )


def _random_effects(
    counts: PlaceCounts,
    stratum: IntArray | None,
    columns: list[FloatArray],
    prior: BetaPrior | None,
    lesson: PlaceCounts,
    of_lesson: list[FloatArray],
) -> tuple[RandomEffects, RandomEffects]:
    """Bring features to mean 0 and unit size over the items of `lesson`: the effects of `counts` and of `lesson`."""
    features, learnt = (np.hstack(each) if each else np.zeros((counts.items, 0)) for each in (columns, of_lesson))
    shown = lesson.shown_items
    if len(shown):
        centre, size = learnt[shown].mean(axis=0), learnt[shown].std(axis=0)
        features, learnt = (
            np.where(size > 1e-9, (each - centre) / np.maximum(size, 1e-9), 0.0) for each in (features, learnt)
        )
    groups = np.zeros(counts.items, np.int64) if stratum is None else stratum
    strata = 0 if stratum is None or not len(stratum) else int(stratum.max()) + 1
    whole = RandomEffects(counts, features, groups, strata, prior)
    return whole, replace(whole, counts=lesson, features=learnt)


def _posterior_moments(effects: RandomEffects, learnt: Learnt) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Mean and variance of each item's attractiveness, and the variance that the parameters add (delta method)."""
    mean, variance, extra = (np.empty(effects.counts.items) for _ in range(3))
    for start in range(0, effects.counts.items, _CHUNK_ITEMS):
        part = effects.of_items(np.arange(start, min(start + _CHUNK_ITEMS, effects.counts.items)))
        known = part.posterior(learnt.parameters)
        here = slice(start, start + part.counts.items)
        mean[here] = known.expect(known.node)
        variance[here] = known.expect(known.node**2) - mean[here] ** 2
        slopes = part.mean_slopes(learnt.parameters, known)
        extra[here] = np.einsum("ij,ij->i", slopes @ learnt.covariance, slopes)
    return mean, variance, extra


def matched_beta(mean: FloatArray, variance: FloatArray, extra: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The Beta distribution of this mean and of both variances together: hits and misses, each (items,).

    The added variance, a linear estimate, never makes the strength fall below one observation: where examination
    is all but unknown it would give the two ends all the weight.
    """
    room = mean * (1 - mean)
    alone = np.maximum(room / np.maximum(variance, 1e-18) - 1, 1e-3)
    strength = np.maximum(room / np.maximum(variance + extra, 1e-18) - 1, np.minimum(alone, 1.0))
    return mean * strength, (1 - mean) * strength
