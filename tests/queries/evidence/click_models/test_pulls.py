"""What pulls the shared parameters: where it costs nothing, what a distance costs, and its slopes."""

import numpy as np
import pytest

from queries.evidence.click_models.pulls import pulls_of


def test_what_is_usual_costs_nothing_and_is_two_clicks(effects):
    pulls = pulls_of(effects)
    assert pulls.cost(pulls.usual)[0] == 0
    counts = effects.counts
    rate = (counts.clicks.sum() + 0.5) / ((counts.impressions / (counts.place + 1)).sum() + 1)  # looked at 1 / k
    assert pulls.usual[effects.free_places] == pytest.approx(np.log(2 / rate))
    assert not np.delete(pulls.usual, effects.free_places).any()


def test_a_prior_e_times_as_strong_costs_two_nats_and_so_does_a_weaker_one(effects):
    pulls = pulls_of(effects)
    away = np.eye(len(pulls.usual))[effects.free_places]
    assert pulls.cost(pulls.usual + away)[0] == pytest.approx(2)  # half of 1 / 0.5²
    assert pulls.cost(pulls.usual - away)[0] == pytest.approx(2)


def test_examinations_that_follow_a_power_law_cost_nothing(effects):
    pulls = pulls_of(effects)
    at = pulls.usual.copy()
    at[: effects.free_places] = -0.9 * np.log([2, 3])
    assert pulls.cost(at)[0] == pytest.approx(0, abs=1e-12)
    at[0] = 0.0
    assert pulls.cost(at)[0] > 0.1


def test_slopes_are_those_of_the_cost(effects):
    pulls = pulls_of(effects)
    at = pulls.usual + np.linspace(-1, 1, len(pulls.usual))
    numeric = [(pulls.cost(at + step)[0] - pulls.cost(at - step)[0]) / 2e-5 for step in 1e-5 * np.eye(len(at))]
    assert pulls.cost(at)[1] == pytest.approx(numeric, abs=1e-6)
