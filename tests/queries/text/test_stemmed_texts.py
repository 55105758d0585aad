"""Texts stemmed together hold what each holds by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.text import stemmed_texts
from queries.text.similarity import terms
from queries.text.stemmed_texts import stemmed

TEXTS = st.lists(
    st.one_of(
        st.text(alphabet="aZ9 .+#_-s\té必", max_size=12),
        st.sampled_from(["", "getUserInfo", "APIs", "C++", "word " * 5_000, "x" * 80, "the running Queries of a"]),
        st.none(),
    ),
    max_size=8,
)


@given(TEXTS)
def test_each_text_has_the_terms_that_it_has_alone(texts: list[str | None]) -> None:
    found = stemmed(texts)
    wanted = [terms(text) for text in texts]
    assert found.lists() == wanted
    assert [found.stems_of(place) for place in range(len(texts))] == wanted
    assert found.texts().tolist() == [place for place, each in enumerate(wanted) for _ in each]
    assert found.places().tolist() == [place for each in wanted for place in range(len(each))]


def test_many_are_read_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["one two", "getUser", None, "two", "three of one"]
    whole = stemmed(texts).lists()
    monkeypatch.setattr(stemmed_texts, "TEXTS_AT_ONCE", 2)
    found = stemmed(texts)
    assert found.lists() == whole == [terms(text) for text in texts]
    assert len(set(found.words)) == len(found.words)
