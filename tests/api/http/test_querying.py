"""What becomes of an analyst's query that cannot be run, and of an answer that is too large."""

from typing import Any

import pyarrow as pa
import pytest

from api.http import querying
from api.http.problems import Problem
from api.http.querying import cypher_answer, refusing, saved_answer
from graph.errors import OverBudget, ServerTrouble, WrongUse
from graph.projections.query_budget import Budget
from graph.projections.query_result import QueryResult
from graph.snapshot import Snapshot


def failing(error: Exception) -> Any:
    def run() -> None:
        raise error

    return run


def test_wrong_queries_are_refused_with_their_fault_and_servers_in_trouble_without_their_names() -> None:
    with pytest.raises(Problem) as refused:
        refusing(failing(WrongUse("There is no table x.")))
    assert (refused.value.code, refused.value.detail) == ("query-refused", "There is no table x.")
    with pytest.raises(Problem) as trouble:
        refusing(failing(ServerTrouble("bolt://inside:7687 lets nobody in")))
    assert trouble.value.code == "graph-server-trouble"
    assert "inside" not in trouble.value.detail
    with pytest.raises(OverBudget):
        refusing(failing(OverBudget("too long")))


def test_cypher_without_a_neo4j_server_says_what_can_be_asked_instead(demo_snapshot: Snapshot) -> None:
    for ask in (
        lambda: cypher_answer(None, "RETURN 1", {}, Budget()),
        lambda: saved_answer(demo_snapshot, None, "hidden-gems", "cypher", {}, Budget()),
    ):
        with pytest.raises(Problem) as refused:
            ask()
        assert refused.value.code == "no-graph-server"
        assert "SQL or SPARQL" in refused.value.detail


def test_an_answer_has_its_rows_and_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    result = QueryResult(pa.table({"n": [1, 2]}), truncated=True)
    answer = querying._rows(result, "s1")
    assert (answer.rows, answer.truncated, answer.snapshot_id) == ([{"n": 1}, {"n": 2}], True, "s1")
    monkeypatch.setattr(querying, "MAX_ANSWER_BYTES", 15)
    with pytest.raises(Problem) as refused:
        querying._rows(result, "s1")
    assert refused.value.code == "over-budget"
