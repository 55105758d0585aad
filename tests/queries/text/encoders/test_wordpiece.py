import pytest

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
