"""What artifacts say they are for, as vectors of words and tags, and how alike two purposes are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import sparse

from queries.alternatives.purpose_words import PurposeWords, purpose_tags, purpose_texts, purpose_words
from queries.text.similarity import (
    ALL_PAIRS,
    FloatArray,
    largest,
    nearest,
    nearest_by_both,
    off_diagonal,
    stack_blocks,
    tfidf,
    tfidf_of_matrix,
)

Row = dict[str, Any]

ARTIFACT_FIELDS: Final = (
    "artifact_id", "name", "type", "url", "vendor", "description", "tags", "stars", "likes", "downloads", "extra",
)  # fmt: skip
CAPABILITY_FIELDS: Final = ("capability_id", "artifact_id", "name", "intents", "tags")
"""Columns that alternatives are found by; the others stay in Arrow."""

TAG_SHARE: Final = 0.5
MEANING_SHARE: Final = 0.3
CENTRE_HALF: Final = 30
TEXT_NEIGHBOURS: Final = 100
MIN_TEXT: Final = 0.05
LIKEST: Final = 5
LIKEST_SHARE: Final = 0.2
MIN_HEARD: Final = MIN_TEXT * LIKEST_SHARE
COMMON_SHARE: Final = 0.1
"""In a large catalogue, words that more artifacts use cost most of the time and tell least; they are left out."""

Vectors = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Gives each text a vector of length 1, zeros if it says nothing of the text."""


@dataclass(frozen=True)
class Catalogue:
    """Artifacts and their capabilities, in the order of the artifact ids."""

    artifacts: list[Row]
    capabilities: dict[str, list[Row]]
    place: dict[str, int] = field(repr=False)

    @classmethod
    def of(cls, artifacts: pa.Table, capabilities: pa.Table) -> Catalogue:
        """Build it from the two snapshot tables; capabilities of unknown artifacts are left out."""
        rows = artifacts.select(ARTIFACT_FIELDS).sort_by("artifact_id").to_pylist()
        place = {row["artifact_id"]: i for i, row in enumerate(rows)}
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in capabilities.select(CAPABILITY_FIELDS).sort_by("capability_id").to_pylist():
            if row["artifact_id"] in place:
                grouped[row["artifact_id"]].append(row)
        return cls(rows, grouped, place)

    def __len__(self) -> int:
        """Return the number of artifacts."""
        return len(self.artifacts)

    def id(self, place: int) -> str:
        """Return the id of the artifact at a place."""
        found: str = self.artifacts[place]["artifact_id"]
        return found

    def name(self, place: int) -> str:
        """Return the name of the artifact at a place."""
        return self.artifacts[place]["name"] or self.id(place)

    def capabilities_of(self, place: int) -> list[Row]:
        """Return the capabilities of the artifact at a place."""
        return self.capabilities.get(self.artifacts[place]["artifact_id"], [])

    @cached_property
    def described(self) -> list[tuple[Row, list[Row]]]:
        """Every artifact with its capabilities."""
        return [(row, self.capabilities_of(place)) for place, row in enumerate(self.artifacts)]

    @cached_property
    def tags(self) -> list[list[str]]:
        """`purpose_tags` of every artifact."""
        return [purpose_tags(*each) for each in self.described]

    @cached_property
    def words(self) -> PurposeWords:
        """`purpose_words` of all, worked out once: reading texts costs more than most that is made of them."""
        return purpose_words(self.described, self.tags)

    def places(self, ids: pa.ChunkedArray) -> Any:
        """Return the place of every artifact id of a column, -1 for unknown ones."""
        encoded = ids.combine_chunks().dictionary_encode()
        known = np.array([self.place.get(each, -1) for each in encoded.dictionary.to_pylist()] or [-1], np.int64)
        return known[encoded.indices.to_numpy(zero_copy_only=False)]


def purpose_vectors(catalogue: Catalogue) -> tuple[Any, Any]:
    """Return the unit rows of `purpose_words` and of tags: CSR matrices (artifacts, words) and (artifacts, tags)."""
    return tfidf_of_matrix(catalogue.words.worths), tfidf(catalogue.tags)


