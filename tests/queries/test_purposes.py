from __future__ import annotations

import math
from typing import Any

import pytest

from queries.purposes import TAG_SHARE, Catalogue, purpose_tags, purpose_vectors, tag_specificity, text_signal
from queries.similarity import tfidf
from tests.queries.tables import Row, artifact, capability, table


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
