from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from queries.alternatives.complements import complements, log_likelihood_ratio
from queries.counting.together import MAX_IN_SESSION, SESSIONS, Together, chosen_together, of_catalogue
from tests.queries.ledger_rows import ledger, polars_engine

SCHEMA = pa.schema([(name, pa.int64()) for name in ("unit", "client", "number")])
IDS = pa.array([chr(number) for number in range(128)])


def together(sessions: dict[int, str], clients: int) -> Together:
    """Count sessions, each a string of one-letter artifacts; every row comes twice."""
    rows = [
        {"unit": unit, "client": unit % clients, "number": ord(each)}
        for unit, chosen in sessions.items()
        for each in chosen * 2
    ]
    with polars_engine(ledger()) as engine:
        counted = SESSIONS.everything(engine, engine.register("chosen", pa.Table.from_pylist(rows, SCHEMA)))
        return chosen_together(engine, counted, IDS)


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


def test_sessions_are_counted_once_for_each_client_and_pair() -> None:
    counted = together({1: "ab", 2: "ba", 3: "ab", 4: "a", 11: "ab"}, clients=10)
    assert counted.pairs.to_pylist() == [{"left_id": "a", "right_id": "b", "sessions": 4, "clients": 3}]
    assert {row["artifact_id"]: row["sessions"] for row in counted.alone.to_pylist()} == {"a": 5, "b": 4}
    assert counted.sessions == 5


def test_what_the_catalogue_lacks_takes_no_part() -> None:
    chosen = pa.table({"unit": [1, 1], "client": [5, 5], "object_key": [10, 11], "day": [3, 3]})
    with polars_engine(ledger()) as engine:
        numbers = engine.register("numbers", pa.table({"object_key": [11, 12], "number": [0, 1]}))
        rows = engine.arrow(of_catalogue(engine.register("chosen", chosen), numbers)).to_pylist()
    assert [(row["unit"], row["client"], row["number"]) for row in rows] == [(1, 5, 0)]


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
