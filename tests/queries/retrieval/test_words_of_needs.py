import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from queries.retrieval.wordings import MAX_WORDS, terms_of
from queries.retrieval.words_of_needs import words_of_needs
from queries.text.tokens import words

TEXTS = st.one_of(
    st.lists(st.sampled_from(["Resize", "the", "photo", "photos", "getUserInfo", "é"]), max_size=5).map(" ".join),
    st.just(" ".join(f"word {i}" for i in range(MAX_WORDS))),
)


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=3), max_size=4))
def test_as_each_text_is_looked_at_alone(needs: list[list[str]]) -> None:
    texts = [text for told in needs for text in told]
    owners = np.array([need for need, told in enumerate(needs) for _ in told], np.int64)
    found = words_of_needs(pa.array(texts, pa.string()), owners, len(needs))
    said = [" ".join(dict.fromkeys(word for text in told for word in words(text))) for told in needs]
    assert found.each_once().texts() == said
    terms, starts = found.terms()
    expected = [sorted({term for text in told for term in terms_of(text).tolist()}) for told in needs]
    assert [terms[starts[i] : starts[i + 1]].tolist() for i in range(len(needs))] == expected
