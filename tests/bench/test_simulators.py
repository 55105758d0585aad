import numpy as np
import pytest

from bench.simulators import Settings, simulate

SMALL = Settings(intents=8, artifacts=5, sessions=40_000)


def test_the_same_seed_gives_the_same_log():
    first, second = simulate("dbn", 3, SMALL), simulate("dbn", 3, SMALL)
    assert np.array_equal(first.item, second.item)
    assert np.array_equal(first.clicked, second.clicked)
    assert not np.array_equal(first.item, simulate("dbn", 4, SMALL).item)


def test_truths_share_intents_lists_and_attractiveness():
    pbm, cascade = simulate("pbm", 1, SMALL), simulate("cascade", 1, SMALL)
    assert np.array_equal(pbm.attractiveness, cascade.attractiveness)
    assert np.array_equal(pbm.item, cascade.item)


def test_pbm_click_rates_are_attractiveness_times_examination():
    log = simulate("pbm", 1, SMALL)
    chance = log.attractiveness.ravel()[log.item] * np.arange(1, 6) ** -0.9
    assert log.clicked.mean(axis=0) == pytest.approx(chance.mean(axis=0), abs=0.01)


def test_a_cascade_has_at_most_one_click_and_the_first_rate_is_attractiveness():
    log = simulate("cascade", 1, SMALL)
    assert log.clicked.sum(axis=1).max() == 1
    assert log.clicked[:, 0].mean() == pytest.approx(log.attractiveness.ravel()[log.item[:, 0]].mean(), abs=0.01)


def test_dbn_readers_go_on_less_often_after_a_click():
    log = simulate("dbn", 1, SMALL)
    first = log.clicked[:, 0]
    attraction = log.attractiveness.ravel()[log.item[:, 1]]
    ratio = [log.clicked[chosen, 1].mean() / attraction[chosen].mean() for chosen in (first, ~first)]
    assert ratio[1] == pytest.approx(0.9, abs=0.03)
    assert ratio[0] < 0.8


def test_intents_follow_zipf():
    share = np.bincount(simulate("pbm", 1, SMALL).intent) / SMALL.sessions
    assert share[0] / share[1] == pytest.approx(2**1.1, rel=0.05)


def test_every_list_shows_every_artifact_of_its_intent_once():
    log = simulate("pbm", 2, SMALL)
    assert np.array_equal(np.sort(log.item, axis=1), log.intent[:, None] * 5 + np.arange(5))
