from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from queries.alternatives.complements import complements, log_likelihood_ratio
from queries.counting.together import MAX_IN_SESSION
from tests.queries.counting.sessions import IDS, together


def found(
    sessions: dict[int, str], clients: int = 10, alternatives: set[tuple[str, str]] | None = None
) -> dict[str, list[str]]:
    """Complements by artifact."""
    answer: dict[str, list[str]] = {}
    for row in complements(together(sessions, clients), alternatives or set()):
        answer.setdefault(row["artifact_id"], []).append(row["other_id"])
    return answer


TOGETHER = {**dict.fromkeys(range(10), "ab"), **dict.fromkeys(range(10, 30), "c")}


def test_chosen_together_beyond_chance() -> None:
    assert found(TOGETHER) == {"a": ["b"], "b": ["a"]}


def test_one_client_alone_makes_no_complement() -> None:
    assert found(TOGETHER, clients=1) == {}


def test_an_alternative_is_no_complement() -> None:
    assert found(TOGETHER, alternatives={("b", "a")}) == {}


def test_meeting_by_chance_is_not_enough() -> None:
    assert found({0: "ab", 1: "ac", 2: "bc", 3: "a", 4: "b", 5: "c"}) == {}


def test_a_crawler_session_is_left_out() -> None:
    many = "".join(IDS[n].as_py() for n in range(MAX_IN_SESSION + 1))
    assert found(dict.fromkeys(range(10), many)) == {}


def test_no_sessions() -> None:
    assert found({}) == {}


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 400))
def test_g2_is_that_of_scipy(both: int, only_left: int, only_right: int, neither: int) -> None:
    table_ = np.array([[both, only_left], [only_right, neither]])
    left, right, total = both + only_left, both + only_right, int(table_.sum())
    (ours,) = log_likelihood_ratio(*(np.array([count]) for count in (both, left, right)), total)
    if both * total <= left * right:
        assert ours == 0
    else:
        theirs = chi2_contingency(table_, correction=False, lambda_="log-likelihood").statistic
        assert ours == pytest.approx(theirs, abs=1e-9)
