"""The text index: which capabilities and artifacts hold the words of a need.

One document for each capability, and one for each artifact as a whole. Two weighted fields, scored with BM25
(Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework", section 3.5; k1 = 1.2, b = 0.75):

- `main`: names and tags (counted twice), description, what is unique, stated intents;
- `detail` (weight 0.3): parameters, types, whatever else the description says, and the artifact around a capability.

The weighted counts are added up before the saturation, as in BM25F (same source, section 3.6), instead of adding the
scores of seven fields: on all sets measured that was better or equal, and a query costs a third.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import tantivy

from graph.errors import DamagedHome
from queries.retrieval.analysis import Analysis, Query
from queries.retrieval.index_documents import (
    DETAIL,
    FACET,
    ID_FIELDS,
    MAIN,
    NUMBER,
    facet,
)
from queries.text.index_files import (
    Ranked,
    any_of,
    map_array,
    map_columns,
    open_index,
    ranked_numbers,
)
from queries.text.typos import TypoIndex

FIELD_WEIGHTS: Final = {MAIN: 1.0, DETAIL: 0.3}
FACETS: Final = ("type", "license", "price", "tag", "input", "output")
"""What a search can be restricted by."""

_REMEMBERED: Final = 100_000
"""So many terms are looked up once."""

OBJECTS: Final = "objects.arrow"
OWNERS: Final = "owners.npy"


Filters = Mapping[str, Sequence[str]]
"""Facet → allowed values."""


@dataclass(frozen=True)
class Scope:
    """What a search is restricted to."""

    filters: Filters = field(default_factory=dict)
    """A document must have one of the values, for every facet given."""
    candidates: Sequence[str] | None = None
    """Ids of artifacts or capabilities; nothing else is looked at."""


EVERYTHING: Final = Scope()


@dataclass(frozen=True)
class TextHit:
    """A document that holds words of the query. `capability_id` is None for an artifact as a whole."""

    document: int
    artifact_id: str
    capability_id: str | None
    score: float
    """BM25, weighted; comparable within one index."""


_NOTHING: Final = Ranked(np.zeros(0, np.int64), np.zeros(0))


class TextIndex:
    """An opened index. Safe to use from several threads."""

    def __init__(self, index: tantivy.Index, ids: pa.Table, owners: npt.NDArray[np.int32], typos: TypoIndex) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()
        self._artifact_ids = ids["artifact_id"]
        self._capability_ids = ids["capability_id"]
        self._owners = owners
        self.documents: int = ids.num_rows
        self._analysis = Analysis(self.documents, lru_cache(_REMEMBERED)(self._document_count), typos)

    @classmethod
    def open(cls, path: Path) -> TextIndex:
        """Open what `build_text_index` wrote; raises `DamagedHome` if it is not there or broken."""
        try:
            index = open_index(path)
            ids = map_columns(path / OBJECTS)
            owners = map_array(path / OWNERS)
            typos = TypoIndex.open(path)
        except (ValueError, OSError) as error:
            raise DamagedHome(f"The text index {path} cannot be read ({error}). Run: matchgraph recompute") from error
        return cls(index, ids, owners, typos)

    def analyse(self, text: str, also_known: Callable[[str], bool] | None = None) -> Query:
        """Return the query's terms, see `Analysis.analyse`."""
        return self._analysis.analyse(text, also_known)

    def _document_count(self, term: str) -> int:
        return max(self._searcher.doc_freq(name, term) for name in FIELD_WEIGHTS)

    def query(
        self,
        query: Query | str,
        *,
        limit: int,
        filters: Filters | None = None,
        candidates: Sequence[str] | None = None,
    ) -> list[TextHit]:
        """Return the best documents, best first; equal scores in order of document number.

        `filters`: facet → allowed values, one of which a document must have, for every facet given.
        `candidates`: ids of artifacts or capabilities; nothing else is returned.
        """
        analysed = self.analyse(query) if isinstance(query, str) else query
        ranked = self.ranked(analysed, limit, Scope(filters or {}, candidates))
        return [self.hit(number, score) for number, score in zip(*map(list, ranked), strict=True)]

    def ranked(self, query: Query, limit: int, scope: Scope = EVERYTHING) -> Ranked:
        """Return what `query` does, as document numbers and scores."""
        if not query.terms or limit < 1:
            return _NOTHING
        return self._numbers(_restricted(self._scored(query), self._restrictions(scope)), limit)

    def scores(self, query: Query, documents: Sequence[int], scope: Scope = EVERYTHING) -> Ranked:
        """Return those of the documents that are in scope, with their score, 0 if they hold no word."""
        if not documents:
            return _NOTHING
        restrictions = [self._any_document(documents), *self._restrictions(scope)]
        return self._numbers(_optional(self._scored(query), restrictions), len(documents))

    def offered(self, scope: Scope) -> Ranked:
        """Return all documents in scope, with score 0, in order of number."""
        return self._numbers(_optional(tantivy.Query.empty_query(), self._restrictions(scope)), self.documents)

    def _scored(self, query: Query) -> tantivy.Query:
        return tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, self._scored_term(name, weight, term))
                for term in query.terms
                for name, weight in FIELD_WEIGHTS.items()
            ]
        )

    def facet_values(self, name: str) -> list[tuple[str, int]]:
        """Return the values of a facet with the number of documents that have each."""
        found = self._searcher.terms_with_prefix(FACET, facet(name, ""))
        return [(value.removeprefix(facet(name, "")), count) for value, count in found]

    def _scored_term(self, name: str, weight: float, term: str) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, name, term, "freq"), weight)

    def _restrictions(self, scope: Scope) -> list[tantivy.Query]:
        facets = [
            tantivy.Query.term_set_query(self._schema, FACET, [facet(name, value) for value in values])
            for name, values in sorted(scope.filters.items())
            if values
        ]
        if scope.candidates is None:
            return facets
        allowed = sorted(set(scope.candidates))
        return [*facets, any_of([tantivy.Query.term_set_query(self._schema, name, allowed) for name in ID_FIELDS])]

    def _any_document(self, documents: Sequence[int]) -> tantivy.Query:
        # For a few documents a union of terms is several times as fast as a set of terms.
        return any_of([tantivy.Query.term_query(self._schema, NUMBER, number) for number in documents])

    def _numbers(self, query: tantivy.Query, limit: int) -> Ranked:
        return ranked_numbers(self._searcher, query, NUMBER, min(limit, self.documents))

    def hit(self, document: int, score: float) -> TextHit:
        """Return the hit of a document number."""
        artifact_id: str = self._artifact_ids[document].as_py()
        capability_id: str | None = self._capability_ids[document].as_py()
        return TextHit(document, artifact_id, capability_id, score)

    def owners(self, documents: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the number of the artifact that each document belongs to (n,)."""
        return self._owners[documents].astype(np.int64)

    def matched_words(self, query: Query, documents: Sequence[int]) -> dict[int, list[str]]:
        """Return for each document the query's words that it holds, as they stand in the query."""
        found: dict[int, list[str]] = {document: [] for document in documents}
        if not documents:
            return found
        among = self._any_document(sorted(found))
        for term, word in query.terms.items():
            either = any_of([tantivy.Query.term_query(self._schema, name, term, "freq") for name in FIELD_WEIGHTS])
            for document in self._numbers(_restricted(either, [among]), len(found)).numbers.tolist():
                found[document].append(word)
        return {document: list(dict.fromkeys(held)) for document, held in found.items()}


def _restricted(scored: tantivy.Query, restrictions: Sequence[tantivy.Query]) -> tantivy.Query:
    if not restrictions:
        return scored
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, scored), *_silent(restrictions)])


def _optional(scored: tantivy.Query, restrictions: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, scored), *_silent(restrictions)])


def _silent(restrictions: Sequence[tantivy.Query]) -> list[tuple[tantivy.Occur, tantivy.Query]]:
    return [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in restrictions]
