"""Places: in which order artifacts stand, and how far up or down each might belong.

The order is by the lower end of the rank's 95 % interval, the higher rank first where those are equal: who stands high
does so by what is known of him. Artifacts of which less than `ENOUGH_KNOWN` of the weight is known come after all
others, whatever that little says. Equal artifacts share a place, and the next places are left out.

The range of a place holds 95 % of the places taken in independent draws of all scores (`queries.ranking.rank_draws`),
and the place itself; equal artifacts have one range, the widest of theirs. Parts that are known of no artifact are left
out of these draws: they say nothing of the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from queries.ranking.rank_draws import COVERED, SEED, FloatArray

IntArray = npt.NDArray[np.int64]

ENOUGH_KNOWN: Final = 0.4
"""Completeness from which an artifact is placed by its rank, and may win a comparison."""


@dataclass(frozen=True)
class Standing:
    """What decides the place of an artifact."""

    rank: float
    low: float
    completeness: float

    @property
    def key(self) -> tuple[bool, float, float]:
        """Sorts the best first; equal for equal artifacts."""
        return self.completeness < ENOUGH_KNOWN, -self.low, -self.rank


@dataclass(frozen=True)
class Place:
    """A place with its 95 % range, from 1."""

    place: int
    low: int
    high: int


def places(standings: Sequence[Standing], scores: FloatArray) -> list[Place]:
    """Return the place of each artifact among all given; `scores`: (artifacts, draws), in the same order."""
    keys = [one.key for one in standings]
    own = _own_places(keys)
    low, high = _place_ranges(scores)
    ends: dict[tuple[bool, float, float], tuple[int, int]] = {}
    for key, best, worst in zip(keys, low.tolist(), high.tolist(), strict=True):
        known = ends.get(key, (best, worst))
        ends[key] = min(known[0], best), max(known[1], worst)
    return [
        Place(place, min(place, ends[key][0]), max(place, ends[key][1])) for place, key in zip(own, keys, strict=True)
    ]


def _own_places(keys: Sequence[tuple[bool, float, float]]) -> list[int]:
    first: dict[tuple[bool, float, float], int] = {}
    for place, key in enumerate(sorted(keys), start=1):
        first.setdefault(key, place)
    return [first[key] for key in keys]


def _place_ranges(scores: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the best and the worst place of each artifact in the central 95 % of the draws.

    Every artifact's draws are shuffled by themselves, which makes the artifacts independent of each other.
    """
    artifacts, draws = scores.shape
    worlds = np.random.default_rng(SEED).permuted(scores, axis=1)
    taken = np.empty((artifacts, draws), dtype=np.int32)
    for draw in range(draws):
        world = worlds[:, draw]
        taken[:, draw] = 1 + artifacts - np.searchsorted(np.sort(world), world, side="right")
    taken.sort(axis=1)
    left_out = int(draws * (1 - COVERED) / 2)
    return taken[:, left_out].astype(np.int64), taken[:, draws - 1 - left_out].astype(np.int64)
