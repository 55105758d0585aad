"""What a rank could be: draws of the full score of every artifact, unknown parts included.

The score of an artifact is 100 Σ w_i (p_i v_i + (1 - p_i) u_i) over all five parts, w_i the weights of its type and p_i
the presence of the part, 0 if it is not known. v_i is the value with its 95 % range: a normal distribution with a half
of its own on each side (two-piece normal, Wallis 2014, "The Two-Piece Normal, Binormal, or Double Gaussian
Distribution"), cut to 0 and 1. u_i stands for what is not known: one of the values that the part has where it is known,
or one of `OPEN_VALUES`, so that little is said where few are known.

The draws are points of a scrambled Sobol sequence, the same for all artifacts: equal artifacts have equal intervals,
and who is at least as good in every part has at least as good an interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from queries.ranking.parts.value import Z_95

FloatArray = npt.NDArray[np.float64]

SEED: Final = 20_261_101
MOST_DRAWS: Final = 512
FEWEST_DRAWS: Final = 64
NUMBERS_AT_ONCE: Final = 1 << 25
"""Draws times artifacts, at most: 256 MB. More artifacts get fewer draws."""
OPEN_VALUES: Final = np.linspace(0, 1, 11)
"""Joined to the known values of a part when it stands in for an unknown one."""
COVERED: Final = 0.95


@dataclass(frozen=True)
class KnownParts:
    """What is known of the parts of artifacts; four (artifacts, parts) arrays of numbers between 0 and 1."""

    value: FloatArray
    """NaN where the part is not known; `low` and `high` are then NaN, too."""
    low: FloatArray
    high: FloatArray
    presence: FloatArray


def score_draws(known: KnownParts, weights: FloatArray) -> FloatArray:
    """Return an (artifacts, draws) array of scores between 0 and 100; `weights`: (artifacts, parts)."""
    artifacts, parts = known.value.shape
    points = _points(artifacts, 2 * parts)
    scores = np.zeros((artifacts, len(points)))
    for part in range(parts):
        told = ~np.isnan(known.value[:, part])
        others = np.concatenate([known.value[told, part], OPEN_VALUES])
        drawn = np.tile(np.quantile(others, points[:, parts + part]), (artifacts, 1))
        presence = known.presence[told, part, None]
        drawn[told] = presence * _own_draws(known, told, part, points[:, part]) + (1 - presence) * drawn[told]
        scores += 100 * weights[:, part, None] * drawn
    return scores


def intervals(scores: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the ends of the central 95 % of each row; two (artifacts,) arrays."""
    tail = (1 - COVERED) / 2
    low, high = np.quantile(scores, [tail, 1 - tail], axis=1)
    return low, high


def _points(artifacts: int, dimensions: int) -> FloatArray:
    """Return a (draws, dimensions) array of evenly spread points between 0 and 1, both excluded."""
    from scipy.stats import qmc  # a second of start-up that most commands do not need

    affordable = max(FEWEST_DRAWS, min(MOST_DRAWS, NUMBERS_AT_ONCE // max(1, artifacts)))
    sobol = qmc.Sobol(dimensions, rng=np.random.default_rng(SEED))
    points: FloatArray = sobol.random_base2(affordable.bit_length() - 1)
    return np.clip(points, 1e-9, 1 - 1e-9)


def _own_draws(known: KnownParts, told: npt.NDArray[np.bool_], part: int, points: FloatArray) -> FloatArray:
    from scipy.special import ndtri

    value, low, high = (each[told, part, None] for each in (known.value, known.low, known.high))
    z = ndtri(points) / Z_95
    drawn: FloatArray = np.clip(value + np.where(z < 0, value - low, high - value) * z, 0, 1)
    return drawn
