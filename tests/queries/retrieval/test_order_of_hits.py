import numpy as np
import pytest

from queries.retrieval.calibration import FEATURES
from queries.retrieval.order_of_hits import SIBLINGS, leads, order_hits, with_siblings

WITNESSES = np.array([[0.5, 0.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0, 0.0], [0.5, 0.0, 0.25, 0.0, 0.0]])
WEIGHTS = np.array([1.0, 0.08, 2.0, 0.6, 0.5])


def test_a_hit_profits_from_the_best_of_its_artifact() -> None:
    owners = np.array([7, 3, 7, 9])
    found = with_siblings(np.array([1.0, 2.0, 4.0, -1.0]), owners, np.argsort(owners, kind="stable"))
    assert found == pytest.approx(np.array([1 + SIBLINGS * 4, 2 + SIBLINGS * 2, 4 + SIBLINGS * 4, -1]) / (1 + SIBLINGS))
    assert with_siblings(np.zeros(0), owners[:0], owners[:0]).shape == (0,)


def test_how_far_ahead() -> None:
    assert leads(np.array([1.0, 3.0, 2.5])).tolist() == [-2.0, 0.5, -0.5]
    assert leads(np.array([2.0, 2.0, 1.0])).tolist() == [0.0, 0.0, -1.0]
    assert leads(np.array([2.0])).tolist() == [0.0]


def test_equal_scores_come_in_order_of_document() -> None:
    owners, documents, ones = np.array([0, 1, 2]), np.array([5, 9, 2]), np.ones(3)
    score, order, features = order_hits(WITNESSES, WEIGHTS, owners, documents, 10.0, ones, 0 * ones, ones, large=False)
    assert score.tolist() == [5.0, 10.0, 10.0]
    assert order.tolist() == [2, 1, 0]
    assert features[:, FEATURES.index("neighbours")].tolist() == [0.0, 0.0, 0.25]
    assert features[:, FEATURES.index("lead")].tolist() == [-0.5, 0.0, 0.0]


def test_no_hits() -> None:
    none, nobody = np.zeros(0), np.zeros(0, np.int64)
    score, order, features = order_hits(np.zeros((0, 5)), WEIGHTS, nobody, nobody, 0.0, none, none, none, large=False)
    assert (len(score), len(order), features.shape) == (0, 0, (0, len(FEATURES)))


def test_what_the_best_hit_must_be_told_lowers_the_odds_of_all() -> None:
    owners, documents, ones = np.array([0, 1, 2]), np.array([5, 9, 2]), np.ones(3)
    known = (WITNESSES, WEIGHTS, owners, documents, 10.0, ones)
    score, order, _ = order_hits(*known, np.array([0.5, 0.5, 0.0]), ones, large=False)
    of_first, of_others = (
        order_hits(*known, untold, ones, large=False)[2] for untold in (np.eye(3)[order[0]], 1 - np.eye(3)[order[0]])
    )
    plain = order_hits(*known, np.zeros(3), ones, large=False)[2]
    assert (of_first[:, 0] < plain[:, 0]).all()
    assert of_others.tolist() == plain.tolist()
    assert score.tolist() == [5.0, 10.0, 10.0]
