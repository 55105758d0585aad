"""The text index: which capabilities and artifacts hold the words of a need.

One document for each capability, and one for each artifact as a whole. Two weighted fields, scored with BM25
(Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework", section 3.5; k1 = 1.2, b = 0.75):

- `main`: names and tags (counted twice), description, what is unique, stated intents;
- `detail` (weight 0.3): parameters, types, whatever else the description says, and the artifact around a capability.

The weighted counts are added up before the saturation, as in BM25F (same source, section 3.6), instead of adding the
scores of seven fields: on all sets measured that was better or equal, and a query costs a third.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import tantivy

from graph.errors import DamagedHome
from graph.snapshot_schemas import EDGES, INTENTS
from graph.text import MAX_QUERY_CHARS
from queries.index_files import ANALYZER, any_of, map_columns, new_index, open_index, ranked_numbers, write_columns
from queries.past_searches import PastSearches, write_past_searches
from queries.tokens import REQUEST_WORDS, indexable, stem, words
from queries.typos import TypoIndex, write_typo_index

MAIN: Final = "main"
DETAIL: Final = "detail"
FIELD_WEIGHTS: Final = {MAIN: 1.0, DETAIL: 0.3}
MAX_QUERY_TERMS: Final = 48
"""Of longer queries the rarest words are used."""

FACETS: Final = ("type", "license", "price", "tag", "input", "output")
"""What a search can be restricted by."""

_OBJECTS: Final = "objects.arrow"
_MAX_EXTRA_CHARS: Final = 4_000
_MAX_CONTEXT_CHARS: Final = 400
_ROWS_PER_STEP: Final = 20_000


Filters = Mapping[str, Sequence[str]]
"""Facet → allowed values."""

Ranked = tuple[int, float]
"""Document number and score."""


@dataclass(frozen=True)
class Query:
    """A query, analysed once."""

    text: str
    terms: dict[str, str]
    """Index term → the word of the query that it came from. Without function words and words of asking."""
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
) -> None:
    """Write the index into the folder `path` (made if missing). Tables as in `graph.snapshot_schemas`.

    Documents are numbered in order of id, artifacts first, so that equal scores come in the same order whatever the
    order of the rows. Without edges and intents the index knows no past searches.
    """
    path.mkdir(parents=True, exist_ok=True)
    ids: list[tuple[str, str | None]] = []
    new_index(path, _schema(), _numbered(_documents(artifacts, capabilities), ids))
    numbers = {pair: number for number, pair in enumerate(ids)}
    write_past_searches(
        path,
        numbers,
        EDGES.empty_table() if edges is None else edges,
        INTENTS.empty_table() if intents is None else intents,
        text_intents,
        judgments,
    )
    _write_ids(path, ids)
    known = Counter(dict(open_index(path).searcher().terms_with_prefix(MAIN, "")))
    known.update(dict(PastSearches.open(path).terms()))
    write_typo_index(path, known.items())


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("document", indexed=True, fast=True)
    for name in FIELD_WEIGHTS:
        builder.add_text_field(name, tokenizer_name=ANALYZER, index_option="freq")
    for name in ("artifact_id", "capability_id", "facet"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()


class _Owners:
    """What a capability's document says of its artifact."""

    def __init__(self, artifacts: pa.Table) -> None:
        columns = ("artifact_id", "name", "description", "tags", "type", "license", "pricing_model")
        rows = zip(*(artifacts[name].to_pylist() for name in columns), strict=True)
        self._rows = {row[0]: dict(zip(columns, row, strict=True)) for row in rows}

    def of(self, artifact_id: str) -> dict[str, Any]:
        return self._rows.get(artifact_id, {})


def _numbered(
    documents: Iterable[tuple[str, str | None, tantivy.Document]], ids: list[tuple[str, str | None]]
) -> Iterator[tantivy.Document]:
    """Number the documents, and note down whose they are."""
    for artifact_id, capability_id, document in documents:
        document.add_integer("document", len(ids))
        ids.append((artifact_id, capability_id))
        yield document


def _documents(artifacts: pa.Table, capabilities: pa.Table) -> Iterator[tuple[str, str | None, tantivy.Document]]:
    owners = _Owners(artifacts)
    for row in _sorted_rows(artifacts, ["artifact_id"]):
        yield row["artifact_id"], None, _artifact_document(row)
    for row in _sorted_rows(capabilities, ["artifact_id", "capability_id"]):
        yield row["artifact_id"], row["capability_id"], _capability_document(row, owners.of(row["artifact_id"]))


def _sorted_rows(table: pa.Table, by: list[str]) -> Iterator[dict[str, Any]]:
    ordered = table.sort_by([(name, "ascending") for name in by])
    for batch in ordered.to_batches(_ROWS_PER_STEP):
        yield from batch.to_pylist()


