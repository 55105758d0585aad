from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from queries.text import similarity
from queries.text.similarity import (
    largest,
    nearest,
    stack_blocks,
    terms,
    tfidf,
    tfidf_of_matrix,
    unit_rows,
)

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


def test_words_that_are_worth_less_than_one_count_as_much_as_they_are_worth() -> None:
    """Two documents without a common word, so that all words are equally rare."""
    matrix = tfidf_of_matrix(sparse.csr_matrix([[0.5, 1.0, 0.0], [0.0, 0.0, 2.5]])).toarray()
    assert matrix[0] == pytest.approx(np.array([0.5, 1, 0]) / math.hypot(0.5, 1))
    assert matrix[1] == pytest.approx([0, 0, 1])


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


def test_several_threads_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values are few, so that many are equal at the limit."""
    random = np.random.default_rng(5)
    rows = (random.random((300, 40)) < 0.2) * random.integers(1, 3, (300, 40))
    matrix = unit_rows(sparse.csr_matrix(rows.astype(np.float64)))
    alone = nearest(matrix, matrix, limit=7, threshold=0.1)
    monkeypatch.setattr(similarity, "MANY_ROWS", 1)
    for threads in (2, 5):
        monkeypatch.setattr(similarity, "processors", lambda threads=threads: threads)
        together = nearest(matrix, matrix, limit=7, threshold=0.1)
        for name in ("data", "indices", "indptr"):
            assert getattr(together, name).tobytes() == getattr(alone, name).tobytes()


@given(
    rows=st.lists(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=5, max_size=5), min_size=1, max_size=4),
    limit=st.integers(1, 4),
)
def test_the_largest_are_kept_and_of_equal_ones_the_first(rows: list[list[float]], limit: int) -> None:
    found = largest(sparse.csr_matrix(rows), limit).toarray().tolist()
    for row, kept in zip(rows, found, strict=True):
        first = sorted(range(len(row)), key=lambda column: (-row[column], column))[:limit]
        assert kept == [value if column in first else 0 for column, value in enumerate(row)]
