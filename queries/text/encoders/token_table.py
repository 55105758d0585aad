"""The encoder that comes with matchgraph: one vector for each token, added up and brought to length 1.

The table was fitted to sentence vectors of all-MiniLM-L6-v2 (Apache-2.0; see NOTICE beside the table), by
`bench/encoder`; method and figures are in docs/search.md and docs/search-measured.md. A text costs about a hundredth of
what the model would.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from queries.text.encoders.contract import Vectors
from queries.text.encoders.wordpiece import INNER, WordPiece

FOLDER: Final = Path(__file__).parent / "minilm_tokens"
VOCABULARY: Final = "vocabulary.txt"
MORE_WORDS: Final = "more_words.txt"
VECTORS: Final = "vectors.npy"
SCALES: Final = "scales.npy"
MAX_TOKENS: Final = 256
"""Of a longer text the beginning is read."""

_SHORTEST: Final = 1e-9
"""Shorter sums have no direction."""

_AT_ONCE: Final = 250
"""So many rows stay in the processor's cache from one step to the next, which halves the time."""


class TokenTable:
    """Token vectors with their weights already in them.

    `vectors` (tokens, dimensions): those of the vocabulary, then those of words more that software is described with.
    """

    def __init__(self, vocabulary: Sequence[str], vectors: Vectors, more_words: Sequence[str] = ()) -> None:
        tokens = [*vocabulary, *more_words]
        self._wordpiece = WordPiece(tokens)
        self._vectors = vectors
        self._starts_word = np.array([token.isalnum() for token in tokens])
        self._continues = np.array([token.startswith(INNER) for token in tokens])
        self._common = [token for token in vocabulary if token.isalpha()]
        self._whole = [(place, token) for place, token in enumerate(tokens) if token.isalnum()]
        self.dimensions = vectors.shape[1]

    def words(self) -> list[str]:
        """Return the common words, in lower case: whole ones of the vocabulary, without numbers and signs."""
        return list(self._common)

    def lengths(self) -> tuple[list[str], Vectors]:
        """Return all whole words, in lower case, and the length of the vector of each (n,)."""
        lengths = np.sqrt(np.einsum("ij,ij->i", self._vectors, self._vectors))
        return [word for _, word in self._whole], lengths[[place for place, _ in self._whole]]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (n, dimensions); zeros for a text without any whole word of the vocabulary.

        Pieces of words add to words beside them; alone they could be anything.
        """
        if len(texts) == 1:
            return self._encode_one(np.array(self._wordpiece.tokens(texts[0])[:MAX_TOKENS], np.int32))
        numbers, starts = self._tokens(texts)
        shape = (len(texts), len(self._vectors))
        bags = sparse.csr_array((np.ones(len(numbers), np.float32), numbers, starts), shape=shape)
        found: Vectors = np.asarray(bags @ self._vectors)
        words = np.diff(np.searchsorted(np.flatnonzero(self._whole_words(numbers)), starts))
        found[words == 0] = 0
        to_unit(found)
        return found

    def _tokens(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
        """Return the first tokens of texts, one after the other, and where each text's begin (texts + 1,)."""
        numbers, counts = self._wordpiece.tokens_of(texts)
        if counts.max(initial=0) > MAX_TOKENS:
            place = np.arange(len(numbers)) - np.repeat(np.cumsum(counts) - counts, counts)
            numbers, counts = numbers[place < MAX_TOKENS], np.minimum(counts, MAX_TOKENS)
        return numbers, np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])

    def _encode_one(self, numbers: npt.NDArray[np.int32]) -> Vectors:
        """Return the vector of one text (1, dimensions): what `encode` gives, in a fifth of the time."""
        if not self._whole_words(numbers).any():
            return np.zeros((1, self.dimensions), np.float32)
        total = self._vectors[numbers].sum(axis=0)
        length = np.sqrt(np.add.reduce(total * total))
        scaled: Vectors = total / length if length > _SHORTEST else np.zeros_like(total)
        return scaled[None]

    def _whole_words(self, numbers: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        """Say of tokens (n,) which are words by themselves, neither pieces nor signs."""
        whole: npt.NDArray[np.bool_] = self._starts_word[numbers]
        whole[:-1] &= ~self._continues[numbers[1:]]
        return whole


def to_unit(rows: Vectors) -> None:
    """Bring rows (n, dimensions) to length 1 where they are; those without a direction become zeros."""
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        lengths = np.sqrt(np.add.reduce(part * part, axis=1, keepdims=True))
        part[lengths[:, 0] <= _SHORTEST] = 0
        np.divide(part, lengths, out=part, where=lengths > _SHORTEST)


def quantised(rows: Vectors) -> tuple[npt.NDArray[np.int8], Vectors]:
    """Return rows as whole numbers up to 127 and what each row was divided by (n,)."""
    numbers, scales = np.empty(rows.shape, np.int8), np.empty(len(rows), np.float32)
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        sizes = (np.abs(part).max(axis=1) / 127).astype(np.float32)
        scales[start : start + _AT_ONCE] = sizes
        steps = part / np.where(sizes > 0, sizes, 1)[:, None]
        numbers[start : start + _AT_ONCE] = np.rint(steps, out=steps)
    return numbers, scales


@lru_cache(maxsize=1)
def token_table() -> TokenTable:
    """Return the table of this installation, read once."""
    vocabulary, more = ((FOLDER / name).read_text(encoding="utf-8").splitlines() for name in (VOCABULARY, MORE_WORDS))
    vectors, scales = np.load(FOLDER / VECTORS), np.load(FOLDER / SCALES)
    return TokenTable(vocabulary, vectors * scales[:, None], more)


token_table_2: Final = token_table
"""The name that snapshots record: those with vectors of another table are refused instead of misread."""
