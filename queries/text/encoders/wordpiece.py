"""WordPiece: texts as token numbers of a fixed vocabulary (Wu et al. 2016, section 4.1; Devlin et al. 2019).

The same tokens as BERT's uncased tokenizer gives: lower case, accents dropped, punctuation and CJK characters apart,
then greedily the longest piece that the vocabulary holds. Most of a text is words seen before, so each is split once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

UNKNOWN: Final = "[UNK]"
INNER: Final = "##"
_MAX_WORD_CHARS: Final = 100
_MAX_REMEMBERED: Final = 500_000

_CJK: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_PARTS: Final = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+|[^\w\s]|_")
"""A CJK character, a word, or a sign."""


class WordPiece:
    """A tokenizer. Safe to use from several threads."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._numbers = {token: number for number, token in enumerate(vocabulary)}
        self._unknown = self._numbers[UNKNOWN]
        self._remembered: dict[str, tuple[int, ...]] = {}

    def tokens(self, text: str) -> list[int]:
        """Return the token numbers of a text, without start and end signs."""
        remembered = self._remembered
        found: list[int] = []
        for word in _PARTS.findall(_plain(text)):
            pieces = remembered.get(word)
            if pieces is None:
                pieces = self._remember(word)
            found.extend(pieces)
        return found

    def knows(self, word: str) -> bool:
        """Say whether the vocabulary holds the whole word."""
        return word in self._numbers

    def _remember(self, word: str) -> tuple[int, ...]:
        pieces = tuple(self._pieces(word))
        if len(self._remembered) < _MAX_REMEMBERED:
            self._remembered[word] = pieces
        return pieces

    def _pieces(self, word: str) -> Iterator[int]:
        """Yield the longest known beginning of the word, then of the rest; the unknown token if any rest has none."""
        found: list[int] = []
        start = 0
        while start < len(word) <= _MAX_WORD_CHARS:
            number, end = self._longest(word, start)
            if number is None:
                break
            found.append(number)
            start = end
        yield from found if start == len(word) else [self._unknown]

    def _longest(self, word: str, start: int) -> tuple[int | None, int]:
        inner = INNER if start else ""
        for end in range(len(word), start, -1):
            number = self._numbers.get(inner + word[start:end])
            if number is not None:
                return number, end
        return None, start


def _plain(text: str) -> str:
    """Return the text in lower case without accents and control characters."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    return "".join(char for char in unicodedata.normalize("NFD", lowered) if unicodedata.category(char) != "Mn")
