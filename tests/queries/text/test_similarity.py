from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from queries.text import similarity
from queries.text.similarity import (
    NO_DESCRIPTION_NAME_WEIGHT,
    brand,
    capability_pairs,
    capability_vectors,
    capability_words,
    nearest,
    stack_blocks,
    terms,
    tfidf,
    unit_rows,
)
from tests.queries.tables import capability, table

words = st.sampled_from(["read", "write", "image", "search", "table", "speech"])
documents = st.lists(st.lists(words, max_size=5), min_size=1, max_size=8)


@pytest.mark.parametrize("rare", [1, 3, 1_000])
def test_similar_rows_are_all_that_comparing_every_pair_finds(rare: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similarity, "RARE_BEARERS", rare)
    monkeypatch.setattr(similarity, "RARE_SHARE", 0.0)
    random = np.random.default_rng(rare)
    columns = np.minimum(random.zipf(1.3, (60, 5)), 30) - 1
    matrix = unit_rows(sparse.csr_matrix((np.ones(300), (np.repeat(np.arange(60), 5), columns.ravel())), (60, 30)))
    every = nearest(matrix, matrix, limit=60, threshold=0.66).toarray()
    assert np.allclose(similarity.similar_rows(matrix, limit=60, threshold=0.66).toarray(), every)


def test_tfidf_by_hand() -> None:
    """Two documents: "a" is in both (idf 1), "b" in one (idf 1 + ln 1.5), "c" twice in one."""
    matrix = tfidf([["a", "b"], ["a", "c", "c"]]).toarray()
    rare = 1 + math.log(3 / 2)
    first = np.array([1, rare, 0])
    second = np.array([1, 0, (1 + math.log(2)) * rare])
    assert matrix[0] == pytest.approx(first / np.linalg.norm(first))
    assert matrix[1] == pytest.approx(second / np.linalg.norm(second))


def test_tfidf_of_nothing_is_empty_rows() -> None:
    assert tfidf([]).shape == (0, 1)
    assert tfidf([[], []]).toarray().tolist() == [[0.0], [0.0]]


@given(documents)
def test_tfidf_rows_have_length_one_or_zero(given_documents: list[list[str]]) -> None:
    lengths = np.linalg.norm(tfidf(given_documents).toarray(), axis=1)
    assert lengths == pytest.approx([1.0 if document else 0.0 for document in given_documents])


@given(documents)
def test_nearest_is_the_full_product_above_the_threshold(given_documents: list[list[str]]) -> None:
    matrix = tfidf(given_documents)
    full = (matrix @ matrix.T).toarray()
    found = nearest(matrix, matrix, limit=len(given_documents), threshold=0.5).toarray()
    sure = np.abs(full - 0.5) > 1e-9
    assert np.where(sure, found, 0) == pytest.approx(np.where(sure & (full >= 0.5), full, 0))


def test_nearest_includes_the_threshold_itself() -> None:
    half = sparse.csr_matrix([[0.5]])
    assert nearest(half, sparse.csr_matrix([[1.0]]), limit=1, threshold=0.5).toarray().tolist() == [[0.5]]


def test_stacked_blocks_give_the_weighted_sum_of_cosines() -> None:
    names, texts = tfidf([["a"], ["a"]]), tfidf([["x"], ["y"]])
    weight = np.array([0.6, 0.6])
    both = stack_blocks([names, texts], [weight, 1 - weight])
    assert (both @ both.T).toarray()[0, 1] == pytest.approx(0.6)


def test_terms_split_and_stem_compound_names() -> None:
    assert terms("getUserInfo") == terms("get_user_info") == ["get", "user", "info"]
    assert terms("segmentation") == terms("segmentations")
    assert terms(None) == []


def test_only_the_brand_in_front_is_left_out_of_a_name() -> None:
    assert capability_words("playwright_click", "mcp:playwright") == ["click"]
    assert capability_words("playwright", "mcp:playwright") == terms("playwright")
    assert capability_words("semantic segmentation", "net-large-semantic") == terms("semantic segmentation")
    assert brand("owner/-odd-name") == "odd"


def test_same_capability_of_two_artifacts_is_a_pair_once() -> None:
    rows = [capability(owner, "semantic segmentation", description="one class for every pixel") for owner in ("b", "a")]
    pairs = capability_pairs(table("capabilities", rows)).to_pylist()
    assert pairs == [
        {
            "capability_a": "a/semantic-segmentation",
            "capability_b": "b/semantic-segmentation",
            "artifact_a": "a",
            "artifact_b": "b",
            "similarity": 1.0,
        }
    ]


def test_capabilities_of_one_artifact_are_no_pair() -> None:
    rows = [capability("a", "read file", capability_id=key, description="reads") for key in ("a/1", "a/2")]
    assert capability_pairs(table("capabilities", rows)).num_rows == 0


def test_one_word_names_are_linked_only_if_the_texts_agree() -> None:
    unlike = [
        capability("news", "search", description="stories and comments on a technology forum"),
        capability("medicine", "search", description="clinical trials and genetic variants"),
    ]
    assert capability_pairs(table("capabilities", unlike)).num_rows == 0
    alike = [capability(owner, "search", description="finds clinical trials") for owner in ("one", "two")]
    assert capability_pairs(table("capabilities", alike)).num_rows == 1


def test_equal_names_without_any_text_are_linked_but_not_with_a_text_on_one_side() -> None:
    bare = [capability(owner, "image inpainting") for owner in ("a", "b")]
    assert capability_pairs(table("capabilities", bare))["similarity"].to_pylist() == [NO_DESCRIPTION_NAME_WEIGHT]
    one_sided = [bare[0], {**bare[1], "description": "fills holes"}]
    assert capability_pairs(table("capabilities", one_sided)).num_rows == 0


def test_no_capabilities_no_pairs() -> None:
    assert capability_pairs(table("capabilities", [])).num_rows == 0


names = st.lists(words, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), names, st.lists(words, max_size=4).map(" ".join)), max_size=8),
    st.randoms(),
)
def test_pairs_are_symmetric_bounded_and_independent_of_row_order(rows, random) -> None:  # type: ignore[no-untyped-def]
    capabilities = [
        capability(owner, name, capability_id=f"{owner}/{place}", description=text or None)
        for place, (owner, name, text) in enumerate(rows)
    ]
    pairs = capability_pairs(table("capabilities", capabilities))
    for pair in pairs.to_pylist():
        assert pair["capability_a"] < pair["capability_b"]
        assert pair["artifact_a"] != pair["artifact_b"]
        assert 0 < pair["similarity"] <= 1
    random.shuffle(capabilities)
    assert capability_pairs(table("capabilities", capabilities)).equals(pairs)
    if capabilities:
        ordered = sorted(capabilities, key=lambda row: str(row["capability_id"]))
        full = {name: ordered[0].get(name) for name in ("intents", "tags", "input_types", "output_types")}
        own = [capability_words(row["name"], row["artifact_id"]) for row in ordered]
        vectors = capability_vectors([{**full, **row} for row in ordered], own)
        assert (vectors @ vectors.T).toarray().max(initial=0) <= 1 + 1e-9