def _artifact_document(row: Mapping[str, Any]) -> tantivy.Document:
    document = tantivy.Document()
    heads = [row["name"], row["name"], *_twice(row["tags"])]
    document.add_text(MAIN, _joined([*heads, row["description"]]))
    document.add_text(DETAIL, _joined([row["vendor"], *_extra_texts(row["extra"])]))
    document.add_text("artifact_id", row["artifact_id"])
    for value in _owner_facets(row):
        document.add_text("facet", value)
    return document


def _capability_document(row: Mapping[str, Any], owner: Mapping[str, Any]) -> tantivy.Document:
    document = tantivy.Document()
    heads = [row["name"], row["name"], *_twice(row["tags"]), owner.get("name")]
    says = [row["description"], row["unique"], *(row["intents"] or ()), *(row["best_for"] or ())]
    document.add_text(MAIN, _joined([*heads, *says]))
    around = [(owner.get("description") or "")[:_MAX_CONTEXT_CHARS], *(owner.get("tags") or ())]
    lists = [*(row["parameters"] or ()), *(row["input_types"] or ()), *(row["output_types"] or ())]
    document.add_text(DETAIL, _joined([*lists, *(row["requires"] or ()), *around, *_extra_texts(row["extra"])]))
    document.add_text("artifact_id", row["artifact_id"])
    document.add_text("capability_id", row["capability_id"])
    for value in _owner_facets(owner):
        document.add_text("facet", value)
    for name, column in (("tag", "tags"), ("input", "input_types"), ("output", "output_types")):
        for value in row[column] or ():
            document.add_text("facet", facet(name, value))
    return document


def _owner_facets(row: Mapping[str, Any]) -> list[str]:
    single = (("type", "type"), ("license", "license"), ("price", "pricing_model"))
    found = [facet(name, row[column]) for name, column in single if row.get(column)]
    return found + [facet("tag", tag) for tag in row.get("tags") or ()]


def facet(name: str, value: str) -> str:
    """Return the index term of a facet's value; case does not matter."""
    return f"{name}={value.strip().casefold()}"


def _twice(values: Sequence[str] | None) -> list[str]:
    return [*(values or ()), *(values or ())]


def _joined(texts: Iterable[str | None]) -> str:
    return " ".join(indexable(text) for text in texts if text)


def _extra_texts(extra: str | None) -> Iterator[str]:
    """Yield the texts inside the JSON of fields that the schema does not name; no addresses, numbers, types."""
    if extra is None:
        return
    left = _MAX_EXTRA_CHARS
    waiting = [json.loads(extra)]
    while waiting and left > 0:
        value = waiting.pop(0)
        if isinstance(value, str) and "://" not in value:
            yield value[:left]
            left -= len(value)
        elif isinstance(value, dict):
            waiting.extend(part for name, part in value.items() if name != "type")
        elif isinstance(value, list):
            waiting.extend(value)


def _write_ids(path: Path, ids: Sequence[tuple[str, str | None]]) -> None:
    columns = {"artifact_id": [pair[0] for pair in ids], "capability_id": [pair[1] for pair in ids]}
    table = pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
    write_columns(path / _OBJECTS, table)


