"""Slopes against finite differences: an independent way to the same derivatives."""

import numpy as np
import pytest

PARAMETERS = np.array([-0.6, -1.1, 1.2, -0.9, 0.3, 0.2, -0.1])


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
