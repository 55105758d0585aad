import numpy as np
import pytest

from queries.retrieval.familiarity import RARE, familiarity, lowest


def test_the_share_of_needs_that_stood_no_better() -> None:
    served = lowest(np.arange(499.0), np.ones(499))
    assert served[0] == (0.0, 0.002)
    assert served[-1] == (9.0, RARE)
    assert [familiarity(odds, served) * RARE for odds in (0.0, 4.0, 4.5)] == pytest.approx([0.002, 0.01, 0.011])
    assert familiarity(9.0, served) == familiarity(50.0, served) == 1.0


def test_below_all_of_them_it_falls_as_the_odds_do() -> None:
    served = lowest(np.arange(499.0), np.ones(499))
    assert familiarity(-3.0, served) == pytest.approx(familiarity(0.0, served) * np.exp(-3.0))
    assert familiarity(-np.inf, served) == 0.0


def test_needs_of_few_clients_say_little() -> None:
    assert lowest(np.arange(499.0), np.full(499, 0.05)) == ()
    assert lowest(np.zeros(0), np.zeros(0)) == ()
    assert familiarity(-20.0, ()) == 1.0
    few = lowest(np.arange(499.0), np.full(499, 0.5))
    assert few[0] == (0.0, pytest.approx(1 / 250.5, abs=1e-6))


def test_equal_needs_are_no_rarer_than_their_share() -> None:
    served = lowest(np.zeros(499), np.ones(499))
    assert familiarity(0.0, served) == 1.0
    assert familiarity(-1.0, served) == pytest.approx(0.1 * np.exp(-1.0))
