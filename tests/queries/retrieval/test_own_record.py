import numpy as np
import pytest
from scipy.optimize import minimize

from queries.retrieval.own_record import LEAST, PRECISION, own_records


def test_it_is_the_intercept_of_largest_posterior_probability() -> None:
    logits, right = np.array([0.5, -1.0, 2.0]), np.array([True, False, False])
    counts = np.array([1.0, 2.0, 0.5])

    def loss(added: np.ndarray) -> float:
        odds = logits + added[0]
        likelihood = counts @ np.logaddexp(0, odds) - (counts * odds)[right].sum()
        return float(likelihood + PRECISION * added[0] ** 2 / 2)

    best = minimize(loss, np.zeros(1), tol=1e-10).x[0]
    assert own_records(logits, right, counts, np.array([4, 4, 4])) == {4: pytest.approx(best, abs=1e-3)}


def test_who_is_as_often_right_as_the_odds_say_has_no_record_of_his_own() -> None:
    assert own_records(np.zeros(4), np.arange(4) < 2, np.ones(4), np.full(4, 9)) == {}


def test_a_long_record_says_more_than_a_short_one() -> None:
    documents = np.repeat([1, 2], [2, 50])
    found = own_records(np.zeros(52), np.ones(52, np.bool_), np.ones(52), documents)
    assert LEAST < found[1] < found[2] / 3
