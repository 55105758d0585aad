from __future__ import annotations

import pytest

from graph.errors import UnknownName
from queries.answers.edges import EDGE_FIELDS, edge_list
from tests.queries.rivals import ARTIFACTS, PICTURES, STREETS, rivals
from tests.queries.tables import edge, intent_id, snapshot

SNAPSHOT = rivals()


def test_edges_have_the_fixed_keys_and_the_most_matched_come_first() -> None:
    answer = edge_list(SNAPSHOT)
    assert all(tuple(row) == EDGE_FIELDS for row in answer.edges)
    assert [row["times_matched"] for row in answer.edges] == [30, 12, 9]
    assert answer.edges[0]["intent"] == STREETS
    assert answer.edges[0]["first_seen"] == "2026-10-22T00:00:00Z"
    assert edge_list(SNAPSHOT, limit=1).total == 3


@pytest.mark.parametrize("wanted", [STREETS, f"  {STREETS.upper()}!", intent_id(STREETS), "street road"])
def test_edges_of_an_intent_by_text_id_or_words(wanted: str) -> None:
    assert {row["artifact_id"] for row in edge_list(SNAPSHOT, intent=wanted).edges} == {"roadseg", "cityseg"}


def test_edges_of_an_artifact_by_name() -> None:
    assert [row["artifact_id"] for row in edge_list(SNAPSHOT, artifact="PaintBox").edges] == ["paintbox"]
    assert edge_list(SNAPSHOT, artifact="brushy").edges == []


def test_edges_of_an_artifact_that_the_catalogue_does_not_describe() -> None:
    found = snapshot(ARTIFACTS, edges=[edge(STREETS, "gone", catalogued=False)], texts=[STREETS])
    (row,) = edge_list(found, artifact="gone").edges
    assert (row["artifact_id"], row["catalogued"]) == ("gone", False)


def test_an_unknown_intent_comes_with_the_nearest() -> None:
    with pytest.raises(UnknownName) as error:
        edge_list(SNAPSHOT, intent="draw a pictur from wordz")
    assert error.value.candidates == (PICTURES,)
