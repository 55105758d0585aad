from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from queries.alternative_signals import (
    CO_CHOICE_HALF,
    LIKELY,
    STATED_BY_BOTH,
    STATED_BY_ITSELF,
    STATED_BY_OTHER,
    TAG_SHARE,
    Catalogue,
    co_choice_signal,
    concept_signal,
    purpose_tags,
    purpose_vectors,
    stated_signal,
    tag_specificity,
    text_signal,
    where_likely,
)
from queries.mentions import Mention
from queries.similarity import capability_pairs, tfidf
from tests.queries.tables import Row, artifact, capability, edge, table


def catalogue(artifacts: list[Row], capabilities: list[Row] | None = None) -> Catalogue:
    return Catalogue.of(table("artifacts", artifacts), table("capabilities", capabilities or []))


def dense(matrix: Any) -> Any:
    return matrix.toarray()


def test_text_is_the_weighted_cosine_of_words_and_tags() -> None:
    """The same words, tags that share one of two, and a tag of its own each, so that the tags count in full."""
    found = catalogue(
        [
            artifact("a", name=None, description="labels photos", tags=["vision", "fast"]),
            artifact("b", name=None, description="labels photos", tags=["vision", "small"]),
        ]
    )
    rare, common = 1 + math.log(3 / 2), 1.0
    tags = common**2 / (common**2 + rare**2)
    assert dense(text_signal(*purpose_vectors(found)))[0, 1] == pytest.approx(1 - TAG_SHARE + TAG_SHARE * tags)


def test_a_tag_that_many_have_counts_less() -> None:
    """Of four artifacts one tag is borne by one, one by two, one by all."""
    tags = tfidf([["own", "all"], ["two", "all"], ["two", "all"], ["all"]])
    assert tag_specificity(tags) == pytest.approx([1, 0.5, 0.5, 0])
    assert tag_specificity(tfidf([[], ["x"]])) == pytest.approx([0, 1])


def test_without_tags_the_words_decide_alone() -> None:
    found = catalogue([artifact(key, name=None, description="labels photos") for key in "ab"])
    assert dense(text_signal(*purpose_vectors(found))).tolist() == [[0, pytest.approx(1)], [pytest.approx(1), 0]]


def test_an_artifact_without_any_text_is_like_nothing() -> None:
    rows = [artifact("a", description="labels photos"), artifact("b", name=None), artifact("c", name=None)]
    found = catalogue(rows)
    assert dense(text_signal(*purpose_vectors(found))).sum() == 0


def test_tags_of_capabilities_stand_in_for_missing_ones() -> None:
    rows = [capability("a", "x", tags=["Vision!"])]
    assert purpose_tags(artifact("a", tags=None), rows) == ["vision"]
    assert purpose_tags(artifact("a", tags=["own"]), rows) == ["own"]


def test_concept_overlap_by_hand() -> None:
    """One of a's two capabilities and b's only one are the same: (1 + 1) / 3."""
    capabilities = [
        capability("a", "semantic segmentation", description="labels pixels"),
        capability("a", "video export", description="writes a film"),
        capability("b", "semantic segmentation", description="labels pixels"),
    ]
    found = catalogue([artifact("a"), artifact("b")], capabilities)
    pairs = capability_pairs(table("capabilities", capabilities))
    assert dense(concept_signal(found, pairs)) == pytest.approx(np.array([[0, 2 / 3], [2 / 3, 0]]))


def test_co_choice_by_hand() -> None:
    """Both chosen for one need only: cosine 1, shrunk by s / (s + 5) with s = sqrt(4 x 9) = 6."""
    found = catalogue([artifact("a"), artifact("b"), artifact("c")])
    edges = [edge("need", "a", 4), edge("need", "b", 9), edge("other", "c", 5)]
    value, intents, clients = co_choice_signal(found, table("edges", edges))
    assert dense(value)[0, 1] == pytest.approx(6 / (6 + CO_CHOICE_HALF))
    assert dense(value)[0, 2] == 0
    assert (dense(intents)[0, 1], dense(clients)[0, 1]) == (1, 6)


def test_inferred_edges_and_unknown_artifacts_are_no_choice() -> None:
    found = catalogue([artifact("a"), artifact("b")])
    edges = [edge("need", "a", 4), edge("need", "b", 9, kind="inferred"), edge("need", "gone", 9)]
    value, _, _ = co_choice_signal(found, table("edges", edges))
    assert dense(value).sum() == 0


def test_two_capabilities_of_one_artifact_do_not_double_its_clients() -> None:
    found = catalogue([artifact("a"), artifact("b")])
    edges = [edge("need", "a", 4, capability_id="a/1"), edge("need", "a", 3, capability_id="a/2"), edge("need", "b", 9)]
    assert dense(co_choice_signal(found, table("edges", edges))[2])[0, 1] == 6


def test_stated_depends_on_who_says_it() -> None:
    found = catalogue([artifact(key) for key in "abc"])
    says = [
        Mention("a", "b", True, ""),
        Mention("b", "c", True, ""),
        Mention("c", "b", True, ""),
        Mention("a", "c", False, ""),
    ]
    values = dense(stated_signal(found, says))
    assert (values[0, 1], values[1, 0]) == (STATED_BY_ITSELF, STATED_BY_OTHER)
    assert values[1, 2] == values[2, 1] == STATED_BY_BOTH
    assert values[0, 2] == values[2, 0] == 0


def test_a_comparison_of_unlike_things_counts_less() -> None:
    found = catalogue([artifact("a"), artifact("b")])
    stated = stated_signal(found, [Mention("a", "b", True, "")])
    halfway = stated.copy()
    halfway.data = np.full(len(halfway.data), LIKELY / 2)
    assert dense(where_likely(stated, [halfway]))[0, 1] == pytest.approx(STATED_BY_ITSELF / 4)
    assert where_likely(stated, []).nnz == 0
    assert dense(where_likely(stated, [halfway, halfway]))[0, 1] == pytest.approx(STATED_BY_ITSELF)
