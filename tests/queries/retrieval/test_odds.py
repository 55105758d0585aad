import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.retrieval.odds import CERTAIN, COMPETITORS, NOTHING, TRAITS, UTILITIES, alone, anything, log_odds


def hits(count: int, coverage: float = 1.0) -> np.ndarray:
    """So many equal hits with utility `NOTHING` + ln 2 at full coverage."""
    traits = np.zeros((count, len(TRAITS)))
    traits[:, 0] = coverage
    traits[:, 1] = (NOTHING + np.log(2) - UTILITIES[0]) / UTILITIES[1]
    return traits


def chances(traits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-log_odds(traits, np.arange(len(traits)))))


def test_equal_hits_share_what_nothing_fits_leaves() -> None:
    assert chances(hits(1)) == pytest.approx([2 / 3])
    assert chances(hits(3)) == pytest.approx([2 / 7] * 3)
    assert chances(hits(COMPETITORS)).sum() == pytest.approx(1 - 1 / (2 * COMPETITORS + 1))


def test_a_better_hit_takes_from_the_others() -> None:
    traits = hits(3)
    traits[1, 0] -= np.log(4) / UTILITIES[0]
    first, second, third = chances(traits)
    assert first == pytest.approx(third)
    assert first == pytest.approx(4 * second)
    assert first + second + third + 1 / 5.5 == pytest.approx(1)


def test_how_many_hits_were_asked_for_does_not_matter() -> None:
    many = np.concatenate([hits(COMPETITORS), hits(60, coverage=0.5)])
    assert chances(many)[:COMPETITORS] == pytest.approx(chances(many[:COMPETITORS]))
    assert np.all(chances(many)[COMPETITORS:] < chances(many)[0])


def test_far_ahead_or_behind_is_certain_and_no_more() -> None:
    traits = np.zeros((2, len(TRAITS)))
    traits[0, 2], traits[1, 2] = 1_000.0, -1_000.0
    assert log_odds(traits, np.array([0, 1])).tolist() == [CERTAIN, -CERTAIN]
    assert log_odds(np.zeros((0, len(TRAITS))), np.arange(0)).shape == (0,)


def test_who_is_far_ahead_is_measured_by_the_next() -> None:
    traits = hits(3)
    traits[0, 0] += 15 / UTILITIES[0]
    assert log_odds(traits, np.arange(3))[0] == pytest.approx(15 + np.log(2 / 5))
    assert log_odds(traits, np.arange(3))[1] == pytest.approx(-15, abs=1e-4)


@given(st.lists(st.floats(-6, 12), min_size=1, max_size=60))
@settings(deadline=None)
def test_equal_to_the_definition(utilities: list[float]) -> None:
    traits = np.zeros((len(utilities), len(TRAITS)))
    traits[:, 1] = np.array(utilities) / UTILITIES[1]
    order = np.argsort(-np.array(utilities), kind="stable")
    weights = np.exp(np.array(utilities))
    for place in range(len(utilities)):
        rest = sum(weights[other] for other in order[:COMPETITORS].tolist() if other != place) + np.exp(NOTHING)
        assert log_odds(traits, order)[place] == pytest.approx(np.log(weights[place] / rest), abs=1e-6)


def test_alone_a_hit_has_no_rivals() -> None:
    assert alone(hits(3)) == pytest.approx([np.log(2)] * 3)
    assert alone(hits(1)) == pytest.approx(log_odds(hits(1), np.arange(1)))


def test_anything_fits_as_far_as_not_nothing_does() -> None:
    traits = hits(3)
    assert anything(alone(traits), np.arange(3)) == pytest.approx(np.log(3 * 2))
    assert anything(alone(hits(60)), np.arange(60)) == pytest.approx(np.log(COMPETITORS * 2))
    assert anything(np.zeros(0), np.arange(0)) == -CERTAIN
