"""Words of whole columns are those of each text."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from queries.text.bytes_of_texts import LOWERED
from queries.text.tokens import MAX_TEXT_CHARS, MAX_WORD_CHARS, indexable, words
from queries.text.word_columns import Runs, Said, said, said_in_lists

TEXTS = st.one_of(
    st.text(alphabet="aZ9 .+#_-s\té必", max_size=12),
    st.sampled_from(["", "getUserInfo", "APIs", "C++", "word " * 5_000, "x" * 80, "one", "UPPER case"]),
    st.none(),
)


def spelled(found: Said) -> list[list[str]]:
    ends = np.cumsum(found.counts).tolist()
    flat = [found.words[number] for number in found.numbers.tolist()]
    return [flat[end - count : end] for end, count in zip(ends, found.counts.tolist(), strict=True)]


@given(st.lists(TEXTS, max_size=6), st.integers(0, 2))
def test_as_each_text_is_taken_apart(texts: list[str | None], skipped: int) -> None:
    column = pa.array([*["aB"] * skipped, *texts], pa.string())[skipped:]
    found = said(column, lambda text: indexable(text).split())
    assert spelled(found) == [indexable(text or "").split() for text in texts]
    assert len(set(found.words)) == len(found.words) == len(set(found.numbers.tolist()))


@given(st.lists(TEXTS, max_size=6))
def test_lowered_they_are_the_words_of_queries(texts: list[str | None]) -> None:
    found = said(pa.array(texts, pa.string()), lambda text: words(text, stop_words=True), LOWERED)
    kept = [[word for word in each if len(word) <= MAX_WORD_CHARS] for each in spelled(found)]
    assert kept == [words(text or "", stop_words=True) for text in texts]


@given(st.lists(st.one_of(st.none(), st.lists(TEXTS, max_size=3)), max_size=5), st.integers(0, 2))
def test_lists_hold_the_words_of_their_texts(lists: list[list[str | None] | None], skipped: int) -> None:
    column = pa.array([*[["x"]] * skipped, *lists], pa.list_(pa.string()))[skipped:]
    found = spelled(said_in_lists(column, lambda text: indexable(text).split()))
    assert found == [[word for text in each or () for word in indexable(text or "").split()] for each in lists]


def test_a_long_text_is_cut_as_ever() -> None:
    long = "ab " * MAX_TEXT_CHARS
    assert spelled(said(pa.array([long]), lambda text: indexable(text).split())) == [indexable(long).split()]


def test_rows_can_be_taken_and_none_holds_nothing() -> None:
    runs = Runs(np.array([7, 8, 9]), np.array([2, 0, 1]))
    taken = runs.of(np.array([2, -1, 0, 1]))
    assert (taken.numbers.tolist(), taken.counts.tolist()) == ([9, 7, 8], [1, 0, 2, 0])
    assert runs.of(np.zeros(0, np.int64)).counts.tolist() == []
    assert Runs(np.zeros(0, np.int64), np.zeros(0, np.int64)).of(np.array([-1])).counts.tolist() == [0]
