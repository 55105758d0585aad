"""WordPiece: texts as token numbers of a fixed vocabulary (Wu et al. 2016, section 4.1; Devlin et al. 2019).

The same tokens as BERT's uncased tokenizer gives: lower case, accents dropped, punctuation and CJK characters apart,
then greedily the longest piece that the vocabulary holds. Most of a text is words seen before, so each is split once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from queries.text.runs import places_of_runs

UNKNOWN: Final = "[UNK]"
INNER: Final = "##"
_MAX_WORD_CHARS: Final = 100
_MAX_REMEMBERED: Final = 500_000

_CJK: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_PARTS: Final = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+|[^\w\s]|_")
"""A CJK character, a word, or a sign."""

_PLAIN: Final = r"^[\t-\r -~]*$"
"""ASCII without control characters but white space."""

Numbers = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]


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

    def tokens_of(self, texts: Sequence[str]) -> tuple[Numbers, Counts]:
        """Return the token numbers of many texts, one after the other, and how many each has (texts,).

        Texts of nothing but ASCII are taken apart all at once, and each distinct word is looked up once.
        """
        column = pa.array(texts, pa.string())
        plain = pc.match_substring_regex(column, _PLAIN).to_numpy(zero_copy_only=False)
        rows = np.flatnonzero(plain)
        numbers, counts = self._plain_tokens(column.take(pa.array(rows)))
        others = [self.tokens(texts[row]) for row in np.flatnonzero(~plain).tolist()]
        every = np.zeros(len(texts), np.int64)
        every[rows], every[~plain] = counts, [len(found) for found in others]
        of_plain = np.repeat(plain, every)
        together = np.empty(len(of_plain), np.int32)
        together[of_plain] = numbers
        together[~of_plain] = [number for found in others for number in found]
        return together, every

    def _plain_tokens(self, texts: pa.StringArray) -> tuple[Numbers, Counts]:
        apart = pc.replace_substring_regex(pc.ascii_lower(texts), "([^0-9a-z\\s])", " \\1 ")
        said = pc.ascii_split_whitespace(apart)
        words = pc.list_flatten(said).dictionary_encode()
        pieces = [self._remembered.get(word) or self._remember(word) for word in words.dictionary.to_pylist()]
        sizes = np.array([len(found) for found in pieces], np.int64)
        starts = np.cumsum(sizes) - sizes
        table = np.array([number for found in pieces for number in found], np.int32)
        order = words.indices.to_numpy()
        of_words = sizes[order]
        places = places_of_runs(starts[order], of_words)
        counts = np.bincount(pc.list_parent_indices(said).to_numpy(), of_words, len(texts)).astype(np.int64)
        return table[places], counts

    def words(self) -> list[str]:
        """Return the whole words of the vocabulary, without numbers, signs and parts of words."""
        return [token for token in self._numbers if token.isalpha()]

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
