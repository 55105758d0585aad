"""What keeps the shared parameters sensible where a log says little of them: where they are pulled, and how firmly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from queries.evidence.click_models.counts import FloatArray
from queries.evidence.click_models.marginal import first_positions
from queries.evidence.click_models.random_effects import RandomEffects

_ROUGHNESS: Final = 4.0
"""Pull of log examination towards a power law: 1 / variance of a place's distance from the two before, carried on."""
_STRATUM_PULL: Final = 2.0
"""1 / variance of a stratum's offset on the logit scale."""
_INTERCEPT_PULL: Final = 0.05
_FEATURE_PULL: Final = 16.0
_STRENGTH_PULL: Final = 4.0
"""1 / variance of the prior's log strength: firm, or one client overturns what is usual in a small log."""
_USUAL_HITS: Final = 2.0


@dataclass(frozen=True)
class Pulls:
    """A quadratic cost of being away from `usual`."""

    usual: FloatArray
    """Coefficients 0, and a prior worth `_USUAL_HITS` hits or misses, whichever are rarer: (parameters,)."""
    matrix: FloatArray
    """Half of its quadratic form is the cost: (parameters, parameters)."""

    def cost(self, parameters: FloatArray) -> tuple[float, FloatArray]:
        """The cost of these parameters, and its slopes."""
        away = parameters - self.usual
        slopes: FloatArray = self.matrix @ away
        return 0.5 * float(away @ slopes), slopes


def pulls_of(effects: RandomEffects) -> Pulls:
    """The pulls that belong to this model."""
    at, rate = effects.free_places, pooled_rate(effects)
    usual = np.zeros(effects.shared + effects.strata)
    usual[at] = np.log(_USUAL_HITS / min(rate, 1 - rate))
    return Pulls(usual, _matrix(effects))


def _matrix(effects: RandomEffects) -> FloatArray:
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


def pooled_rate(effects: RandomEffects) -> float:
    """Clicks of all items for each look, if position k were looked at 1 / k of the time."""
    counts, first = effects.counts, first_positions(effects.counts.place_of_position)
    times = effects.row_weight
    looked, clicks = float(times @ (counts.impressions / first[counts.place])), float(times @ counts.clicks)
    return (clicks + 0.5) / (max(looked, clicks) + 1)
