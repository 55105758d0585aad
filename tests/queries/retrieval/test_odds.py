import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.retrieval.odds import (
    CERTAIN,
    COMPETITORS,
    NOTHING,
    TRAITS,
    UTILITIES,
    anything,
    log_odds,
    traits,
    utilities,
)


def hits(count: int, coverage: float = 1.0) -> np.ndarray:
    """So many equal hits with utility `NOTHING` + ln 2 at full coverage."""
    found = np.zeros((count, len(TRAITS)))
    found[:, 0] = coverage
    found[:, 1] = (NOTHING + np.log(2) - UTILITIES[0]) / UTILITIES[1]
    return found


def odds(hits: np.ndarray) -> np.ndarray:
    return log_odds(utilities(hits), np.arange(len(hits)))[0]


def alone(hits: np.ndarray) -> np.ndarray:
    return log_odds(utilities(hits), np.arange(len(hits)))[1]


def chances(hits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-odds(hits)))


def test_the_traits_of_hits() -> None:
    coverage, meaning, log, text, score = np.array([[0.5, 1], [2, 0], [0.25, 0.75], [0, np.e - 1], [3, 7]])
    found = traits(coverage, meaning, log, text, 0.5, score)
    assert found.tolist() == [[0.5, 2.0, 0.25, 0.0, 0.5, 0.0], [1.0, 0.0, 0.75, pytest.approx(1.0), 0.5, 1.0]]


def test_equal_hits_share_what_nothing_fits_leaves() -> None:
    assert chances(hits(1)) == pytest.approx([2 / 3])
    assert chances(hits(3)) == pytest.approx([2 / 7] * 3)
    assert chances(hits(COMPETITORS)).sum() == pytest.approx(1 - 1 / (2 * COMPETITORS + 1))


def test_a_better_hit_takes_from_the_others() -> None:
    found = hits(3)
    found[1, 0] -= np.log(4) / UTILITIES[0]
    first, second, third = chances(found)
    assert first == pytest.approx(third)
    assert first == pytest.approx(4 * second)
    assert first + second + third + 1 / 5.5 == pytest.approx(1)


def test_how_many_hits_were_asked_for_does_not_matter() -> None:
    many = np.concatenate([hits(COMPETITORS), hits(60, coverage=0.5)])
    assert chances(many)[:COMPETITORS] == pytest.approx(chances(many[:COMPETITORS]))
    assert np.all(chances(many)[COMPETITORS:] < chances(many)[0])


def test_far_ahead_or_behind_is_certain_and_no_more() -> None:
    found = np.zeros((2, len(TRAITS)))
    found[0, 2], found[1, 2] = 1_000.0, -1_000.0
    assert odds(found).tolist() == [CERTAIN, -CERTAIN]
    assert alone(found).tolist() == [CERTAIN, -CERTAIN]


def test_who_is_far_ahead_is_measured_by_the_next() -> None:
    found = hits(3)
    found[0, 0] += 15 / UTILITIES[0]
    assert odds(found)[0] == pytest.approx(15 + np.log(2 / 5))
    assert odds(found)[1] == pytest.approx(-15, abs=1e-4)


@given(st.lists(st.floats(-6, 12), min_size=1, max_size=60))
@settings(deadline=None)
def test_equal_to_the_definition(worth: list[float]) -> None:
    found = np.zeros((len(worth), len(TRAITS)))
    found[:, 1] = np.array(worth) / UTILITIES[1]
    order = np.argsort(-np.array(worth), kind="stable")
    weights = np.exp(np.array(worth))
    for place in range(len(worth)):
        rest = sum(weights[other] for other in order[:COMPETITORS].tolist() if other != place) + np.exp(NOTHING)
        assert log_odds(utilities(found), order)[0][place] == pytest.approx(np.log(weights[place] / rest), abs=1e-6)


def test_alone_a_hit_has_no_rivals() -> None:
    assert alone(hits(3)) == pytest.approx([np.log(2)] * 3)
    assert alone(hits(1)) == pytest.approx(odds(hits(1)))


def test_anything_fits_as_far_as_not_nothing_does() -> None:
    found = hits(3)
    assert anything(alone(found), np.arange(3)) == pytest.approx(np.log(3 * 2))
    assert anything(alone(hits(60)), np.arange(60)) == pytest.approx(np.log(COMPETITORS * 2))
    assert anything(np.zeros(0), np.arange(0)) == -CERTAIN
