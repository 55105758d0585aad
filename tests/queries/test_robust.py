import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import WrongUse
from queries.robust import ARTIFACT_LIMIT, CLIENT_LIMIT, UNIT, match_weights, support

MATCHES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), max_size=60)


def columns(rows):
    return np.array([row[0] for row in rows], np.int64), np.array([row[1] for row in rows], np.int64)


def test_a_first_match_weighs_1_and_later_ones_less():
    assert match_weights([7], [3]).tolist() == [UNIT]
    two = match_weights([7, 7], [3, 3])
    saturated = 2 * ARTIFACT_LIMIT / (ARTIFACT_LIMIT + 1)
    expected = saturated / 2 * CLIENT_LIMIT / (CLIENT_LIMIT + saturated - 1)
    assert two / UNIT == pytest.approx([expected, expected], abs=1e-5)


@given(MATCHES, st.integers(0, 5), st.integers(1, 5_000))
def test_no_client_moves_an_artifact_beyond_the_limit(rows, target, busy):
    client, artifact = columns(rows)
    before = support(client, artifact, 6)
    after = support(np.append(client, np.full(busy, 99)), np.append(artifact, np.full(busy, target)), 6)
    moved = after - before
    assert np.all(np.delete(moved, target) == 0)
    assert 0 < moved[target] < ARTIFACT_LIMIT * UNIT


@given(st.lists(st.integers(0, 400), min_size=1, max_size=400))
def test_all_matches_of_a_client_stay_below_its_limit(artifacts):
    assert match_weights(np.zeros(len(artifacts)), artifacts).sum() < CLIENT_LIMIT * UNIT


@given(MATCHES, st.integers(0, 4))
def test_erasing_a_client_equals_never_having_seen_it(rows, erased):
    client, artifact = columns(rows)
    weights = match_weights(client, artifact)
    kept = client != erased
    assert np.array_equal(weights[kept], match_weights(client[kept], artifact[kept]))


@given(MATCHES, st.randoms(use_true_random=False))
def test_order_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert np.array_equal(support(*columns(rows), 6), support(*columns(shuffled), 6))


@given(st.integers(1, 300))
def test_more_matches_never_make_a_client_weigh_less(n):
    fewer, more = (match_weights(np.zeros(k), np.zeros(k)).sum() for k in (n, n + 1))
    assert more >= fewer - n  # each of n weights is rounded down by less than one unit


def test_of_many_artifacts_each_gets_less():
    weights = match_weights(np.zeros(100), np.arange(100)) / UNIT
    assert weights == pytest.approx(np.full(100, CLIENT_LIMIT / (CLIENT_LIMIT + 99)), abs=1e-5)


def test_no_matches():
    assert support([], [], 2).tolist() == [0, 0]


def test_unequal_lengths_are_wrong_use():
    with pytest.raises(WrongUse, match="not 1 and 2"):
        match_weights([1], [1, 2])
