from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import UnknownName
from queries.alternatives.co_match import CoMatch, write_co_match
from tests.queries.tables import edge, table


def graph(folder: Path, edges: pa.Table) -> CoMatch:
    write_co_match(folder, edges)
    return CoMatch.open(folder)


def test_shared_needs_by_hand(tmp_path: Path) -> None:
    rows = [edge("x", "b"), edge("y", "b"), edge("x", "a"), edge("y", "a"), edge("y", "c"), edge("z", "d")]
    found = graph(tmp_path, table("edges", rows))
    assert [(each.artifact_id, each.intents) for each in found.of("b")] == [("a", 2), ("c", 1)]
    assert [each.artifact_id for each in found.of("b", 1)] == ["a"]
    assert found.of("d") == []


def test_two_edges_of_one_artifact_and_need_count_once(tmp_path: Path) -> None:
    rows = [edge("x", "a", capability_id="a/1"), edge("x", "a", capability_id="a/2"), edge("x", "b")]
    assert [each.intents for each in graph(tmp_path, table("edges", rows)).of("a")] == [1]


def test_without_edges_nobody_is_known(tmp_path: Path) -> None:
    with pytest.raises(UnknownName):
        graph(tmp_path, table("edges", [])).of("a")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("uvwxyz")), min_size=1, max_size=40))
def test_the_same_as_in_sql(tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]) -> None:
    edges = table("edges", [edge(need, artifact) for artifact, need in pairs])
    found = graph(tmp_path_factory.mktemp("graph"), edges)
    with duckdb.connect() as database:
        database.register("given", edges)
        for artifact_id in found.artifact_ids:
            rows = database.execute(
                "WITH e AS (SELECT DISTINCT artifact_id, intent_key FROM given) "
                "SELECT b.artifact_id, count(*) AS n FROM e a JOIN e b USING (intent_key) "
                "WHERE a.artifact_id = $1 AND b.artifact_id <> $1 GROUP BY 1 ORDER BY n DESC, 1",
                [artifact_id],
            ).fetchall()
            assert rows == [(each.artifact_id, each.intents) for each in found.of(artifact_id)]
