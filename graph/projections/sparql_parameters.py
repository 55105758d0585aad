"""Values for the variables of a SPARQL query, put where the variables stand.

A clause `VALUES` at the end would come too late, behind filters and sums; so each token that is the variable becomes
the value, written and escaped by Oxigraph. Texts, comments and IRIs are tokens of their own and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from graph.projections.query_parameters import check_known

_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|'
    r"'''(?:[^'\\]|\\.|'(?!''))*'''|"
    r'"(?:[^"\\\n\r]|\\.)*"|'
    r"'(?:[^'\\\n\r]|\\.)*'|"
    r"\\.|"
    r"<[^<>\"{}|^`\\\s]*>|"
    r"#[^\n\r]*|"
    r"[?$](?P<name>\w+)|"
    r"(?P<word>[\w-]*:?[\w.-]+)",
    re.DOTALL,
)
"""Texts, IRIs, comments, variables and words (prefixed names are one). What matches none is left alone."""


def bound_query(query: str, parameters: Mapping[str, Any]) -> str:
    """Return a query with values for its variables.

    A variable that is selected or bound in the query cannot have a value: the text that comes of it is no SPARQL.
    Raises `WrongUse` for parameters that are no variables of the query.

    >>> bound_query('SELECT ?a { ?a mg:rank ?r ; schema:name ?n FILTER(?r > ?least && ?n != "?least") }', {"least": 3})
    'SELECT ?a { ?a mg:rank ?r ; schema:name ?n FILTER(?r > 3 && ?n != "?least") }'
    """
    check_known((token["name"] for token in _TOKEN.finditer(query) if token["name"]), parameters)
    values = {name: _written(value) for name, value in parameters.items()}
    return _TOKEN.sub(lambda token: values.get(token["name"] or "", token[0]), query)


def words(query: str) -> set[str]:
    """Return the words of a query in small letters: keywords and names, not those within texts, IRIs and comments.

    >>> sorted(words('SELECT ?a { ?a schema:name "one word" } # end'))
    ['schema:name', 'select']
    """
    return {token["word"].casefold() for token in _TOKEN.finditer(query) if token["word"]}


def _written(value: Any) -> str:
    """Return a value as a literal; a whole number in digits alone, so that it can stand behind LIMIT."""
    from pyoxigraph import Literal

    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return str(value if is_count else Literal(value))
