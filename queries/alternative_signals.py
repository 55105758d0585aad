"""Four signs that one artifact serves the same purpose as another, each as a sparse matrix of values between 0 and 1.

Rows and columns of every matrix are the artifacts of a `Catalogue`, in the order of their ids; diagonals are empty.

text        cosine of what they say they are for (description, capability names and needs) and of their tags
concept     share of their capabilities that the other has too
co_choice   cosine over the intents for which they were chosen, shrunk where few clients stand behind it
stated      a text of one compares the two, and another sign speaks for a common purpose
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
from scipy import sparse

from graph.text import normalise_query
from queries.mentions import Mention
from queries.similarity import FloatArray, nearest, stack_blocks, terms, tfidf, unit_rows

Row = dict[str, Any]

TEXT_WORDS: Final = 150
"""Words of a description that count; the purpose is said first."""
TAG_SHARE: Final = 0.5
TEXT_NEIGHBOURS: Final = 100
MIN_TEXT: Final = 0.05

CO_CHOICE_HALF: Final = 5.0
"""Shared clients at which half of the cosine counts."""

LIKELY: Final = 0.4
"""Sum of the other signs from which a stated comparison is believed to compare things for one purpose."""

STATED_BY_BOTH: Final = 1.0
STATED_BY_ITSELF: Final = 0.8
STATED_BY_OTHER: Final = 0.6


@dataclass(frozen=True)
class Catalogue:
    """Artifacts and their capabilities, in the order of the artifact ids."""

    artifacts: list[Row]
    capabilities: dict[str, list[Row]]
    place: dict[str, int] = field(repr=False)

    @classmethod
    def of(cls, artifacts: pa.Table, capabilities: pa.Table) -> Catalogue:
        """Build it from the two snapshot tables; capabilities of unknown artifacts are left out."""
        rows = artifacts.sort_by("artifact_id").to_pylist()
        place = {row["artifact_id"]: i for i, row in enumerate(rows)}
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in capabilities.sort_by("capability_id").to_pylist():
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


def purpose_texts(artifact: Row, capabilities: Iterable[Row]) -> list[str]:
    """Return the texts that say what an artifact is for: name, description (its beginning), capability names, needs."""
    found = [artifact["name"] or "", " ".join((artifact["description"] or "").split()[:TEXT_WORDS])]
    for row in capabilities:
        found += [row["name"] or "", *(row["intents"] or ())]
    return [text for text in found if text]


def purpose_tags(artifact: Row, capabilities: Iterable[Row]) -> list[str]:
    """Return the tags of an artifact, normalised; those of its capabilities if it has none itself."""
    tags = artifact["tags"] or [tag for row in capabilities for tag in row["tags"] or ()]
    return [tag for tag in map(normalise_query, tags) if tag]


def purpose_vectors(catalogue: Catalogue) -> tuple[Any, Any]:
    """Return the unit rows of words and of tags: two CSR matrices (artifacts, words) and (artifacts, tags)."""
    both = [(row, catalogue.capabilities.get(row["artifact_id"], [])) for row in catalogue.artifacts]
    words = [[term for text in purpose_texts(*each) for term in terms(text)] for each in both]
    return tfidf(words), tfidf([purpose_tags(*each) for each in both])


def text_signal(words: Any, tags: Any) -> Any:
    """Return the similarity of purposes from the two matrices of `purpose_vectors`.

    Each row is put together from words (1 - `TAG_SHARE`) and tags (`TAG_SHARE`), or from the one that it has; the tags'
    share is lowered to `tag_specificity` of it.
    """
    has_words, has_tags = np.diff(words.indptr) > 0, np.diff(tags.indptr) > 0
    share = np.where(has_tags, np.where(has_words, TAG_SHARE, 1.0), 0.0)
    vectors = stack_blocks([words, tags], [1 - share, share * tag_specificity(tags)])
    return _off_diagonal(nearest(vectors, vectors, limit=TEXT_NEIGHBOURS + 1, threshold=MIN_TEXT))


def tag_specificity(tags: Any) -> FloatArray:
    """Return for each row ln(N / artifacts with its rarest tag) / ln N: 1 for its own tag, 0 for one that all have.

    Two artifacts of which one knows no more than one broad category in common are hardly alike.
    """
    count = tags.shape[0]
    users = np.maximum(1, np.bincount(tags.indices, minlength=tags.shape[1]))
    rarest = np.array([users[tags.indices[start:end]].min(initial=count) for start, end in pairwise(tags.indptr)])
    return np.asarray(np.log(count / rarest) / np.log(max(2, count)))


def concept_signal(catalogue: Catalogue, pairs: pa.Table) -> Any:
    """Return the overlap of capabilities: Σ best similarity of every capability of both / their number."""
    best: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    for pair in pairs.to_pylist():
        left, right = catalogue.place.get(pair["artifact_a"]), catalogue.place.get(pair["artifact_b"])
        if left is None or right is None:
            continue
        for ends, capability in (((left, right), "capability_a"), ((right, left), "capability_b")):
            found, key = best[ends], pair[capability]
            found[key] = max(found.get(key, 0.0), pair["similarity"])
    size = [max(1, len(catalogue.capabilities.get(row["artifact_id"], ()))) for row in catalogue.artifacts]
    # Summed in the order of the capabilities' ids, so that the last bit does not depend on the rows' order.
    one_way = {ends: sum(found[key] for key in sorted(found)) for ends, found in best.items()}
    values = {
        (a, b): min(1.0, (total + one_way.get((b, a), 0.0)) / (size[a] + size[b])) for (a, b), total in one_way.items()
    }
    return _matrix(len(catalogue), values)


def co_choice_signal(catalogue: Catalogue, edges: pa.Table) -> tuple[Any, Any, Any]:
    """Return the likeness of the needs for which artifacts were chosen, the shared needs and the shared clients.

    With c the clients that chose an artifact for an intent: the cosine of sqrt(c) ln(1 + N / artifacts of the intent)
    over intents, times s / (s + `CO_CHOICE_HALF`), s = Σ over shared intents of sqrt(c_a c_b). Observed edges only:
    matches found by text would count the text twice. Three CSR matrices: value, shared intents, s.
    """
    clients: dict[tuple[int, str], int] = defaultdict(int)
    for edge in edges.select(["artifact_id", "intent_id", "kind", "clients", "times_matched"]).to_pylist():
        place = catalogue.place.get(edge["artifact_id"])
        if place is not None and edge["kind"] == "observed" and (edge["times_matched"] or 0) > 0:
            # One client may have chosen two capabilities of the artifact: the larger count is sure.
            key = (place, edge["intent_id"])
            clients[key] = max(clients[key], edge["clients"] or 0, 1)
    intents = {intent: column for column, intent in enumerate(sorted({intent for _, intent in clients}))}
    chosen = _matrix(len(catalogue), {(a, intents[i]): float(c) for (a, i), c in clients.items()}, max(1, len(intents)))
    root = chosen.sqrt()
    of_intent = np.maximum(1, np.bincount(chosen.indices, minlength=chosen.shape[1]))
    weighted = unit_rows(sparse.csr_matrix(root @ sparse.diags_array(np.log1p(len(catalogue) / of_intent))))
    support = _off_diagonal(root @ root.T)
    shrink = support.copy()
    shrink.data = support.data / (support.data + CO_CHOICE_HALF)
    value = _off_diagonal(weighted @ weighted.T).multiply(shrink)
    shared = _off_diagonal((chosen > 0).astype(np.float64) @ (chosen > 0).astype(np.float64).T)
    return sparse.csr_matrix(value), shared, support


def stated_signal(catalogue: Catalogue, found: Iterable[Mention]) -> Any:
    """Return which artifacts are compared with which, in a text of the one, of the other or of both."""
    says = {
        (catalogue.place[mention.artifact_id], catalogue.place[mention.other_id])
        for mention in found
        if mention.compares and mention.artifact_id in catalogue.place and mention.other_id in catalogue.place
    }
    values: dict[tuple[int, int], float] = {}
    for a, b in says:
        both = (b, a) in says
        values[a, b] = STATED_BY_BOTH if both else STATED_BY_ITSELF
        values[b, a] = STATED_BY_BOTH if both else max(values.get((b, a), 0.0), STATED_BY_OTHER)
    return _matrix(len(catalogue), values)


def where_likely(stated: Any, others: Iterable[Any]) -> Any:
    """Lower stated comparisons where the other signs add up to s < `LIKELY`: by the factor (s / `LIKELY`)².

    "Compared with image generators, its weights are open" compares, but not two things for one purpose.
    """
    total = sparse.csr_matrix(stated.shape)
    for signal in others:
        total = total + signal
    total.data = np.minimum(1.0, total.data / LIKELY) ** 2
    return _off_diagonal(stated.multiply(total))


def _matrix(rows: int, values: dict[tuple[int, int], float], columns: int | None = None) -> Any:
    ordered = sorted(values)
    places = np.array(ordered, np.int64).reshape(-1, 2)
    data = np.array([values[key] for key in ordered], np.float64)
    return sparse.csr_matrix((data, (places[:, 0], places[:, 1])), shape=(rows, columns or rows))


def _off_diagonal(matrix: Any) -> Any:
    found = sparse.csr_matrix(matrix)
    found.setdiag(0)
    found.eliminate_zeros()
    found.sort_indices()
    return found
