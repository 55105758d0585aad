"""Our own terms as an OWL vocabulary, and SHACL shapes of every graph that is exported; both follow from the schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import rdflib
from rdflib import BNode, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SH, XSD

from graph.projections.graph_schema import EDGES, NODE_OF_LABEL, NODES
from graph.projections.graph_types import EdgeType, NodeType, Property
from graph.projections.rdf_terms import (
    DATATYPES,
    IDENTIFIER,
    PREFIXES,
    SNAPSHOT_CLASS,
    WIDER,
    full,
    statement_class,
)
from graph.schemas import INT, TEXTS
from graph.snapshot_schemas import FLOAT

_OURS: Final = "mg:"
_TITLE: Final = "Terms of match graphs: artifacts, what they can do, what was searched for, and what was chosen."


def vocabulary() -> rdflib.Graph:
    """Return the terms of ours, as OWL: what each means, what it belongs to and what its values are."""
    graph = _graph()
    about = URIRef(PREFIXES["mg"].removesuffix("#"))
    graph.add((about, RDF.type, OWL.Ontology))
    graph.add((about, RDFS.comment, Literal(_TITLE, lang="en")))
    for term, meaning, wider in _classes():
        _declare(graph, term, OWL.Class, meaning)
        if wider:
            graph.add((_iri(term), RDFS.subClassOf, _iri(wider)))
    for kind in (*NODES, *EDGES):
        subject = kind.term if isinstance(kind, NodeType) else statement_class(kind)
        for own in kind.properties:
            if own.term.startswith(_OURS):
                _declare(graph, own.term, OWL.DatatypeProperty, own.meaning)
                graph.add((_iri(own.term), RDFS.range, _iri(DATATYPES[own.type])))
                graph.add((_iri(own.term), _iri("schema:domainIncludes"), _iri(subject)))
    for edge in EDGES:
        if edge.term.startswith(_OURS):
            _declare(graph, edge.term, OWL.ObjectProperty, edge.meaning)
            graph.add((_iri(edge.term), _iri("schema:domainIncludes"), _node_class(edge.start)))
            graph.add((_iri(edge.term), _iri("schema:rangeIncludes"), _node_class(edge.end)))
    return graph


def shapes() -> rdflib.Graph:
    """Return SHACL shapes: what every node and every statement of an exported graph has, and within which bounds."""
    graph = _graph()
    for node in NODES:
        shape = _shape(graph, node.term, f"{node.label}Shape")
        _path(graph, shape, IDENTIFIER, {SH.datatype: XSD.string, SH.minCount: Literal(1), SH.maxCount: Literal(1)})
        for own in node.properties:
            _path(graph, shape, own.term, _limits(own))
    for term in sorted({edge.term for edge in EDGES}):
        _add_ends(graph, term, [edge for edge in EDGES if edge.term == term])
    for name in sorted({statement_class(edge) for edge in EDGES if edge.properties}):
        _add_statements(graph, name, [edge for edge in EDGES if edge.properties and statement_class(edge) == name])
    return graph


def as_turtle(graph: rdflib.Graph) -> str:
    """Return a graph as Turtle, the same text every time."""
    return graph.serialize(format="longturtle")


def _classes() -> Iterator[tuple[str, str, str | None]]:
    """Yield the classes of ours: compact IRI, meaning, wider class."""
    yield (
        SNAPSHOT_CLASS,
        "one complete, unchangeable set of answers computed from what was imported",
        WIDER[SNAPSHOT_CLASS],
    )
    for node in NODES:
        if node.term.startswith(_OURS):
            yield node.term, node.meaning, WIDER.get(node.term)
    for edge in EDGES:
        if edge.properties:
            yield (
                statement_class(edge),
                f"a statement that carries what is known of an edge {edge.type}",
                "rdf:Statement",
            )


def _add_ends(graph: rdflib.Graph, term: str, edges: list[EdgeType]) -> None:
    """Add the shape of what a property of edges leads from and to."""
    shape = URIRef(PREFIXES["mg"] + f"{term.replace(':', '-')}Shape")
    graph.add((shape, RDF.type, SH.NodeShape))
    graph.add((shape, SH.targetSubjectsOf, _iri(term)))
    _add_one_of(graph, shape, sorted({edge.start for edge in edges}))
    leads_to = _path(graph, shape, term, {SH.nodeKind: SH.IRI})
    _add_one_of(graph, leads_to, sorted({edge.end for edge in edges}))


def _add_statements(graph: rdflib.Graph, name: str, edges: list[EdgeType]) -> None:
    """Add the shape of the statements about edges of one type."""
    shape = _shape(graph, name, f"{name.removeprefix(_OURS)}Shape")
    once = {SH.minCount: Literal(1), SH.maxCount: Literal(1)}
    for term, labels in (("rdf:subject", {edge.start for edge in edges}), ("rdf:object", {edge.end for edge in edges})):
        _add_one_of(graph, _path(graph, shape, term, {SH.nodeKind: SH.IRI, **once}), sorted(labels))
    _path(graph, shape, "rdf:predicate", {SH.hasValue: _iri(edges[0].term), **once})
    for own in edges[0].properties:
        _path(graph, shape, own.term, _limits(own))


def _limits(own: Property) -> dict[URIRef, rdflib.term.Node]:
    found: dict[URIRef, rdflib.term.Node] = {SH.datatype: _iri(DATATYPES[own.type])}
    if own.type != TEXTS:
        found[SH.maxCount] = Literal(1)
    if own.type in (INT, FLOAT):
        found[SH.minInclusive] = Literal(0)
    if own.type == FLOAT:
        found[SH.maxInclusive] = Literal(own.most)
    return found


def _shape(graph: rdflib.Graph, target: str, name: str) -> URIRef:
    shape = URIRef(PREFIXES["mg"] + name)
    graph.add((shape, RDF.type, SH.NodeShape))
    graph.add((shape, SH.targetClass, _iri(target)))
    return shape


def _path(graph: rdflib.Graph, shape: URIRef, term: str, limits: dict[URIRef, rdflib.term.Node]) -> URIRef:
    """Add what holds of the values of one property; the shape of them has a name, so that texts are always the same."""
    own = URIRef(f"{shape}-{term.replace(':', '-')}")
    graph.add((shape, SH.property, own))
    graph.add((own, SH.path, _iri(term)))
    for limit, value in limits.items():
        graph.add((own, limit, value))
    return own


def _add_one_of(graph: rdflib.Graph, shape: URIRef, labels: list[str]) -> None:
    if len(labels) == 1:
        graph.add((shape, SH["class"], _node_class(labels[0])))
        return
    parts: list[rdflib.term.Node] = []
    for label in labels:
        part = BNode(f"{shape.rpartition('#')[2]}{label}")
        graph.add((part, SH["class"], _node_class(label)))
        parts.append(part)
    Collection(graph, head := BNode(f"{shape.rpartition('#')[2]}List"), parts)
    graph.add((shape, SH["or"], head))


def _declare(graph: rdflib.Graph, term: str, kind: URIRef, meaning: str) -> None:
    graph.add((_iri(term), RDF.type, kind))
    graph.add((_iri(term), RDFS.label, Literal(_words(term), lang="en")))
    graph.add((_iri(term), RDFS.comment, Literal(meaning, lang="en")))


def _words(term: str) -> str:
    """Return a term's name as words: mg:timesMatched is "times matched"."""
    name = term.partition(":")[2]
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def _graph() -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    return graph


def _iri(compact: str) -> URIRef:
    return URIRef(full(compact))


def _node_class(label: str) -> URIRef:
    return _iri(NODE_OF_LABEL[label].term)
