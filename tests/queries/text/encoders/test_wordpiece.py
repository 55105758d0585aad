import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.text.encoders.wordpiece import WordPiece

VOCABULARY = ["[UNK]", "read", "##ing", "##s", "pdf", "-", "cafe", "必", "_", "name"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Reading PDFs", ["read", "##ing", "pdf", "##s"]),
        ("Café-name", ["cafe", "-", "name"]),
        ("read_name", ["read", "_", "name"]),
        ("必必", ["必", "必"]),
        ("readable pdf", ["[UNK]", "pdf"]),
        ("read" * 40, ["[UNK]"]),
        ("", []),
    ],
)
def test_words_are_split_into_the_longest_known_pieces(text: str, pieces: list[str]) -> None:
    assert [VOCABULARY[number] for number in WordPiece(VOCABULARY).tokens(text)] == pieces


TEXTS = st.text(st.sampled_from("readingpdfs RP_-\t\n\x0b\x1c\x00\x7f.é必必\u0301"), max_size=30)


@given(st.lists(TEXTS, max_size=8))
def test_many_texts_at_once_have_the_tokens_of_each(texts: list[str]) -> None:
    numbers, counts = WordPiece(VOCABULARY).tokens_of(texts)
    each = [WordPiece(VOCABULARY).tokens(text) for text in texts]
    assert counts.tolist() == [len(found) for found in each]
    assert numbers.tolist() == [number for found in each for number in found]
