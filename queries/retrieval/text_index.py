"""The text index: which capabilities and artifacts hold the words of a need.

One document for each capability, and one for each artifact as a whole. Two weighted fields, scored with BM25
(Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework", section 3.5; k1 = 1.2, b = 0.5),
the rarity of a term times how telling it is (`queries.text.salience`):

- `main`: names and tags (counted twice), description, what is unique, stated intents;
- `detail` (weight 0.3): parameters, types, whatever else the description says, and the artifact around a capability.

The weighted counts are added up before the saturation, as in BM25F (same source, section 3.6), instead of adding the
scores of seven fields: on all sets measured that was better or equal, and a query costs a third.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.errors import DamagedHome
from graph.keys import stable_keys
from queries.retrieval.analysis import Analysis, Query
from queries.retrieval.facets import facet
from queries.retrieval.parameters import stated_values, untold
from queries.text.index_files import Texts, map_array, map_columns
from queries.text.postings import Best, Numbers, Postings, Sought
from queries.text.runs import places_of_runs
from queries.text.typos import TypoIndex

FIELD_WEIGHTS: Final = (1.0, 0.3)
"""Of `main` and `detail`."""

B: Final = 0.5
"""How much the length of a document damps its terms."""

OBJECTS: Final = "objects.arrow"
OWNERS: Final = "owners.npy"
ID_KEYS: Final = "id_keys.npy"
ID_DOCUMENTS: Final = "id_documents.npy"
REQUIRED: Final = "required.npy"
_FILTERS: Final = 16
"""What passes so many filters is remembered: a byte for each document."""

WORDS: Final = "words"
LABELS: Final = "labels"

Filters = Sequence[tuple[str, Sequence[str]]]
"""Facets with allowed values."""

Allowed = npt.NDArray[np.bool_] | None
"""For every document whether it may be found (n,); None if all may."""


@dataclass(frozen=True)
class Scope:
    """What a search is restricted to."""

    filters: Filters = ()
    """A document must have one of the values, for each."""
    candidates: Sequence[str] | None = None
    """Ids of artifacts or capabilities; nothing else is looked at."""
    without: Sequence[str] = ()
    """Ids of artifacts or capabilities that are not looked at."""

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not self.narrowed and not self.without

    @property
    def narrowed(self) -> bool:
        """Whether only what was asked for is looked at, by candidates or by filters."""
        return self.candidates is not None or any(values for _, values in self.filters)


EVERYTHING: Final = Scope()


@dataclass(frozen=True)
class TextHit:
    """A document that holds words of the query. `capability_id` is None for an artifact as a whole."""

    document: int
    artifact_id: str
    capability_id: str | None
    score: float
    """BM25, weighted; comparable within one index."""


class Covered(NamedTuple):
    """Documents with what they hold of a query, (n,) each."""

    numbers: Numbers
    scores: npt.NDArray[np.float64]
    coverage: npt.NDArray[np.float64]
    """Share of the query's words that each holds, weighed by rarity, 0 to 1."""


