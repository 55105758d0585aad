"""Entries of words by row, held against counters."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from queries.text.word_entries import entries


@given(st.lists(st.lists(st.sampled_from(["b", "a", "c", "ä"])), max_size=5), st.randoms())
def test_entries_are_those_of_counters(rows: list[list[str]], random) -> None:  # type: ignore[no-untyped-def]
    """Words may be given in any order of rows; "x" and the second "a" are known, and the one stands nowhere."""
    words = ["x", "a", "b", "a", "c", "ä"]
    numbers_of = {word: [number for number, each in enumerate(words) if each == word] for word in words}
    given = [(row, random.choice(numbers_of[word])) for row, of in enumerate(rows) for word in of]
    random.shuffle(given)
    row, numbers = np.array(given, np.int64).reshape(-1, 2).T
    found = entries(words, numbers, row, len(rows))
    assert found.words == sorted({word for of in rows for word in of})
    matrix = found.counts().toarray()
    assert [dict(zip(found.words, map(int, each), strict=False)) for each in matrix] == [
        {word: Counter(of)[word] for word in found.words} for of in rows
    ]
    assert [found.words[found.columns[each]] for each in found.entry] == [words[number] for number in numbers]
