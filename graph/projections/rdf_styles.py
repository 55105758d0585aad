"""The three ways to write RDF, as SQL: each gives the expression that turns one row into the text of its triples.

Texts are put together column by column inside DuckDB, a hundred thousand rows at a time: no triple becomes a Python
object. Each style is asked for the same things in the same order, so that all three files say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec
import pyarrow as pa

from graph.projections.graph_types import BOOL, TIME
from graph.projections.rdf_terms import DATATYPES, PREFIXES, full
from graph.schemas import INT, TEXT, TEXTS

_LINE: Final = "chr(10)"
_TIME_FORMAT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True)
class Value:
    """What stands at the end of a triple: an SQL expression and its type, or the expression of an IRI."""

    term: str
    """Compact IRI of the property."""
    sql: str
    type: pa.DataType | None
    """None: an IRI."""


class Style(Protocol):
    """One syntax of RDF."""

    head: str
    between: str
    """What stands between the texts of two rows."""
    tail: str

    def block(self, subject: str, classes: Sequence[str], values: Sequence[Value]) -> str:
        """Return the SQL of a row's text. `subject`: the SQL of its IRI; null values say nothing."""
        ...


class NTriples:
    """One triple a line, IRIs in full."""

    head = between = tail = ""

    def block(self, subject: str, classes: Sequence[str], values: Sequence[Value]) -> str:
        """Return the SQL of a row's lines."""
        start = f"'<' || {subject} || '> "
        parts = [f"{start}<{full('rdf:type')}> <{full(each)}> .' || {_LINE}" for each in classes]
        parts += [self._lines(f"{start}<{full(value.term)}> '", value) for value in values]
        return _joined(parts)

    def _lines(self, start: str, value: Value) -> str:
        end = f"' .' || {_LINE}"
        if value.type == TEXTS:
            line = f"{start} || {_quoted('v')} || {end}"
            return f"coalesce(array_to_string(list_transform({value.sql}, lambda v: {line}), ''), '')"
        return f"coalesce({start} || {_object(value, _full_datatype)} || {end}, '')"


class Turtle:
    """Triples of one subject together, with prefixes."""

    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + "\n"
    between = tail = ""

    def block(self, subject: str, classes: Sequence[str], values: Sequence[Value]) -> str:
        """Return the SQL of a row's sentence; without classes it begins with the first value, which is never null."""
        if classes:
            first = f"' a {', '.join(classes)}'"
        else:
            first, values = f"' {values[0].term} ' || {_object(values[0], _short_datatype)}", values[1:]
        parts = [f"'<' || {subject} || '>' || {first}", *map(self._objects, values), f"' .' || {_LINE}"]
        return _joined(parts)

    def _objects(self, value: Value) -> str:
        start = f"' ;' || {_LINE} || '    {value.term} '"
        if value.type == TEXTS:
            texts = f"array_to_string(list_transform({value.sql}, lambda v: {_quoted('v')}), ', ')"
            return f"coalesce({start} || nullif({texts}, ''), '')"
        return f"coalesce({start} || {_object(value, _short_datatype)}, '')"


class JsonLd:
    """An array of JSON objects under a context, which the file brings along."""

    head = '{"@context":' + msgspec.json.encode(PREFIXES).decode() + ',"@graph":[\n'
    between = ",\n"
    tail = "\n]}\n"

    def block(self, subject: str, classes: Sequence[str], values: Sequence[Value]) -> str:
        """Return the SQL of a row's object."""
        kinds = f',"@type":{msgspec.json.encode(classes).decode()}' if classes else ""
        parts = [f"""'{{"@id":"' || {subject} || '"{kinds}'""", *map(self._member, values), "'}'"]
        return _joined(parts)

    def _member(self, value: Value) -> str:
        return f"""coalesce(',"{value.term}":' || {self._json(value)}, '')"""

    def _json(self, value: Value) -> str:
        sql = value.sql
        if value.type is None:
            return f"""'{{"@id":"' || {sql} || '"}}'"""
        if value.type in (TEXT, TEXTS):
            return f"CASE WHEN {sql} IS NOT NULL THEN to_json({sql})::VARCHAR END"
        if value.type in (INT, BOOL):
            return f"({sql})::VARCHAR"
        # As texts: a JSON number would lose the spelling, and one without a fraction would become an integer.
        typed = f'","@type":"{DATATYPES[value.type]}"}}'
        return f"""'{{"@value":"' || {_plain(value)} || '{typed}'"""


STYLES: Final[dict[str, Style]] = {"nt": NTriples(), "ttl": Turtle(), "jsonld": JsonLd()}
"""By the ending of their files."""


def _joined(parts: Sequence[str]) -> str:
    """Return the SQL of a row's whole text. Chains of `||` would copy what they have so far at each step."""
    return f"concat({', '.join(parts)})"


def _full_datatype(type_: pa.DataType) -> str:
    return f"<{full(DATATYPES[type_])}>"


def _short_datatype(type_: pa.DataType) -> str:
    return DATATYPES[type_]


def _object(value: Value, datatype: Callable[[pa.DataType], str]) -> str:
    """Return the SQL of an IRI or of one literal as N-Triples and Turtle have them."""
    if value.type is None:
        return f"'<' || {value.sql} || '>'"
    if value.type == TEXT:
        return _quoted(value.sql)
    return f"""'"' || {_plain(value)} || '"^^{datatype(value.type)}'"""


def _plain(value: Value) -> str:
    """Return the SQL of the lexical form of a time, number or truth; none of these needs escaping."""
    if value.type == TIME:
        return f"strftime({value.sql}, '{_TIME_FORMAT}')"
    return f"({value.sql})::VARCHAR"


def _quoted(sql: str) -> str:
    """Return the SQL of a text as a literal (N-Triples, section 2.4: only these four must be escaped)."""
    escaped = sql
    for character, written in (("92", "\\\\"), ("34", '\\"'), ("10", "\\n"), ("13", "\\r")):
        escaped = f"replace({escaped}, chr({character}), '{written}')"
    return f"""'"' || {escaped} || '"'"""