class TextIndex:
    """An opened index. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        ids = map_columns(path / OBJECTS)
        self._artifact_ids = Texts(ids["artifact_id"])
        self._capability_ids = Texts(ids["capability_id"])
        self._names = Texts(ids["name"])
        self._owners: npt.NDArray[np.int32] = map_array(path / OWNERS)
        self._id_keys: Numbers = map_array(path / ID_KEYS)
        self._id_documents: npt.NDArray[np.int32] = map_array(path / ID_DOCUMENTS)
        self.documents: int = ids.num_rows
        self._required: npt.NDArray[np.int8] = map_array(path / REQUIRED)
        self._tells = bool(self._required.any())
        self._words = Postings(path / WORDS, self.documents)
        self.large = self._words.large
        """Whether it is worth the compiler."""
        self._labels = Postings(path / LABELS, self.documents)
        self._passing = lru_cache(_FILTERS)(self._filtered)
        self._analysis = Analysis(self.documents, self._words.count, TypoIndex.open(path))

    @classmethod
    def open(cls, path: Path) -> TextIndex:
        """Open what `build_text_index` wrote; raises `DamagedHome` if it is not there or broken."""
        try:
            return cls(path)
        except (ValueError, OSError) as error:
            raise DamagedHome(f"The text index {path} cannot be read ({error}). Run: matchgraph recompute") from error

    def analyse(self, text: str, also_known: Callable[[str], bool] | None = None) -> Query:
        """Return the query's terms, see `Analysis.analyse`."""
        return self._analysis.analyse(text, also_known)

    def query(
        self,
        query: Query | str,
        *,
        limit: int,
        filters: Filters = (),
        candidates: Sequence[str] | None = None,
    ) -> list[TextHit]:
        """Return the best documents, best first; equal scores in order of document number.

        `filters`: facets with allowed values, one of which a document must have, for each.
        `candidates`: ids of artifacts or capabilities; nothing else is returned.
        """
        analysed = self.analyse(query) if isinstance(query, str) else query
        ranked = self.ranked(analysed, limit, Scope(filters, candidates))
        rows = zip(ranked.numbers.tolist(), *self.ids(ranked.numbers), ranked.scores.tolist(), strict=True)
        return [TextHit(*row) for row in rows]

    def ranked(self, query: Query, limit: int, scope: Scope = EVERYTHING) -> Covered:
        """Return what `query` does, as document numbers, scores and coverage."""
        return self.ranked_each([query], [limit], [self.allowed(scope)])[0]

    def ranked_each(self, queries: Sequence[Query], limits: Sequence[int], allowed: Sequence[Allowed]) -> list[Covered]:
        """Return what `ranked` does, for each of several queries."""
        found: list[Covered] = []
        asked = zip(queries, limits, allowed, strict=True)
        for _, group in groupby(asked, key=lambda one: id(one[2])):  # what a group holds still lives
            together = list(group)
            sought = [_sought(query, limit) for query, limit, _ in together]
            best = self._words.best_of_each(sought, together[0][2])
            found += [_covered(query, one) for (query, _, _), one in zip(together, best, strict=True)]
        return found

    def scores_of_each(
        self, queries: Sequence[Query], documents: Sequence[Numbers], allowed: Sequence[Allowed]
    ) -> list[Covered]:
        """Return for each query those of the documents that are allowed, with score 0 if they hold no word."""
        numbers = [each if may is None else each[may[each]] for each, may in zip(documents, allowed, strict=True)]
        found = self._words.scores_of_each([_sought(query) for query in queries], numbers)
        return [_covered(query, each) for query, each in zip(queries, found, strict=True)]

    def offered(self, query: Query, allowed: Allowed, found: Numbers) -> Covered:
        """Return all documents allowed but those found, with score 0, in order of number."""
        numbers = np.arange(self.documents) if allowed is None else np.flatnonzero(allowed)
        rest = numbers[~np.isin(numbers, found)]
        return Covered(rest, np.zeros(len(rest)), _coverage(query, self._words.shares(list(query.terms), rest)))

    def allowed(self, scope: Scope) -> Allowed:
        """Return for every document whether it is in scope (n,); None if all are."""
        allowed = self._passing(tuple([(name, tuple(values)) for name, values in scope.filters if values]))
        if scope.candidates is not None:
            offered = self._any_of([self._of_ids(scope.candidates)])
            allowed = offered if allowed is None else allowed & offered
        if scope.without:
            allowed = np.ones(self.documents, np.bool_) if allowed is None else allowed.copy()
            allowed[self._of_ids(scope.without)] = False
        return allowed

    def _filtered(self, filters: Filters) -> npt.NDArray[np.bool_] | None:
        """Return for every document whether it passes the filters (n,), which nobody may change; None without any."""
        allowed: npt.NDArray[np.bool_] | None = None
        for name, values in filters:
            one_of = self._any_of([self._labels.holding(facet(name, value)) for value in values])
            allowed = one_of if allowed is None else allowed & one_of
        return allowed

    def _any_of(self, sets: Sequence[npt.NDArray[np.int32]]) -> npt.NDArray[np.bool_]:
        """Return for every document whether it is in any of the sets (n,)."""
        found = np.zeros(self.documents, np.bool_)
        found[np.concatenate([np.zeros(0, np.int32), *sets])] = True
        return found

    def _of_ids(self, object_ids: Sequence[str]) -> npt.NDArray[np.int32]:
        """Return the documents of artifacts and capabilities; of ids that are not known none."""
        keys = stable_keys(object_ids)
        first, end = np.searchsorted(self._id_keys, keys), np.searchsorted(self._id_keys, keys, side="right")
        return self._id_documents[places_of_runs(first, end - first)]

    def facet_values(self, name: str) -> list[tuple[str, int]]:
        """Return the values of a facet with the number of documents that have each."""
        start = facet(name, "")
        return [(label.removeprefix(start), n) for label, n in self._labels.terms() if label.startswith(start)]

    def has_facet(self, name: str, value: str) -> bool:
        """Say whether any document has a value of a facet."""
        return self._labels.count(facet(name, value)) > 0

    def ids(self, documents: Numbers) -> tuple[list[str], list[str | None]]:
        """Return the ids of documents' artifacts, and of the capabilities, None for an artifact as a whole."""
        return [text or "" for text in self._artifact_ids.at(documents)], self._capability_ids.at(documents)

    def whole(self, documents: Numbers) -> npt.NDArray[np.bool_]:
        """Say of documents (n,) which are artifacts as a whole."""
        return self._capability_ids.missing(documents)

    def names(self, documents: Sequence[int]) -> list[str | None]:
        """Return the names of documents."""
        return self._names.at(np.array(documents, np.int64))

    def owners(self, documents: Numbers) -> Numbers:
        """Return the number of the artifact that each document belongs to (n,)."""
        return self._owners[documents].astype(np.int64)

    def untold(self, query: Query, found: Covered) -> npt.NDArray[np.float64]:
        """Return how much the query leaves untold of what each document must be told, see `untold` (n,)."""
        if not self._tells:
            return np.zeros(len(found.numbers))
        others = (len(set(query.terms.values())) + len(query.unknown)) * (1 - found.coverage)
        return untold(stated_values(query.text), others, self._required[found.numbers])

    def matched_words(self, query: Query, documents: Sequence[int]) -> dict[int, list[str]]:
        """Return for each document the query's words that it holds, as they stand in the query."""
        held = self._words.shares(list(query.terms), np.array(documents, np.int64)) > 0
        spelled = list(query.terms.values())
        found: dict[int, dict[str, None]] = {document: {} for document in documents}
        for term, place in np.argwhere(held).tolist():
            found[documents[place]][spelled[term]] = None
        return {document: list(words) for document, words in found.items()}


def _sought(query: Query, limit: int = 0) -> Sought:
    return Sought(list(query.terms), query.rarities, limit)


def _covered(query: Query, found: Best) -> Covered:
    return Covered(found.numbers, found.scores, np.minimum(found.held / (query.mass or 1.0), 1.0))


def _coverage(query: Query, shares: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return which share of the query's words documents hold (n,) to whose scores its terms add (terms, n)."""
    covered: npt.NDArray[np.float64] = np.array(query.rarities) @ (shares > 0) / (query.mass or 1.0)
    return np.minimum(covered, 1.0)