def meaning_vectors(catalogue: Catalogue, encode: Encode) -> Vectors:
    """Return what all of `purpose_texts` mean, as unit rows (artifacts, dimensions); zeros where there is no text.

    What all artifacts of a catalogue have in common tells none of them apart, so their mean is taken off (Mu &
    Viswanath 2018, "All-but-the-top"); that of a few, shrunk by n / (n + `CENTRE_HALF`).
    """
    found = encode([". ".join(purpose_texts(*each)) for each in catalogue.described])
    centred = np.where(found.any(axis=1, keepdims=True), found - found.sum(axis=0) / (len(found) + CENTRE_HALF), 0)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(centred / np.where(lengths > 0, lengths, 1), np.float32)


def text_signal(words: Any, tags: Any, meanings: Vectors | None = None) -> Any:
    """Return the similarity of purposes from the matrices of `purpose_vectors` and `meaning_vectors`.

    Each row is put together from words (1 - `TAG_SHARE`) and tags (`TAG_SHARE`), or from the one that it has; the tags'
    share is lowered to `tag_specificity` of it. Of the words' share `MEANING_SHARE` goes to the meanings, if given.
    """
    if words.shape[0] > ALL_PAIRS:
        users = np.bincount(words.indices, minlength=words.shape[1])
        words = words[:, np.flatnonzero(users <= COMMON_SHARE * words.shape[0])]
    has_words, has_tags = np.diff(words.indptr) > 0, np.diff(tags.indptr) > 0
    share = np.where(has_tags, np.where(has_words, TAG_SHARE, 1.0), 0.0)
    shares = [1 - share, share * tag_specificity(tags)]
    if meanings is None:
        vectors = stack_blocks([words, tags], shares)
        return off_diagonal(nearest(vectors, vectors, limit=TEXT_NEIGHBOURS + 1, threshold=MIN_TEXT))
    said = stack_blocks([words, tags], [(1 - MEANING_SHARE) * shares[0], shares[1]])
    meant = meanings * np.sqrt(MEANING_SHARE * shares[0])[:, None].astype(np.float32)
    return off_diagonal(nearest_by_both(said, meant, limit=TEXT_NEIGHBOURS + 1, threshold=MIN_TEXT))


def through_the_likest(text: Any) -> Any:
    """Let those most like an artifact speak for it: ((1 - a) I + a W) (I + S), a `LIKEST_SHARE`, S the text signal.

    W (artifacts, artifacts) holds the `LIKEST` largest values of each row of S, divided by their sum. What says the
    same in other words is found that way: it is like others of its kind. One step of ranking on the graph of nearest
    neighbours (Zhou et al. 2004, "Ranking on Data Manifolds").
    """
    itself = sparse.eye_array(text.shape[0], format="csr")
    likest = largest(text, LIKEST)
    sums = np.asarray(likest.sum(axis=1)).ravel()
    votes = sparse.diags_array(LIKEST_SHARE / np.where(sums > 0, sums, 1.0)) @ likest
    heard = sparse.csr_matrix((1 - LIKEST_SHARE) * itself + votes)
    found = nearest(heard, sparse.csr_matrix((itself + text).T), limit=TEXT_NEIGHBOURS + 1, threshold=MIN_HEARD)
    return off_diagonal(found)


def tag_specificity(tags: Any) -> FloatArray:
    """Return for each row ln(N / artifacts with its rarest tag) / ln N: 1 for its own tag, 0 for one that all have.

    Two artifacts of which one knows no more than one broad category in common are hardly alike.
    """
    count = tags.shape[0]
    users = np.maximum(1, np.bincount(tags.indices, minlength=tags.shape[1]))
    rarest = np.array([users[tags.indices[start:end]].min(initial=count) for start, end in pairwise(tags.indptr)])
    return np.asarray(np.log(count / rarest) / np.log(max(2, count)))
