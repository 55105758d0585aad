"""What an RDF document says of each subject: triples gathered, terms made compact, literals as Python values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from graph.projections.rdf_terms import PREFIXES

Object: TypeAlias = NamedNode | BlankNode | Literal | Triple
Plain: TypeAlias = str | int | float | bool

_NAMESPACES: Final = (
    *PREFIXES.items(),
    ("schema", "http://schema.org/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("mls", "http://www.w3.org/ns/mls#"),
)
_XSD: Final = PREFIXES["xsd"]
_INTEGERS: Final = frozenset(f"{_XSD}{name}" for name in ("integer", "int", "long", "nonNegativeInteger"))
_NUMBERS: Final = frozenset(f"{_XSD}{name}" for name in ("decimal", "double", "float"))
_BOOLEAN: Final = f"{_XSD}boolean"
_NAMES: Final = ("schema:name", "foaf:name", "skos:prefLabel", "dcterms:title", "rdfs:label")


@dataclass
class Node:
    """One subject. `line`: where the first of its triples stands."""

    subject: NamedNode | BlankNode | Triple
    line: int
    triples: list[Triple | Quad] = field(default_factory=list)

    @cached_property
    def terms(self) -> dict[str, list[Object]]:
        """Objects by compact term, in the document's order."""
        found: dict[str, list[Object]] = {}
        for triple in self.triples:
            found.setdefault(compact(triple.predicate.value), []).append(triple.object)
        return found

    @property
    def classes(self) -> list[str]:
        """Compact IRIs of its classes."""
        return [compact(each.value) for each in self.terms.get("rdf:type", ()) if isinstance(each, NamedNode)]

    @property
    def raw(self) -> bytes:
        """Its triples as N-Triples."""
        lines = (f"{one.subject} {one.predicate} {one.object} .\n" for one in self.triples)
        return "".join(lines).encode()

    def literal(self, *terms: str) -> Plain | None:
        """Return the first literal of the first term that has one."""
        found = (each for term in terms for each in self.terms.get(term, ()) if isinstance(each, Literal))
        return next((plain(each) for each in found), None)


class Nodes:
    """All subjects of a document."""

    def __init__(self) -> None:
        self._nodes: dict[Object, Node] = {}

    def add(self, line: int, triple: Triple | Quad) -> None:
        """Take one more triple."""
        self._nodes.setdefault(triple.subject, Node(triple.subject, line)).triples.append(triple)

    def __iter__(self) -> Iterator[Node]:
        """Yield the nodes in the order in which they first occur."""
        return iter(self._nodes.values())

    def of(self, value: Object) -> Node | None:
        """Return the node that an object names, if the document says anything of it."""
        return self._nodes.get(value)

    def name(self, value: Object) -> Plain:
        """Return the name of what an object names, if the document gives it one; else the object as it stands."""
        node = self.of(value)
        named = None if node is None else node.literal(*_NAMES)
        return plain(value) if named is None else named


def plain(value: Object) -> Plain:
    """Return a literal's value (numbers and truth values typed, else its text) or an IRI."""
    if not isinstance(value, Literal):
        return value.value if isinstance(value, NamedNode) else str(value)
    datatype, text = value.datatype.value, value.value
    try:
        if datatype in _INTEGERS and len(text) < 19:
            return int(text)
        if datatype in _NUMBERS and math.isfinite(number := float(text)):
            return number
    except ValueError:
        return text
    return text in ("true", "1") if datatype == _BOOLEAN else text


def english_first(values: Sequence[Object]) -> list[Object]:
    """Bring what has no language, or is English, before the other languages; else keep the order."""
    return sorted(values, key=_is_foreign)


def _is_foreign(value: Object) -> bool:
    language = value.language if isinstance(value, Literal) else None
    return language is not None and not language.startswith("en")


@lru_cache(maxsize=4_096)
def compact(iri: str) -> str:
    """Return an IRI with its prefix, if that is known; the two spellings of schema.org are one.

    >>> compact("http://schema.org/name"), compact("https://kite.example/x")
    ('schema:name', 'https://kite.example/x')
    """
    for prefix, namespace in _NAMESPACES:
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
