"""The vocabulary says what every term means; the shapes pass on every export and fail on every planted fault."""

from __future__ import annotations

import re
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS

from graph.home import Home
from graph.projections.graph_schema import EDGES, NODES
from graph.projections.rdf_export import write_rdf
from graph.projections.rdf_terms import BASE, PREFIXES, full, node_iri, statement_class
from graph.projections.rdf_vocabulary import as_turtle, shapes, vocabulary
from graph.snapshot import Snapshot
from tests.graph.hostile import NAMES, hostile_snapshot
from tests.graph.saved_queries.rich import rich_snapshot

DOCS = Path(__file__).parents[3] / "docs"


def export(snapshot: Snapshot, path: Path) -> rdflib.Graph:
    write_rdf(snapshot, path)
    return rdflib.Graph().parse(path, format="nt")


def faults(graph: rdflib.Graph) -> str:
    conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes())
    return "" if conforms else str(text)


def test_every_term_of_ours_is_declared_with_its_meaning() -> None:
    declared = vocabulary()
    used = {node.term for node in NODES} | {edge.term for edge in EDGES}
    used |= {own.term for kind in (*NODES, *EDGES) for own in kind.properties}
    used |= {statement_class(edge) for edge in EDGES if edge.properties}
    for term in sorted(used):
        if term.startswith("mg:"):
            assert (rdflib.URIRef(full(term)), RDFS.comment, None) in declared, term
    kinds = {OWL.Class, OWL.DatatypeProperty, OWL.ObjectProperty, OWL.Ontology}
    assert {kind for _, _, kind in declared.triples((None, RDF.type, None))} == kinds


def test_the_published_files_are_those_of_the_schema() -> None:
    assert (DOCS / "vocabulary.ttl").read_text("utf-8") == as_turtle(vocabulary())
    assert (DOCS / "shapes.ttl").read_text("utf-8") == as_turtle(shapes())


def test_shapes_pass_on_the_demo(demo_snapshot: Snapshot, tmp_path: Path) -> None:
    """All of its nodes and edges, and one in sixteen of the statements about edges: pySHACL is slow."""
    write_rdf(demo_snapshot, tmp_path / "graph.nt")
    lines = (tmp_path / "graph.nt").read_text("utf-8").splitlines()
    left = [line for line in lines if not re.match(rf"<{BASE}statement/\w+/[^0]", line)]
    graph = rdflib.Graph().parse(data="\n".join(left), format="nt")
    assert len(set(graph.subjects(RDF.type, RDF.Statement))) > 400
    assert faults(graph) == ""


def test_shapes_pass_on_every_kind_of_edge(tmp_path: Path) -> None:
    assert faults(export(rich_snapshot(Home(tmp_path / "home")), tmp_path / "graph.nt")) == ""


def test_shapes_pass_on_hostile_names(tmp_path: Path) -> None:
    assert faults(export(hostile_snapshot(Home(tmp_path / "home")), tmp_path / "graph.nt")) == ""


ARTIFACT = f"<{node_iri('Artifact', NAMES[0])}>"
PLANTED = {
    "no id": f"DELETE WHERE {{ {ARTIFACT} dcterms:identifier ?id }}",
    "two ids": f"INSERT DATA {{ {ARTIFACT} dcterms:identifier 'another' }}",
    "a rank above 100": f"INSERT DATA {{ {ARTIFACT} mg:rank '101.0'^^xsd:double }}",
    "a negative count": f"INSERT DATA {{ {ARTIFACT} mg:likes -1 }}",
    "a count that is a text": f"INSERT DATA {{ {ARTIFACT} mg:likes 'many' }}",
    "two names": f"INSERT DATA {{ {ARTIFACT} schema:name 'another' }}",
    "a time without a date": f"INSERT DATA {{ {ARTIFACT} mg:firstSeen 'noon'^^xsd:dateTime }}",
    "an edge to a text": f"INSERT DATA {{ {ARTIFACT} mg:provides 'nothing' }}",
    "an edge to what is no capability": f"INSERT DATA {{ {ARTIFACT} mg:provides {ARTIFACT} }}",
    "an edge from what is no artifact": f"INSERT DATA {{ <urn:x:y> mg:alternative {ARTIFACT} }}",
    "an intent matched to an intent": "INSERT { ?i mg:matched ?i } WHERE { ?i a mg:Intent }",
    "a statement about nothing": "DELETE { ?m rdf:object ?o } WHERE { ?m a mg:MatchedStatement ; rdf:object ?o }",
    "a statement of another edge": "DELETE { ?m rdf:predicate ?p } INSERT { ?m rdf:predicate mg:provides } "
    "WHERE { ?m a mg:MatchedStatement ; rdf:predicate ?p }",
    "a strength above 1": "INSERT { ?m mg:strength '1.5'^^xsd:double } WHERE { ?m a mg:MatchedStatement }",
    "a score below 0": "INSERT { ?m mg:score '-0.5'^^xsd:double } WHERE { ?m a mg:ComplementsStatement }",
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> rdflib.Graph:
    folder = tmp_path_factory.mktemp("sound")
    return export(hostile_snapshot(Home(folder / "home"), NAMES[:2]), folder / "graph.nt")


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str, sound: rdflib.Graph) -> None:
    graph = rdflib.Graph() + sound
    graph.update(PLANTED[fault], initNs=PREFIXES)
    assert set(graph) != set(sound)
    assert "Constraint Violation" in faults(graph)
