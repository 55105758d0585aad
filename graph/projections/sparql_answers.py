"""Answers of Oxigraph as typed rows, or as a whole document in one of SPARQL's formats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Any, Final

import pyarrow as pa

from graph.errors import OverBudget
from graph.projections.query_result import QueryResult, result_of_rows
from graph.projections.rdf_terms import PREFIXES

_XSD: Final = PREFIXES["xsd"]

SOLUTIONS: Final = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
"""Media types of the answers to SELECT and ASK; the first is the usual one."""
TRIPLES: Final = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
"""Media types of the answers to CONSTRUCT and DESCRIBE."""


def answered_rows(found: Any, limit: int) -> QueryResult:
    """Return at most `limit` rows of an answer."""
    from pyoxigraph import QueryBoolean, QueryTriples

    if isinstance(found, QueryBoolean):
        return result_of_rows(["answer"], [[bool(found)]], limit=limit)
    if isinstance(found, QueryTriples):
        rows = [[_value(term) for term in triple] for triple in islice(found, limit + 1)]
        return result_of_rows(["subject", "predicate", "object"], rows, limit=limit)
    names = [variable.value for variable in found.variables]
    rows = [[_value(solution[name]) for name in names] for solution in islice(found, limit + 1)]
    return result_of_rows(names, rows, limit=limit)


def answered_document(found: Any, accepted: Sequence[str], limit: int) -> QueryResult:
    """Return one row: `media`, the first of `accepted` that suits, and `document`. Raises `OverBudget` for more."""
    from pyoxigraph import QueryBoolean, QueryTriples, RdfFormat, serialize

    if isinstance(found, QueryTriples):
        media = _first(accepted, TRIPLES)
        triples = list(islice(found, limit + 1))
        if len(triples) > limit:
            raise _too_many(limit)
        content = serialize(triples, format=RdfFormat.from_media_type(media))
    else:
        media = _first(accepted, SOLUTIONS)
        content = _answer_of_ask(found, media) if isinstance(found, QueryBoolean) else _solutions(found, media, limit)
    return QueryResult(pa.table({"media": [media], "document": pa.array([content], pa.large_binary())}))


def _answer_of_ask(found: Any, media: str) -> Any:
    from pyoxigraph import QueryResultsFormat

    return found.serialize(format=QueryResultsFormat.from_media_type(media))


def _solutions(found: Any, media: str, limit: int) -> Any:
    """Return solutions in a format. They go through TSV, which has a line for each, so that they can be counted."""
    from pyoxigraph import QueryResultsFormat, parse_query_results

    lines = _Lines(limit)
    found.serialize(lines, format=QueryResultsFormat.TSV)
    wanted = QueryResultsFormat.from_media_type(media)
    if wanted == QueryResultsFormat.TSV:
        return lines.getvalue()
    return parse_query_results(lines.getvalue(), format=QueryResultsFormat.TSV).serialize(format=wanted)


class _Lines(BytesIO):
    """Takes a line of names and as many further lines as are allowed; raises `OverBudget` for more."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit, self._lines = limit, -1

    def write(self, block: Any) -> int:
        self._lines += bytes(block).count(b"\n")
        if self._lines > self._limit:
            raise _too_many(self._limit)
        return super().write(block)


def _too_many(limit: int) -> OverBudget:
    return OverBudget(f"The answer has more than {limit} rows. Ask for fewer with LIMIT, or for parts with OFFSET.")


def _first(accepted: Sequence[str], known: Sequence[str]) -> str:
    return next((media for media in accepted if media in known), known[0])


def _value(term: Any) -> Any:
    """Return a term as a plain value: IRIs and blank nodes as text, literals by their datatype."""
    from pyoxigraph import BlankNode, Literal

    if term is None:
        return None
    if isinstance(term, BlankNode):
        return str(term)
    if not isinstance(term, Literal):
        return term.value
    return _typed(term.value, term.datatype.value.removeprefix(_XSD))


def _typed(text: str, datatype: str) -> Any:
    try:
        if datatype in ("integer", "int", "long"):
            return int(text)
        if datatype in ("double", "decimal", "float"):
            return float(text)
        if datatype == "dateTime":
            return datetime.fromisoformat(text)
    except ValueError:  # a literal whose text does not fit its datatype
        return text
    return text == "true" if datatype == "boolean" else text
