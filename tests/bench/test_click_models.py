import numpy as np
import pytest

from bench.click_models import plain_em, score_methods, within_intent_tau
from bench.simulators import Settings, simulate
from queries.evidence.click_models import list_counts


def test_tau_is_the_mean_over_intents():
    truth = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
    assert within_intent_tau(truth, np.array([1.0, 2.0, 3.0, 3.0, 2.0, 1.0])) == pytest.approx(0.0)
    assert within_intent_tau(truth, np.array([1.0, 2.0, 3.0, 5.0, 5.0, 5.0])) == pytest.approx(0.5)


def test_the_model_beats_click_through_coec_and_plain_em_where_positions_bias():
    found = score_methods(simulate("pbm", 1, Settings(intents=60, sessions=24_000)))
    for rival in ("raw click-through (Wilson)", "summed COEC", "plain PBM by EM"):
        assert found["PBM"].tau > found[rival].tau
    assert found["raw click-through (Wilson)"].coverage < 0.5
    assert 0.92 < found["PBM"].coverage < 0.98


def test_plain_em_finds_attractiveness_when_there_is_plenty():
    log = simulate("pbm", 1, Settings(intents=1, artifacts=4, sessions=40_000))
    estimate = plain_em(list_counts(*log.rows()), 4, iterations=300)
    assert estimate == pytest.approx(log.attractiveness.ravel(), abs=0.05)
