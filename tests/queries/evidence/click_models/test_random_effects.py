"""Slopes against finite differences: an independent way to the same derivatives."""

import numpy as np
import pytest

from queries.evidence.click_models.counts import place_counts
from queries.evidence.click_models.random_effects import RandomEffects, learn

PARAMETERS = np.array([-0.6, -1.1, 1.2, -0.9, 0.3, 0.2, -0.1])


@pytest.fixture
def effects():
    rng = np.random.default_rng(3)
    item, position = np.repeat(np.arange(12), 3), np.tile([1, 2, 3], 12)
    shown = rng.integers(1, 30, 36)
    clicks = rng.binomial(shown, 0.3 / position)
    counts = place_counts(item, position, shown, clicks)
    return RandomEffects(counts, rng.standard_normal((12, 1)), np.arange(12) % 2, 2, None)


def numeric_slopes(function, parameters, count):
    step = 1e-5
    columns = []
    for place in range(count):
        up, down = parameters.copy(), parameters.copy()
        up[place] += step
        down[place] -= step
        columns.append((function(up) - function(down)) / (2 * step))
    return np.column_stack(columns)


def test_item_scores_are_slopes_of_the_log_evidence(effects):
    scores = effects.item_scores(PARAMETERS, effects.posterior(PARAMETERS))
    numeric = numeric_slopes(lambda p: effects.posterior(p).log_evidence, PARAMETERS, effects.shared)
    assert scores == pytest.approx(numeric, abs=0.02)


def test_mean_slopes_are_slopes_of_the_posterior_mean(effects):
    slopes = effects.mean_slopes(PARAMETERS, effects.posterior(PARAMETERS))

    def means(parameters):
        known = effects.posterior(parameters)
        return known.expect(known.node)

    assert slopes == pytest.approx(numeric_slopes(means, PARAMETERS, effects.shared), abs=0.003)


def test_learning_ends_where_no_small_change_helps(effects):
    learnt = learn(effects, 200, 1e-12)
    best = learnt.log_evidence
    rng = np.random.default_rng(5)
    for _ in range(20):
        nearby = learnt.parameters + 0.3 * rng.standard_normal(len(learnt.parameters))
        assert effects.posterior(nearby).log_evidence.sum() < best + 1.5  # the pulls are worth little more
    assert learnt.converged
    assert np.all(np.linalg.eigvalsh(learnt.covariance) > 0)
