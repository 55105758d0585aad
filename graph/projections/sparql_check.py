"""Which SPARQL may run here: one query, without `SERVICE`, which would call other servers.

`SERVICE` is found in the syntax tree of rdflib's parser. That parser and Oxigraph can cut a text into tokens
differently, so the word may not stand alone outside of texts, IRIs and comments either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from graph.errors import WrongUse
from graph.projections.rdf_terms import PREFIXES
from graph.projections.sparql_parameters import bound_query, words

_NO_QUERY: Final = "This is not a SPARQL query (SELECT, ASK, CONSTRUCT, DESCRIBE)."
_ESCAPE: Final = re.compile(r"\\[uU]")


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


def check_bound(query: str, parameters: Mapping[str, Any]) -> None:
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
