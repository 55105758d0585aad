"""A small log that all tests of the learning share: 12 items at 3 places, of two strata."""

import numpy as np
import pytest

from queries.evidence.click_models.counts import place_counts
from queries.evidence.click_models.random_effects import RandomEffects


@pytest.fixture
def effects():
    rng = np.random.default_rng(3)
    item, position = np.repeat(np.arange(12), 3), np.tile([1, 2, 3], 12)
    shown = rng.integers(1, 30, 36)
    clicks = rng.binomial(shown, 0.3 / position)
    counts = place_counts(item, position, shown, clicks)
    return RandomEffects(counts, rng.standard_normal((12, 1)), np.arange(12) % 2, 2, None)
