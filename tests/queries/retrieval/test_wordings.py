from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.retrieval import wordings
from queries.retrieval.wordings import K1, MAX_WORDS, B, TermsOfNeeds, Wordings, terms_of, write_wordings
from queries.retrieval.words_of_needs import words_of_needs
from queries.text.tokens import stem, words
from tests.queries.small_catalogue import choices

WORDS = ("resize", "photos", "how", "does", "translate", "contracts")


def spelled_out(text: str) -> set[str]:
    stems = stem(words(text, stop_words=True))
    return {*stems, *(f"{a} {b}" for a, b in pairwise(stems))}


def by_hand(query: str, needs: list[tuple[str, dict[int, float]]]) -> dict[int, float]:
    """The formula with dictionaries, term by term."""
    frequencies: dict[int, dict[str, float]] = {}
    for text, pulls in needs:
        for document, pull in pulls.items():
            for term in spelled_out(text):
                row = frequencies.setdefault(document, {})
                row[term] = row.get(term, 0) + pull
    lengths = {document: sum(row.values()) for document, row in frequencies.items()}
    mean, count = sum(lengths.values()) / len(lengths), len(frequencies)
    holders = {term: sum(term in row for row in frequencies.values()) for term in spelled_out(query)}
    weights = {term: log(1 + (count - held + 0.5) / (held + 0.5)) for term, held in holders.items()}
    return {
        document: sum(
            weight * row.get(term, 0) * (K1 + 1) / (row.get(term, 0) + K1 * (1 - B + B * lengths[document] / mean))
            for term, weight in weights.items()
        )
        / sum(weights.values())
        for document, row in frequencies.items()
    }


def written(folder: Path, needs: list[tuple[str, dict[int, float]]]) -> Wordings:
    write_wordings(folder, terms_of_needs([[text] for text, _ in needs]), choices(*(pulls for _, pulls in needs)))
    return Wordings(folder)


def terms_of_needs(texts: list[list[str]]) -> TermsOfNeeds:
    flat = pa.array([text for told in texts for text in told], pa.string())
    needs = np.array([need for need, told in enumerate(texts) for _ in told], np.int64)
    return words_of_needs(flat, needs, len(texts)).terms()


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
            st.dictionaries(st.integers(0, 6), st.floats(0.1, 2), min_size=1, max_size=3),
        ),
        min_size=1,
        max_size=6,
    ),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
)
def test_equal_to_the_formula_term_by_term(
    tmp_path_factory: pytest.TempPathFactory, needs: list[tuple[str, dict[int, float]]], query: str
) -> None:
    found = written(tmp_path_factory.mktemp("log"), needs).of(terms_of(query), np.arange(7))
    expected = by_hand(query, needs)
    assert found == pytest.approx([expected.get(document, 0.0) for document in range(7)], rel=1e-5)


@pytest.mark.parametrize("query", ["resize photos", "how does", "translate photos and films", ""])
def test_compiled_code_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    needs = [("resize photos", {3: 1.0, 4: 0.5}), ("how does one translate contracts", {3: 2.0, 9: 0.7})]
    opened, documents = written(tmp_path, needs), np.array([0, 9, 3, 4, 12])
    expected = opened.of(terms_of(query), documents)
    monkeypatch.setattr(wordings, "_MANY", 0)
    assert opened.of(terms_of(query), documents) == pytest.approx(expected, rel=1e-12)


def test_queries_side_by_side_get_what_each_gets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs = [("resize photos", {3: 1.0, 4: 0.5}), ("how does one translate contracts", {3: 2.0, 9: 0.7})]
    opened, documents = written(tmp_path, needs), np.array([0, 9, 3, 4, 12])
    queries, ends = [terms_of("resize photos"), terms_of(""), terms_of("translate")], np.array([0, 2, 2, 5])
    alone = [*opened.of(queries[0], documents[:2]), *opened.of(queries[2], documents[2:])]
    for many in (10**9, 0):
        monkeypatch.setattr(wordings, "_MANY", many)
        assert opened.of_each(queries, documents, ends) == pytest.approx(alone, rel=1e-12)


def test_a_need_can_be_left_out(tmp_path: Path) -> None:
    needs = [("resize photos", {3: 1.0, 4: 0.5}), ("translate contracts", {3: 2.0})]
    wordings = written(tmp_path, needs)
    query, documents = terms_of("resize photos"), np.array([3, 4])
    assert wordings.of(query, documents).min() > 0
    assert wordings.of(query, documents, (0, needs[0][1])) == pytest.approx([0, 0], abs=1e-6)
    of_others = wordings.of(terms_of("translate"), documents, (0, needs[0][1]))
    assert of_others[0] > wordings.of(terms_of("translate"), documents)[0]  # what is left is shorter


def test_every_wording_of_a_need_counts_and_each_term_once(tmp_path: Path) -> None:
    thrice = terms_of_needs([["resize photos", "resize photos", "make photos smaller"]])
    write_wordings(tmp_path, thrice, choices({1: 1.0}))
    (tmp_path / "once").mkdir()
    write_wordings(tmp_path / "once", terms_of_needs([["make photos smaller", "resize photos"]]), choices({1: 1.0}))
    query = terms_of("resize something smaller")
    assert Wordings(tmp_path).of(query, np.array([1])) == Wordings(tmp_path / "once").of(query, np.array([1])) > 0


def test_unlike_words_and_documents_never_chosen_get_nothing(tmp_path: Path) -> None:
    wordings = written(tmp_path, [("resize photos", {3: 1.0})])
    assert wordings.of(terms_of("translate contracts"), np.array([3])).tolist() == [0]
    assert wordings.of(terms_of("resize photos"), np.array([2, 4])).tolist() == [0, 0]
    assert wordings.of(terms_of(""), np.array([3])).tolist() == [0]
    assert wordings.of(terms_of("resize"), np.zeros(0, np.int64)).tolist() == []


def test_without_a_log(tmp_path: Path) -> None:
    assert written(tmp_path, []).of(terms_of("resize photos"), np.array([0, 1])).tolist() == [0, 0]


def test_long_queries_are_cut() -> None:
    long = " ".join(f"word{i}" for i in range(5 * MAX_WORDS))
    assert len(terms_of(long)) < 2 * MAX_WORDS
