"""Words that two artifacts share, held against sets of words."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from queries.alternatives.purposes import Catalogue
from queries.alternatives.shared_words import SharedWords
from tests.queries.tables import artifact, table


def lines(texts: list[str], pairs: list[tuple[int, int]]) -> list[str]:
    rows = [artifact(f"a{place}", name=None, description=text) for place, text in enumerate(texts)]
    shared = SharedWords(Catalogue.of(table("artifacts", rows), table("capabilities", [])))
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    return list(shared.lines(left, right, np.full(len(pairs), 0.5)))


def test_words_are_said_as_the_first_of_both_writes_them_and_short_ones_are_not() -> None:
    said = lines(["labels of my photo", "labeling a photo by ai"], [(0, 1), (1, 0)])
    assert said == [
        "both speak of labels and photo (similarity 0.50)",
        "both speak of labeling and photo (similarity 0.50)",
    ]


def test_what_shares_no_word_is_alike_in_meaning() -> None:
    assert lines(["photos", "music", "photos"], [(0, 1), (0, 2)]) == [
        "described in words of like meaning, or like what is most like it (similarity 0.50)",
        "both speak of photos (similarity 0.50)",
    ]


@given(
    texts=st.lists(st.lists(st.sampled_from(["frame", "audio", "print", "query", "graph"])), min_size=2, max_size=5),
    data=st.data(),
)
def test_as_many_words_are_shared_as_by_sets(texts: list[list[str]], data: st.DataObject) -> None:
    place = st.integers(0, len(texts) - 1)
    pairs = data.draw(st.lists(st.tuples(place, place), max_size=8))
    for (a, b), line in zip(pairs, lines([" ".join(text) for text in texts], pairs), strict=True):
        common = set(texts[a]) & set(texts[b])
        shown = [word for word in common if word in line.removeprefix("both speak of ")]
        assert len(shown) == min(3, len(common))
        assert line.startswith("both speak of " if common else "described in words of like meaning")
        assert f"and {len(common) - 3} more" in line or len(common) <= 3
