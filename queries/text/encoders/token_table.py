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
        self.dimensions = vectors.shape[1]

    def words(self) -> list[str]:
        """Return the common words, in lower case: whole ones of the vocabulary, without numbers and signs."""
        return list(self._common)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (n, dimensions); zeros for a text without any whole word of the vocabulary.

        Pieces of words add to words beside them; alone they could be anything.
        """
        if len(texts) == 1:
            return self._encode_one(np.array(self._wordpiece.tokens(texts[0])[:MAX_TOKENS], np.int32))
        numbers, starts = self._tokens(texts)
        shape = (len(texts), len(self._vectors))
        bags = sparse.csr_array((np.ones(len(numbers), np.float32), numbers, starts), shape=shape)
        words = sparse.csr_array((self._whole_words(numbers), numbers, starts), shape=shape).sum(axis=1)
        return unit(np.asarray(bags @ self._vectors) * (words > 0)[:, None])

    def _tokens(self, texts: Sequence[str]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
        """Return the first tokens of texts, one after the other, and where each text's begin (texts + 1,)."""
        numbers, counts = self._wordpiece.tokens_of(texts)
        place = np.arange(len(numbers)) - np.repeat(np.cumsum(counts) - counts, counts)
        return numbers[place < MAX_TOKENS], np.cumsum([0, *np.minimum(counts, MAX_TOKENS)])

    def _encode_one(self, numbers: npt.NDArray[np.int32]) -> Vectors:
        """Return the vector of one text (1, dimensions): what `encode` gives, in a fifth of the time."""
        if not self._whole_words(numbers).any():
            return np.zeros((1, self.dimensions), np.float32)
        total = self._vectors[numbers].sum(axis=0)
        length = np.sqrt(np.add.reduce(total * total))
        scaled: Vectors = total / length if length > _SHORTEST else np.zeros_like(total)
        return scaled[None]

    def _whole_words(self, numbers: npt.NDArray[np.int32]) -> Vectors:
        """Return 1 for a token (n,) that is a word by itself, 0 for pieces and signs."""
        starts = self._starts_word[numbers]
        goes_on = np.append(self._continues[numbers[1:]], False)
        whole: Vectors = (starts & ~goes_on).astype(np.float32)
        return whole


def unit(rows: Vectors) -> Vectors:
    """Bring rows to length 1; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > _SHORTEST)
    return scaled


def quantised(rows: Vectors) -> tuple[npt.NDArray[np.int8], Vectors]:
    """Return rows as whole numbers up to 127 and what each row was divided by (n,)."""
    scales = (np.abs(rows).max(axis=1) / 127).astype(np.float32)
    steps = np.where(scales > 0, scales, 1)[:, None]
    return np.round(rows / steps).astype(np.int8), scales


@lru_cache(maxsize=1)
def token_table() -> TokenTable:
    """Return the table of this installation, read once."""
    vocabulary, more = ((FOLDER / name).read_text(encoding="utf-8").splitlines() for name in (VOCABULARY, MORE_WORDS))
    vectors, scales = np.load(FOLDER / VECTORS), np.load(FOLDER / SCALES)
    return TokenTable(vocabulary, vectors * scales[:, None], more)


token_table_2: Final = token_table
"""The name that snapshots record: those with vectors of another table are refused instead of misread."""
