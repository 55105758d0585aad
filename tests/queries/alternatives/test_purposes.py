from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from queries.alternatives.purpose_words import TAG_WORTH, WORD_HALF, purpose_tags
from queries.alternatives.purposes import (
    CENTRE_HALF,
    LIKEST,
    LIKEST_SHARE,
    MEANING_SHARE,
    TAG_SHARE,
    Catalogue,
    meaning_vectors,
    purpose_vectors,
    tag_specificity,
    text_signal,
    through_the_likest,
)
from queries.text import similarity
from queries.text.similarity import tfidf, unit_rows
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
    shared = 1 + (WORD_HALF / (WORD_HALF + 1)) ** 2 + TAG_WORTH**2  # two words and that of a tag
    words = shared / (shared + (TAG_WORTH * rare) ** 2)
    expected = (1 - TAG_SHARE) * words + TAG_SHARE * tags
    assert dense(text_signal(*purpose_vectors(found)))[0, 1] == pytest.approx(expected)


def test_a_tag_that_many_have_counts_less() -> None:
    """Of four artifacts one tag is borne by one, one by two, one by all."""
    tags = tfidf([["own", "all"], ["two", "all"], ["two", "all"], ["all"]])
    assert tag_specificity(tags) == pytest.approx([1, 0.5, 0.5, 0])
    assert tag_specificity(tfidf([[], ["x"]])) == pytest.approx([0, 1])


def test_without_tags_the_words_decide_alone() -> None:
    found = catalogue([artifact(key, name=None, description="labels photos") for key in "ab"])
    assert dense(text_signal(*purpose_vectors(found))).tolist() == [[0, pytest.approx(1)], [pytest.approx(1), 0]]


def test_what_is_said_first_counts_most() -> None:
    """All words are equally rare, so the row shows what each is worth; in order "cat" of a capability, xa to xk."""
    said = " ".join("x" + chr(ord("a") + place) for place in range(WORD_HALF + 1))
    rows = [artifact("a", name=None, description=said), artifact("b", name="dog")]
    row = dense(purpose_vectors(catalogue(rows, [capability("a", "cat", intents=None)]))[0])[0]
    assert row[:4] / row[0] == pytest.approx([1, 0, 1, WORD_HALF / (WORD_HALF + 1)])
    assert row[-1] / row[0] == pytest.approx(0.5)


def test_a_word_of_a_tag_is_worth_half_of_one_said_first() -> None:
    """All words are equally rare, so the row shows what each is worth; in order "drill", "garden", "hammer", "hous"."""
    rows = [artifact("a", name="drill", description="hammer", tags=["House & garden"]), artifact("b", name="dog")]
    drill, garden, hammer, house = (value for value in dense(purpose_vectors(catalogue(rows))[0])[0] if value)
    assert [drill, hammer, house] == pytest.approx([garden / TAG_WORTH, garden / TAG_WORTH, garden])


def test_a_tag_is_like_a_description_that_says_its_words() -> None:
    rows = [artifact("a", name=None, tags=["Gardens"]), artifact("b", name=None, description="waters a garden")]
    assert dense(text_signal(*purpose_vectors(catalogue(rows))))[0, 1] > 0


def test_an_artifact_without_any_text_is_like_nothing() -> None:
    rows = [artifact("a", description="labels photos"), artifact("b", name=None), artifact("c", name=None)]
    found = catalogue(rows)
    assert dense(text_signal(*purpose_vectors(found))).sum() == 0


def test_tags_of_capabilities_stand_in_for_missing_ones() -> None:
    rows = [capability("a", "x", tags=["Vision!"])]
    assert purpose_tags(artifact("a", tags=None), rows) == ["vision"]
    assert purpose_tags(artifact("a", tags=["own"]), rows) == ["own"]


def encode(texts: list[str]) -> Any:
    """Cars and automobiles point one way, all else the other."""
    return np.array(
        [[1, 0] if "car" in text or "automobile" in text else [0, 1] if text else [0, 0] for text in texts], float
    )


def test_meanings_find_what_words_do_not() -> None:
    rows = [
        artifact(key, name=None, description=text) for key, text in (("a", "car"), ("b", "automobile"), ("c", "dog"))
    ]
    found = catalogue([*rows, artifact("d", name=None)])
    meanings = meaning_vectors(found, encode)
    centre = np.array([2, 1]) / (4 + CENTRE_HALF)
    expected = np.array([1, 0]) - centre
    assert meanings[0] == pytest.approx(expected / np.linalg.norm(expected), abs=1e-6)
    assert meanings[3].tolist() == [0, 0]
    values = dense(text_signal(*purpose_vectors(found), meanings))
    assert values[0, 1] == pytest.approx(MEANING_SHARE, abs=1e-6)
    assert values[0, 2] == values[0, 3] == 0


def test_many_are_compared_by_the_lexically_nearest_with_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    said = unit_rows(sparse.random_array((40, 15), density=0.3, rng=random, format="csr"))
    meant = random.normal(size=(40, 8)).astype(np.float32) / 10
    every = similarity.nearest_by_both(said, meant, limit=5, threshold=0.1)
    monkeypatch.setattr(similarity, "ALL_PAIRS", 10)
    some = similarity.nearest_by_both(said, meant, limit=5, threshold=0.1)
    assert every.nnz == some.nnz > 0
    assert abs(every - some).max() < 1e-6


def test_the_likest_speak_for_an_artifact() -> None:
    """a is like b, b like a and c: of what b says of c the share is a's; what a and b say of each other stays."""
    text = sparse.csr_matrix([[0, 0.6, 0], [0.6, 0, 0.4], [0, 0.4, 0]])
    heard = dense(through_the_likest(text))
    assert heard[0] == pytest.approx([0, 0.8 * 0.6 + 0.2, 0.2 * 0.4])
    assert heard[1] == pytest.approx([0.8 * 0.6 + 0.2 * 0.6, 0, 0.8 * 0.4 + 0.2 * 0.4])


def test_many_are_heard_as_in_the_formula() -> None:
    random = np.random.default_rng(3)
    text = random.uniform(0.1, 1, (20, 20)) * (random.uniform(size=(20, 20)) < 0.6)
    np.fill_diagonal(text, 0)
    votes = np.where(text >= -np.sort(-text, axis=1)[:, [LIKEST - 1]], text, 0)
    votes /= votes.sum(axis=1, keepdims=True)
    wanted = ((1 - LIKEST_SHARE) * np.eye(20) + LIKEST_SHARE * votes) @ (np.eye(20) + text)
    np.fill_diagonal(wanted, 0)
    assert dense(through_the_likest(sparse.csr_matrix(text))) == pytest.approx(np.where(wanted < 0.01, 0, wanted))


def test_who_is_like_nobody_hears_nobody() -> None:
    assert dense(through_the_likest(sparse.csr_matrix((2, 2)))).tolist() == [[0, 0], [0, 0]]
