from __future__ import annotations

import numpy as np
import pytest

from queries.ranking.places import ENOUGH_KNOWN, Place, Standing, places

RNG = np.random.default_rng(7)


def test_certain_scores_have_certain_places() -> None:
    scores = np.repeat([[30.0], [50.0], [40.0]], 64, axis=1)
    standings = [Standing(rank, rank, 1.0) for rank in (30.0, 50.0, 40.0)]
    assert places(standings, scores) == [Place(3, 3, 3), Place(1, 1, 1), Place(2, 2, 2)]


def test_equal_artifacts_share_a_place_and_the_next_is_left_out() -> None:
    standings = [Standing(rank, rank, 1.0) for rank in (10.0, 10.0, 5.0, 20.0)]
    found = places(standings, np.repeat([[10.0], [10.0], [5.0], [20.0]], 64, axis=1))
    assert [each.place for each in found] == [2, 2, 4, 1]


def test_equal_artifacts_have_equal_ranges() -> None:
    """Independent draws of the same scores take different places by chance."""
    standings = [Standing(50.0, 40.0, 1.0)] * 30 + [Standing(45.0, 39.0, 1.0)]
    one, *others, last = places(standings, np.tile(RNG.normal(50, 5, 64), (31, 1)))
    assert all(each == one for each in others)
    assert (one.place, last.place) == (1, 31)


def test_little_known_artifacts_come_last_and_keep_their_range() -> None:
    standings = [Standing(50, 45, 1.0), Standing(100, 60, ENOUGH_KNOWN - 0.01), Standing(100, 44, ENOUGH_KNOWN)]
    scores = RNG.normal([[50], [80], [49]], 1, (3, 256))
    found = places(standings, scores)
    assert [each.place for each in found] == [1, 3, 2]
    assert (found[1].low, found[1].high) == (1, 3)  # Drawn first in every world, and printed third.
    assert all(each.low <= each.place <= each.high for each in found)


@pytest.mark.parametrize("distance", [0.5, 2.0])
def test_the_range_of_a_place_is_that_of_independent_draws(distance: float) -> None:
    """Ten artifacts with normal scores: 95 % of places, counted again by plain simulation."""
    middles = np.arange(10)[:, None] * distance
    scores = np.sort(RNG.normal(middles, 1, (10, 512)), axis=1)  # In order: only the shuffling makes them independent.
    standings = [Standing(float(middle), float(middle), 1.0) for middle in middles[:, 0]]
    drawn = RNG.normal(middles, 1, (10, 20_000))
    taken = 10 - drawn.argsort(axis=0).argsort(axis=0)
    expected = np.quantile(taken, [0.025, 0.975], axis=1)
    for place, low, high in zip(places(standings, scores), *expected, strict=True):
        assert abs(place.low - low) <= 1
        assert abs(place.high - high) <= 1
