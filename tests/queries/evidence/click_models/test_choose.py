import numpy as np
import pytest

from bench.simulators import Settings, simulate
from queries.evidence.click_models import fit_pbm, fit_sdbn, list_counts, strength_of_counts, strength_of_lists
from queries.evidence.click_models.choose import log_outcome, pbm_log_likelihood, sdbn_log_likelihood

SMALL = Settings(intents=40, sessions=6_000)


@pytest.mark.parametrize(("truth", "model"), [("pbm", "pbm"), ("cascade", "sdbn")])
def test_the_model_that_made_the_log_is_chosen(truth, model):
    log = simulate(truth, 1, SMALL)
    found = strength_of_lists(*log.rows())
    assert found.model == model
    assert found.log_likelihood[model] == max(found.log_likelihood.values())
    inside = (found.low <= log.attractiveness.ravel()) & (log.attractiveness.ravel() <= found.high)
    assert 0.92 <= inside.mean() <= 0.985


def test_fixed_positions_fall_back_to_coec_and_say_so():
    found = strength_of_counts([0, 1, 2], [1, 2, 3], [500, 500, 500], [100, 50, 20])
    assert found.model == "coec"
    assert any("cannot be told apart" in warning for warning in found.warnings)
    assert found.strength == pytest.approx([0.2, 0.2, 0.2], abs=0.01)


def test_lists_without_clicks_fall_back_to_coec():
    found = strength_of_lists([1, 1, 2, 2], [0, 1, 1, 0], [1, 2, 1, 2], [0, 0, 0, 0])
    assert found.model == "coec"
    assert found.log_likelihood == {}


def test_sdbn_likelihood_by_hand():
    """Two items, a = .5 each, satisfaction .5: skip then click has probability .5 * .5; after a click half go on."""
    fit = fit_sdbn(list_counts([1, 1], [0, 1], [1, 2], [0, 1]))
    fit.attractiveness[:] = 0.5
    fit.satisfaction[:] = 0.5
    found = sdbn_log_likelihood(
        fit, np.array([7, 7, 8, 8]), np.array([1, 0, 0, 1]), np.array([2, 1, 1, 2]), np.array([1, 0, 1, 0])
    )
    assert np.exp(found) == pytest.approx([0.5, 0.5, 0.5, 1 - 0.5 * 0.5])


def test_pbm_likelihood_by_hand():
    fit = fit_pbm([0, 0], [1, 2], [10, 10], [5, 2])
    chance = fit.attractiveness[0] * fit.examination
    found = pbm_log_likelihood(fit, np.array([0, 0, 0]), np.array([1, 2, 9]), np.array([1, 0, 0]))
    assert np.exp(found) == pytest.approx([chance[0], 1 - chance[1], 1 - chance[1]])


def test_chances_of_all_outcomes_add_up_to_1():
    fit = fit_sdbn(list_counts(*simulate("dbn", 1, Settings(intents=1, artifacts=4, sessions=300)).rows()))
    total = 0.0
    for outcome in range(16):
        clicked = np.array([outcome >> bit & 1 for bit in range(4)])
        total += np.exp(sdbn_log_likelihood(fit, np.zeros(4, int), np.arange(4), np.arange(1, 5), clicked).sum())
    assert total == pytest.approx(1.0)


def test_log_outcome_is_never_infinite():
    assert np.all(np.isfinite(log_outcome(np.array([0.0, 1.0]), np.array([1, 0]))))
