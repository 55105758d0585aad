"""WordPiece: texts as token numbers of a fixed vocabulary (Wu et al. 2016, section 4.1; Devlin et al. 2019).

The same tokens as BERT's uncased tokenizer gives: lower case, accents dropped, punctuation and CJK characters apart,
then greedily the longest piece that the vocabulary holds. Most of a text is words seen before, so each is split once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import chain
from string import ascii_letters, digits, printable, punctuation
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from queries.text.bytes_of_texts import LOWERED, Column, column_of, looked_up, pieces, table
from queries.text.runs import places_of_runs

UNKNOWN: Final = "[UNK]"
INNER: Final = "##"
_MAX_WORD_CHARS: Final = 100
_MAX_REMEMBERED: Final = 500_000

_CJK: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_PARTS: Final = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+|[^\w\s]|_")
"""A CJK character, a word, or a sign."""

_KINDS: Final = table(joined=ascii_letters + digits, alone=punctuation)
_ODD: Final = 1 - np.isin(np.arange(256), np.frombuffer(printable.encode("ascii"), np.uint8)).astype(np.uint8)
"""All bytes but ASCII without control characters; white space is none."""

Numbers = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]


class WordPiece:
    """A tokenizer. Safe to use from several threads."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._numbers = {token: number for number, token in enumerate(vocabulary)}
        self._unknown = self._numbers[UNKNOWN]
        self._remembered: dict[str, tuple[int, ...]] = {}
        self._rests: dict[str, tuple[int, ...] | None] = {}

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
        column = column_of(pa.array(texts, pa.string()))
        odd = column.rows_at(np.flatnonzero(looked_up(column.data, _ODD)))
        if len(odd):
            plain = list(texts)
            for row in odd.tolist():
                plain[row] = ""
            column = column_of(pa.array(plain, pa.string()))
        numbers, counts = self._plain_tokens(column)
        if not len(odd):
            return numbers, counts
        others = [self.tokens(texts[row]) for row in odd.tolist()]
        every = counts.copy()
        every[odd] = [len(found) for found in others]
        of_plain = np.repeat(~np.isin(np.arange(len(texts)), odd), every)
        together = np.empty(len(of_plain), np.int32)
        together[of_plain] = numbers
        together[~of_plain] = [number for found in others for number in found]
        return together, every

    def _plain_tokens(self, column: Column) -> tuple[Numbers, Counts]:
        found, said = pieces(column, _KINDS, LOWERED)
        words = found.dictionary_encode()
        distinct = words.dictionary.to_pylist()
        known = map(self._remembered.get, distinct)
        tokens = [each or self._remember(word) for each, word in zip(known, distinct, strict=True)]
        sizes = np.fromiter(map(len, tokens), np.int64, len(tokens))
        starts = np.cumsum(sizes) - sizes
        together = np.fromiter(chain.from_iterable(tokens), np.int32, int(sizes.sum()))
        order = words.indices.to_numpy()
        of_words = sizes[order]
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(of_words)])
        counts = np.diff(before[np.cumsum(said)], prepend=0)
        return together[places_of_runs(starts[order], of_words)], counts

    def _remember(self, word: str) -> tuple[int, ...]:
        pieces = self._pieces(word)
        if len(self._remembered) < _MAX_REMEMBERED:
            self._remembered[word] = pieces
        return pieces

    def _pieces(self, word: str) -> tuple[int, ...]:
        """Return the longest known beginning of the word, then of the rest; the unknown token if any rest has none."""
        found = self._split(word, "") if len(word) <= _MAX_WORD_CHARS else None
        return (self._unknown,) if found is None else found

    def _split(self, word: str, inner: str) -> tuple[int, ...] | None:
        """Return the pieces of a word, or of the rest of one (`inner`); None if it has none. Words share ends."""
        for end in range(len(word), 0, -1):
            number = self._numbers.get(inner + word[:end])
            if number is None:
                continue
            rest = word[end:]
            if not rest:
                return (number,)
            pieces = self._rests[rest] if rest in self._rests else self._split(rest, INNER)
            if len(self._rests) < _MAX_REMEMBERED:
                self._rests[rest] = pieces
            return None if pieces is None else (number, *pieces)
        return None


def _plain(text: str) -> str:
    """Return the text in lower case without accents and control characters."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    return "".join(char for char in unicodedata.normalize("NFD", lowered) if unicodedata.category(char) != "Mn")
