"""The opened numbers of a search give its score and its confidence again."""

from __future__ import annotations

import math
from typing import Any

import pytest

from graph.errors import WrongUse
from graph.snapshot import Snapshot
from queries.answers.explain_search import explain_search
from queries.answers.search import search
from tests.queries.small_catalogue import edge, snapshot_of

EDGES = [edge("blow up my holiday snaps", "pixelUp"), edge("boil down a report", "papertalk", "papertalk/summarise")]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot_of(tmp_path_factory.mktemp("home"), EDGES)


def explained(snapshot: Snapshot, text: str) -> dict[str, Any]:
    return explain_search(snapshot, text)


@pytest.mark.parametrize("text", ["boil down reports", "condense", "search images"])
def test_the_printed_terms_give_score_and_confidence_again(snapshot: Snapshot, text: str) -> None:
    answer = explained(snapshot, text)
    assert answer["hits"]
    for hit in answer["hits"]:
        score, confidence = hit["score"], hit["confidence"]
        weighed = sum(term["product"] for term in score["witnesses"]) + score["others_of_the_artifact"]
        assert answer["read_as"]["mass"] * weighed == pytest.approx(score["value"], abs=1e-4)
        logit = confidence["bias"] + sum(term["product"] for term in confidence["features"])
        assert confidence["familiar"] / (1 + math.exp(-logit)) == pytest.approx(confidence["value"], abs=1e-4)


def test_the_first_hit_and_its_needs_are_those_of_the_search(snapshot: Snapshot) -> None:
    answer = explained(snapshot, "boil down reports")
    best = search(snapshot, "boil down reports").hits[0]
    first = answer["hits"][0]
    assert (first["artifact_id"], first["score"]["value"]) == (best.artifact_id, best.score)
    assert [need["intent"] for need in first["needs"]] == best.evidence.intents
    assert answer["kind"] == "search"
    assert answer["snapshot_id"] == snapshot.id


@pytest.mark.parametrize(("text", "limit"), [("", 5), (" ", 5), ("reports", 0)])
def test_without_words_or_room_it_is_wrong_use(snapshot: Snapshot, text: str, limit: int) -> None:
    with pytest.raises(WrongUse):
        explain_search(snapshot, text, limit=limit)


def test_function_words_alone_find_nothing(snapshot: Snapshot) -> None:
    assert explained(snapshot, "the of")["hits"] == []