class TextIndex:
    """An opened index. Safe to use from several threads."""

    def __init__(self, index: tantivy.Index, ids: pa.Table, typos: TypoIndex) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()
        self._artifact_ids = ids["artifact_id"]
        self._capability_ids = ids["capability_id"]
        self._typos = typos
        self.documents: int = ids.num_rows

    @classmethod
    def open(cls, path: Path) -> TextIndex:
        """Open what `write_text_index` wrote; raises `DamagedHome` if it is not there or broken."""
        try:
            index = open_index(path)
            ids = map_columns(path / _OBJECTS)
            typos = TypoIndex.open(path)
        except (ValueError, OSError) as error:
            raise DamagedHome(f"The text index {path} cannot be read ({error}). Run: matchgraph recompute") from error
        return cls(index, ids, typos)

    def analyse(self, text: str, also_known: Callable[[str], bool] | None = None) -> Query:
        """Return the query's terms, each once: function words and words of asking left out, unknown words corrected.

        A word that `also_known` accepts (by its index term) is not corrected.
        """
        said = list(dict.fromkeys(words(text[:MAX_QUERY_CHARS])))
        asked = set(said) - REQUEST_WORDS or set(said)
        stems: dict[str, None] = {}
        counts: dict[str, int] = {}
        terms: dict[str, str] = {}
        corrected: dict[str, str] = {}
        unknown: list[str] = []
        for word, stemmed in zip(said, stem(said), strict=True):
            count = self._document_count(stemmed)
            known = stemmed
            if not count and not (also_known and also_known(stemmed)):
                known = self._typos.nearest(word) or self._typos.nearest(stemmed) or stemmed
                if known != stemmed:
                    corrected[word] = known
                    count = self._document_count(known)
            stems[known] = None
            if word in asked:
                counts.setdefault(known, count)
                if count:
                    terms.setdefault(known, word)
                else:
                    unknown.append(word)
        return self._weighed(Query(text, terms, tuple(stems), corrected, tuple(unknown)), counts)

    def _weighed(self, query: Query, counts: Mapping[str, int]) -> Query:
        rarity = {term: self._rarity(count) for term, count in counts.items()}
        rarest = set(sorted(query.terms, key=lambda term: (-rarity[term], term))[:MAX_QUERY_TERMS])
        kept = {term: word for term, word in query.terms.items() if term in rarest}
        lost = sum(weight for term, weight in rarity.items() if not counts[term])
        mass = lost + sum(rarity[term] for term in kept)
        return replace(query, terms=kept, mass=mass, unknown_mass=lost)

    def _document_count(self, term: str) -> int:
        return max(self._searcher.doc_freq(name, term) for name in FIELD_WEIGHTS)

    def _rarity(self, count: int) -> float:
        return log(1 + (self.documents - count + 0.5) / (count + 0.5))

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
        ranked = self.ranked(analysed, limit=limit, filters=filters, candidates=candidates)
        return [self.hit(document, score) for document, score in ranked]

    def ranked(
        self,
        query: Query,
        *,
        limit: int,
        filters: Filters | None = None,
        candidates: Sequence[str] | None = None,
    ) -> list[Ranked]:
        """Return what `query` does, as (document number, score)."""
        if not query.terms or limit < 1:
            return []
        restrictions = [*self._filter_queries(filters or {}), *self._candidate_queries(candidates)]
        return self._numbers(_restricted(self._scored(query), restrictions), limit)

    def scores(
        self,
        query: Query,
        documents: Sequence[int],
        *,
        filters: Filters | None = None,
        candidates: Sequence[str] | None = None,
    ) -> list[Ranked]:
        """Return those of the documents that pass the restrictions, with their score, 0 if they hold no word."""
        if not documents:
            return []
        among = self._any_document(documents)
        restrictions = [among, *self._filter_queries(filters or {}), *self._candidate_queries(candidates)]
        return self._numbers(_optional(self._scored(query), restrictions), len(documents))

    def offered(self, candidates: Sequence[str], filters: Filters | None = None) -> list[Ranked]:
        """Return the documents of artifacts or capabilities by id, with score 0, in order of number."""
        restrictions = [*self._filter_queries(filters or {}), *self._candidate_queries(candidates)]
        return self._numbers(_optional(tantivy.Query.empty_query(), restrictions), self.documents)

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
        found = self._searcher.terms_with_prefix("facet", facet(name, ""))
        return [(value.removeprefix(facet(name, "")), count) for value, count in found]

    def _scored_term(self, name: str, weight: float, term: str) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, name, term, "freq"), weight)

    def _filter_queries(self, filters: Mapping[str, Sequence[str]]) -> list[tantivy.Query]:
        return [
            tantivy.Query.term_set_query(self._schema, "facet", [facet(name, value) for value in values])
            for name, values in sorted(filters.items())
            if values
        ]

    def _candidate_queries(self, candidates: Sequence[str] | None) -> list[tantivy.Query]:
        if candidates is None:
            return []
        allowed = sorted(set(candidates))
        either = [
            (tantivy.Occur.Should, tantivy.Query.term_set_query(self._schema, name, allowed))
            for name in ("artifact_id", "capability_id")
        ]
        return [tantivy.Query.boolean_query(either)]

    def _any_document(self, documents: Sequence[int]) -> tantivy.Query:
        # For a few documents a union of terms is several times as fast as a set of terms.
        return any_of([tantivy.Query.term_query(self._schema, "document", number) for number in documents])

    def _numbers(self, query: tantivy.Query, limit: int) -> list[Ranked]:
        return ranked_numbers(self._searcher, query, "document", min(limit, self.documents))

    def hit(self, document: int, score: float) -> TextHit:
        """Return the hit of a document number."""
        artifact_id: str = self._artifact_ids[document].as_py()
        capability_id: str | None = self._capability_ids[document].as_py()
        return TextHit(document, artifact_id, capability_id, score)

    def matched_words(self, query: Query, documents: Sequence[int]) -> dict[int, list[str]]:
        """Return for each document the query's words that it holds, as they stand in the query."""
        found: dict[int, list[str]] = {document: [] for document in documents}
        if not documents:
            return found
        among = self._any_document(sorted(found))
        for term, word in query.terms.items():
            either = any_of([tantivy.Query.term_query(self._schema, name, term, "freq") for name in FIELD_WEIGHTS])
            for document, _ in self._numbers(_restricted(either, [among]), len(found)):
                found[document].append(word)
        return found


def _restricted(scored: tantivy.Query, restrictions: Sequence[tantivy.Query]) -> tantivy.Query:
    if not restrictions:
        return scored
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, scored), *_silent(restrictions)])


def _optional(scored: tantivy.Query, restrictions: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, scored), *_silent(restrictions)])


def _silent(restrictions: Sequence[tantivy.Query]) -> list[tuple[tantivy.Occur, tantivy.Query]]:
    return [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in restrictions]
