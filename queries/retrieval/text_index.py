"""The text index: which capabilities and artifacts hold the words of a need.

One document for each capability, and one for each artifact as a whole. Two weighted fields, scored with BM25
(Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework", section 3.5; k1 = 1.2, b = 0.75):

- `main`: names and tags (counted twice), description, what is unique, stated intents;
- `detail` (weight 0.3): parameters, types, whatever else the description says, and the artifact around a capability.

The weighted counts are added up before the saturation, as in BM25F (same source, section 3.6), instead of adding the
scores of seven fields: on all sets measured that was better or equal, and a query costs a third.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import tantivy

from graph.errors import DamagedHome
from graph.snapshot_schemas import EDGES, INTENTS
from graph.text import MAX_QUERY_CHARS
from queries.retrieval.index_documents import (
    DETAIL,
    FACET,
    ID_FIELDS,
    MAIN,
    NUMBER,
    ObjectId,
    documents,
    facet,
    index_schema,
    meanings,
)
from queries.retrieval.meaning import write_meaning
from queries.retrieval.past_searches import PastSearches, replace_labels, write_past_searches
from queries.text.encoders.contract import BUILT_IN
from queries.text.encoders.token_table import token_table
from queries.text.index_files import (
    Ranked,
    any_of,
    inverse_frequency,
    map_array,
    map_columns,
    new_index,
    open_index,
    ranked_numbers,
    write_columns,
)
from queries.text.tokens import derived, stem, without_asking, words
from queries.text.typos import TypoIndex, write_typo_index

FIELD_WEIGHTS: Final = {MAIN: 1.0, DETAIL: 0.3}
MAX_QUERY_TERMS: Final = 48
"""Of longer queries the rarest words are used."""

FACETS: Final = ("type", "license", "price", "tag", "input", "output")
"""What a search can be restricted by."""

_OBJECTS: Final = "objects.arrow"
_OWNERS: Final = "owners.npy"


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
class Query:
    """A query, analysed once."""

    text: str
    terms: dict[str, str]
    """Index term → the word of the query that it came from. Without function words and words of asking; with terms
    of the same origin (`queries.text.tokens.derived`)."""
    stems: tuple[str, ...] = ()
    """Index terms with the words of asking, corrected: for comparison with other queries."""
    corrected: dict[str, str] = field(default_factory=dict)
    """Unknown word of the query → the known word it was read as."""
    unknown: tuple[str, ...] = ()
    """Words that no document holds and that are near none."""
    mass: float = 0.0
    """Sum of the inverse document frequencies of all its words: about the score of a document that holds them all."""
    unknown_mass: float = 0.0
    """The part of it in unknown words."""


@dataclass(frozen=True)
class TextHit:
    """A document that holds words of the query. `capability_id` is None for an artifact as a whole."""

    document: int
    artifact_id: str
    capability_id: str | None
    score: float
    """BM25, weighted; comparable within one index."""


def build_text_index(
    path: Path,
    artifacts: pa.Table,
    capabilities: pa.Table,
    edges: pa.Table | None = None,
    intents: pa.Table | None = None,
    text_intents: pa.Table | None = None,
    judgments: pa.Table | None = None,
    encoder: str = BUILT_IN,
) -> None:
    """Write the index into the folder `path` (made if missing). Tables as in `graph.snapshot_schemas`.

    Documents are numbered in order of id, artifacts first, so that equal scores come in the same order whatever the
    order of the rows. Without edges and intents the index knows no past searches. `encoder`: see
    `queries.text.encoders.contract`.
    """
    path.mkdir(parents=True, exist_ok=True)
    ids: list[ObjectId] = []
    new_index(path, index_schema(), _numbered(documents(artifacts, capabilities), ids))
    numbers = {pair: number for number, pair in enumerate(ids)}
    write_past_searches(
        path,
        numbers,
        EDGES.empty_table() if edges is None else edges,
        INTENTS.empty_table() if intents is None else intents,
        text_intents,
        judgments,
        encoder,
    )
    write_meaning(path, meanings(artifacts, capabilities), encoder)
    _write_ids(path, ids)
    _write_known_words(path, lambda _: True)


def withhold_texts(path: Path, intents: pa.Table) -> None:
    """Make the index in the folder `path` show nothing of past searches but the labels of the table `intents`.

    The words of the others still find what was chosen for them, but no typing error is read as one of them.
    """
    replace_labels(path, intents)
    shown = set(stem([word for label in intents["label"].to_pylist() for word in words(label or "")]))
    _write_known_words(path, lambda term: term in shown)


def _write_known_words(path: Path, may_show: Callable[[str], bool]) -> None:
    """Write the words as which others may be read: those of the catalogue, and of past searches some."""
    known = Counter(dict(open_index(path).searcher().terms_with_prefix(MAIN, "")))
    known.update({term: count for term, count in PastSearches.open(path).terms() if may_show(term)})
    write_typo_index(path, known.items())


def _numbered(found: Iterable[tuple[ObjectId, tantivy.Document]], ids: list[ObjectId]) -> Iterator[tantivy.Document]:
    """Number the documents, and note down whose they are."""
    for object_id, document in found:
        document.add_integer(NUMBER, len(ids))
        ids.append(object_id)
        yield document


def _write_ids(path: Path, ids: Sequence[ObjectId]) -> None:
    columns = {"artifact_id": [pair[0] for pair in ids], "capability_id": [pair[1] for pair in ids]}
    table = pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
    write_columns(path / _OBJECTS, table)
    names = {artifact: number for number, artifact in enumerate(dict.fromkeys(artifact for artifact, _ in ids))}
    np.save(path / _OWNERS, np.array([names[artifact] for artifact, _ in ids], np.int32))


_NOTHING: Final = Ranked(np.zeros(0, np.int64), np.zeros(0))


class TextIndex:
    """An opened index. Safe to use from several threads."""

    def __init__(self, index: tantivy.Index, ids: pa.Table, owners: npt.NDArray[np.int32], typos: TypoIndex) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()
        self._artifact_ids = ids["artifact_id"]
        self._capability_ids = ids["capability_id"]
        self._owners = owners
        self._typos = typos
        self.documents: int = ids.num_rows

    @classmethod
    def open(cls, path: Path) -> TextIndex:
        """Open what `write_text_index` wrote; raises `DamagedHome` if it is not there or broken."""
        try:
            index = open_index(path)
            ids = map_columns(path / _OBJECTS)
            owners = map_array(path / _OWNERS)
            typos = TypoIndex.open(path)
        except (ValueError, OSError) as error:
            raise DamagedHome(f"The text index {path} cannot be read ({error}). Run: matchgraph recompute") from error
        return cls(index, ids, owners, typos)

    def analyse(self, text: str, also_known: Callable[[str], bool] | None = None) -> Query:
        """Return the query's terms, each once: function words and words of asking left out, unknown words corrected.

        An English word that the catalogue lacks is no typing error: "bread" is not read as "break".

        A word that `also_known` accepts (by its index term) is not corrected.
        """
        said = list(dict.fromkeys(words(text[:MAX_QUERY_CHARS])))
        asked = set(without_asking(said))
        stems: dict[str, None] = {}
        counts: dict[str, int] = {}
        spelled: dict[str, str] = {}
        read_as: dict[str, str] = {}
        for word, term in zip(said, stem(said), strict=True):
            known, count = self._known(word, term, also_known)
            stems[known] = None
            if known != term and known not in derived(term):
                read_as[word] = known
            if word in asked:
                counts.setdefault(known, count)
                spelled.setdefault(known, word)
        return self._weighed(Query(text, spelled, tuple(stems), read_as), counts)

    def _known(self, word: str, term: str, also_known: Callable[[str], bool] | None) -> tuple[str, int]:
        """Return the index term to look for, and how many documents hold it."""
        count = self._document_count(term)
        if count or (also_known and also_known(term)):
            return term, count
        near = next(filter(self._document_count, derived(term)), None)
        if near is None and not token_table().knows(word):
            near = self._typos.nearest(word) or self._typos.nearest(term)
        return (near, self._document_count(near)) if near else (term, 0)

    def _weighed(self, query: Query, counts: Mapping[str, int]) -> Query:
        """Keep the rarest of the terms that documents hold; add up what they and the unknown words weigh."""
        rarity = {term: self._rarity(count) for term, count in counts.items()}
        held = sorted((term for term in counts if counts[term]), key=lambda term: (-rarity[term], term))
        kept = set(held[:MAX_QUERY_TERMS])
        unknown = [term for term in counts if not counts[term]]
        lost = sum(rarity[term] for term in unknown)
        return replace(
            query,
            terms=self._with_derived({term: word for term, word in query.terms.items() if term in kept}),
            unknown=tuple(query.terms[term] for term in unknown),
            mass=lost + sum(rarity[term] for term in kept),
            unknown_mass=lost,
        )

    def _with_derived(self, terms: Mapping[str, str]) -> dict[str, str]:
        others = {other: word for term, word in terms.items() for other in derived(term) if self._document_count(other)}
        return {**others, **terms}

    def _document_count(self, term: str) -> int:
        return max(self._searcher.doc_freq(name, term) for name in FIELD_WEIGHTS)

    def _rarity(self, count: int) -> float:
        return inverse_frequency(count, self.documents)

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
