"""Analysts' SPARQL 1.1: one query over a snapshot, within a budget, unable to change or to reach anything.

The store is opened for reading, and Oxigraph's `query` takes no updates. `SERVICE`, which would call other servers, is
found in the syntax tree of rdflib's parser. That parser and Oxigraph can cut a text into tokens differently, so the
word may not stand alone outside of texts, IRIs and comments either. Run as a module, it is the process in which a
query runs (`graph.projections.query_budget`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Any, Final

import pyarrow as pa

from graph.errors import OverBudget, WrongUse
from graph.projections.query_budget import Budget, answer, bound_growth, run_in_process
from graph.projections.query_result import QueryResult, result_of_rows
from graph.projections.rdf_store import FOLDER, store_folder
from graph.projections.rdf_terms import PREFIXES
from graph.projections.sparql_parameters import bound_query, words
from graph.snapshot import Snapshot

_NO_BUDGET = Budget()
_XSD: Final = PREFIXES["xsd"]
_NO_QUERY: Final = "This is not a SPARQL query (SELECT, ASK, CONSTRUCT, DESCRIBE)."
_ESCAPE: Final = re.compile(r"\\[uU]")

SOLUTIONS: Final = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
"""Media types of the answers to SELECT and ASK; the first is the usual one."""
TRIPLES: Final = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
"""Media types of the answers to CONSTRUCT and DESCRIBE."""


def run_sparql(
    snapshot: Snapshot, query: str, parameters: Mapping[str, Any] | None = None, budget: Budget = _NO_BUDGET
) -> QueryResult:
    """Run one SELECT, ASK, CONSTRUCT or DESCRIBE and return its rows; `parameters` are values of its variables.

    A variable that is selected cannot be a parameter. The prefixes of `rdf_terms` need not be declared. ASK has the
    column `answer`, CONSTRUCT and DESCRIBE have subject, predicate, object. The first query on a snapshot makes its
    store, outside of the budget. Raises `WrongUse` for anything else than one query, for SERVICE and for parameters
    that are no variables of it; `OverBudget` if it was stopped.
    """
    return _run_apart(snapshot, query, parameters, budget, media=None)


def sparql_document(
    snapshot: Snapshot, query: str, accepted: Sequence[str], budget: Budget = _NO_BUDGET
) -> tuple[str, bytes]:
    """Run a query and return a media type and the whole answer in it, as the SPARQL 1.1 Protocol has it.

    `accepted`: media types, the preferred ones first; the first that suits the kind of query is taken, else the usual
    one. More rows than the budget allows are `OverBudget`: the formats cannot say that rows are missing.
    """
    result = _run_apart(snapshot, query, None, budget, media=list(accepted))
    row = result.rows()[0]
    return row["media"], row["document"]


def _run_apart(
    snapshot: Snapshot, query: str, parameters: Mapping[str, Any] | None, budget: Budget, *, media: list[str] | None
) -> QueryResult:
    store_folder(snapshot)
    path = str(snapshot.path.absolute() / FOLDER)
    request = {"path": path, "query": query, "parameters": dict(parameters or {}), "media": media}
    return run_in_process("graph.projections.sparql_query", request, budget)


def checked_sparql(query: str) -> None:
    """Raise `WrongUse` unless this is one query without SERVICE."""
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery
    from rdflib.plugins.sparql.parserutils import CompValue

    declared = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    # rdflib ends comments and texts where Oxigraph does not: at escaped line ends and quotes, and not at CR.
    as_oxigraph = _ESCAPE.sub(r"\\n", query).replace("\r", "\n")
    try:
        nodes = list(_nodes(parseQuery(declared + as_oxigraph)))
    except RecursionError as error:
        raise WrongUse("The query is nested too deeply.") from error
    except ParseBaseException as error:
        found, _, _ = str(error).partition("  (at char")
        place = f"line {error.lineno - len(PREFIXES)}, column {error.column}"  # of what was given, not of what was read
        raise WrongUse(f"{_NO_QUERY} {found} ({place})") from error
    except Exception as error:  # rdflib's parser raises errors of many kinds
        raise WrongUse(f"{_NO_QUERY} {error}") from error
    calls = any(isinstance(node, CompValue) and node.name == "ServiceGraphPattern" for node in nodes)
    if calls or "service" in words(query):
        raise WrongUse("SERVICE cannot be used here: a query reads the snapshot and calls no other server.")


def _nodes(tree: Any) -> Iterator[Any]:
    """Yield everything in a syntax tree of rdflib's parser."""
    from pyparsing import ParseResults

    yield tree
    if isinstance(tree, str):
        return
    if isinstance(tree, list | tuple | ParseResults):
        parts = list(tree)
    else:
        parts = list(tree.values()) if isinstance(tree, Mapping) else []
    for part in parts:
        yield from _nodes(part)


def run_request(request: dict[str, Any]) -> QueryResult:
    """Answer a request, in the process of the query."""
    from pyoxigraph import Store

    parameters = request["parameters"]
    _check_bound(request["query"], parameters)
    query = bound_query(request["query"], parameters)
    store = Store.read_only(request["path"])
    bound_growth(request["memory_mb"])
    try:
        if request["media"] is None:
            return _rows(store.query(query, prefixes=PREFIXES), request["rows"])
        return _document(store.query(query, prefixes=PREFIXES), request["media"], request["rows"])
    except (SyntaxError, ValueError) as error:
        raise WrongUse(f"This is not SPARQL that Oxigraph reads. {error}") from error


def _check_bound(query: str, parameters: Mapping[str, Any]) -> None:
    """Check a query with its values. Texts are checked as empty ones: rdflib reads `\\u0041` in a text wrongly."""
    bound = bound_query(query, {name: _without_text(each) for name, each in parameters.items()})
    try:
        checked_sparql(bound)
    except WrongUse as error:
        if not parameters:
            raise
        checked_sparql(query)  # what is wrong without values is said first
        raise WrongUse(
            f"A variable that the query selects or binds cannot have a value; given: {', '.join(sorted(parameters))}. "
            "Use another variable in its place, and select this one no longer."
        ) from error


def _without_text(value: Any) -> Any:
    return "" if isinstance(value, str) else value


def _rows(found: Any, limit: int) -> QueryResult:
    from pyoxigraph import QueryBoolean, QueryTriples

    if isinstance(found, QueryBoolean):
        return result_of_rows(["answer"], [[bool(found)]], limit=limit)
    if isinstance(found, QueryTriples):
        rows = [[_value(term) for term in triple] for triple in islice(found, limit + 1)]
        return result_of_rows(["subject", "predicate", "object"], rows, limit=limit)
    names = [variable.value for variable in found.variables]
    rows = [[_value(solution[name]) for name in names] for solution in islice(found, limit + 1)]
    return result_of_rows(names, rows, limit=limit)


def _document(found: Any, accepted: Sequence[str], limit: int) -> QueryResult:
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


if __name__ == "__main__":
    answer(run_request)
