"""What all items share and what each has of its own: examinations, the prior of attractiveness, and their slopes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from queries.evidence.click_models.alike import alike
from queries.evidence.click_models.counts import FloatArray, IntArray, PlaceCounts
from queries.evidence.click_models.marginal import (
    Posterior,
    Prior,
    posterior,
    prior_slopes,
    skip_odds,
)
from queries.evidence.intervals import BetaPrior


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
