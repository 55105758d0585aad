"""SPARQL for analysts: right answers, nothing but reading, and an end when the budget ends."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import rdflib

from graph.errors import DamagedHome, OverBudget, WrongUse
from graph.home import Home
from graph.projections.query_budget import Budget
from graph.projections.rdf_store import open_graph, store_folder
from graph.projections.sparql_answers import SOLUTIONS, TRIPLES
from graph.projections.sparql_check import checked_sparql
from graph.projections.sparql_query import run_sparql, sparql_document
from graph.projections.sql_query import run_sql
from graph.snapshot import Snapshot
from tests.graph.hostile import NAMES, hostile_snapshot

NAMED = "SELECT ?name WHERE { ?a a mg:Artifact ; dcterms:identifier ?id ; schema:name ?name }"
REFUSED = [
    "INSERT DATA { <a:b> <a:c> 1 }",
    "DELETE WHERE { ?s ?p ?o }",
    "LOAD <http://example.org/x>",
    "CLEAR ALL",
    "DROP ALL",
    "SELECT * WHERE { SERVICE <http://example.org/> { ?s ?p ?o } }",
    "SELECT * WHERE { SERVICE SILENT ?s { ?s ?p ?o } }",
    "SELECT * WHERE { ?s ?p ?o FILTER EXISTS { SERVICE <http://example.org/> { ?s ?p ?o } } }",
    "SELECT * WHERE { { SELECT ?s WHERE { serVice <http://example.org/> { ?s ?p ?o } } } }",
    "SELECT * WHERE { ?s ?p ?o MINUS { OPTIONAL { SERVICE <http://example.org/> { ?s ?p ?o } } } }",
    'SELECT * { # \\u000A ?s ?p """\n SERVICE <http://example.org/> { ?s ?p ?o } } # """ }',
    "SELECT * { #\r SERVICE <http://example.org/> { ?s ?p ?o }\n }",
    "SELECT * { ?s ?p '\\u0027 } #'. SERVICE<http://example.org/> { ?s ?p ?o } }",
    "SELECT 1; SELECT 2",
    "not a query at all",
    "",
    "SELECT * WHERE { ?s ?p ?o } } " + "}" * 5000,
]
RUNAWAYS = [
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT (COUNT(*) AS ?n) WHERE { ?a (!rdf:nothing)* ?b . ?b (!rdf:nothing)* ?c }",
]


def test_answers_are_those_of_sql(demo_snapshot: Snapshot, quick: Budget) -> None:
    counted = run_sparql(
        demo_snapshot,
        """SELECT ?id ?rank ?seen ?simulated WHERE { ?a a mg:Artifact ; dcterms:identifier ?id .
           OPTIONAL { ?a mg:rank ?rank } OPTIONAL { ?a mg:firstSeen ?seen } OPTIONAL { ?a mg:simulated ?simulated } }
           ORDER BY ?id""",
        budget=quick,
    )
    query = "SELECT id, rank, first_seen AS seen, simulated FROM graph.artifact ORDER BY id"
    assert counted.rows() == run_sql(demo_snapshot, query, budget=quick).rows()
    assert isinstance(counted.rows()[0]["seen"], datetime)


def test_statements_carry_the_properties_of_edges(demo_snapshot: Snapshot, quick: Budget) -> None:
    found = run_sparql(
        demo_snapshot,
        """SELECT ?intent ?n ?strength WHERE {
           ?m a mg:MatchedStatement ; rdf:subject ?i ; rdf:object ?a ; mg:kind "observed" ; mg:timesMatched ?n ;
           mg:strength ?strength . ?a a mg:Artifact ; dcterms:identifier ?artifact .
           ?i dcterms:identifier ?intent } ORDER BY ?intent""",
        {"artifact": "aider"},
        budget=quick,
    )
    query = """SELECT "start" AS intent, times_matched AS n, strength FROM graph.matched_artifact
               WHERE "end" = 'aider' AND kind = 'observed' AND strength IS NOT NULL ORDER BY "start" """
    assert found.rows() == run_sql(demo_snapshot, query, budget=quick).rows() != []


def test_parameters_are_bound_never_pasted(tmp_path: Path, quick: Budget) -> None:
    snapshot = hostile_snapshot(Home(tmp_path / "home"))
    for name in NAMES:
        assert run_sparql(snapshot, NAMED, {"id": name}, budget=quick).rows() == [{"name": name}]
    assert run_sparql(snapshot, NAMED, {"id": '") } INSERT'}, budget=quick).rows() == []
    with pytest.raises(WrongUse, match="no parameter other; it has a, id, name"):
        run_sparql(snapshot, NAMED, {"other": 1}, budget=quick)


def test_parameters_reach_filters_and_sums(demo_snapshot: Snapshot, quick: Budget) -> None:
    few = "SELECT (COUNT(?a) AS ?n) { ?a a mg:Artifact ; mg:rank ?r FILTER(?r >= ?least) }"
    counted = run_sparql(demo_snapshot, few, {"least": 50}, budget=quick).rows()
    assert (
        counted
        == run_sql(demo_snapshot, "SELECT count(*) AS n FROM graph.artifact WHERE rank >= 50", budget=quick).rows()
    )
    assert 0 < counted[0]["n"] < run_sparql(demo_snapshot, few, {"least": 0}, budget=quick).rows()[0]["n"]


def test_every_form_of_query_has_rows(demo_snapshot: Snapshot, quick: Budget) -> None:
    assert run_sparql(demo_snapshot, "ASK { ?a a mg:Artifact }", budget=quick).rows() == [{"answer": True}]
    described = run_sparql(
        demo_snapshot, "DESCRIBE ?a WHERE { ?a dcterms:identifier ?id }", {"id": "aider"}, budget=quick
    ).rows()
    assert {"subject", "predicate", "object"} == set(described[0])
    assert any(row["object"] == "Aider" for row in described)
    made = run_sparql(
        demo_snapshot, "CONSTRUCT { ?a <urn:x:is> ?n } WHERE { ?a a mg:Artifact ; schema:name ?n }", budget=quick
    )
    assert made.arrow.num_rows == 29
    cut = run_sparql(demo_snapshot, "SELECT ?s WHERE { ?s ?p ?o }", budget=replace(quick, rows=5))
    assert (cut.arrow.num_rows, cut.truncated) == (5, True)


@pytest.mark.parametrize("query", REFUSED)
def test_nothing_but_one_query_is_run(query: str, demo_snapshot: Snapshot, quick: Budget) -> None:
    with pytest.raises(WrongUse):
        run_sparql(demo_snapshot, query, budget=quick)


def test_the_place_of_a_mistake_is_that_in_the_text_that_was_given() -> None:
    with pytest.raises(WrongUse, match=r"found 'INSERT' \(line 2, column 3\)"):
        checked_sparql("# a comment\n  INSERT DATA { <a:b> <a:c> 1 }")


def test_runaway_queries_are_stopped_and_the_next_one_runs(demo_snapshot: Snapshot) -> None:
    store_folder(demo_snapshot)

    def seconds_until_stopped(query: str) -> float:
        started = time.monotonic()
        with pytest.raises(OverBudget):
            run_sparql(demo_snapshot, query, budget=Budget(seconds=4))
        return time.monotonic() - started

    with ThreadPoolExecutor(len(RUNAWAYS)) as at_once:
        assert max(at_once.map(seconds_until_stopped, RUNAWAYS)) < 6
    assert run_sparql(demo_snapshot, "ASK { ?a a mg:Artifact }").rows() == [{"answer": True}]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in rdflib's own parser of JSON-LD
def test_documents_have_the_media_type_that_was_asked_for(demo_snapshot: Snapshot, quick: Budget) -> None:
    query = "SELECT ?name WHERE { ?a a mg:Artifact ; schema:name ?name } ORDER BY ?name LIMIT 1"
    for media in SOLUTIONS:
        assert sparql_document(demo_snapshot, query, [media], budget=quick)[0] == media
    answer = json.loads(sparql_document(demo_snapshot, query, SOLUTIONS, budget=quick)[1])
    assert answer["results"]["bindings"][0]["name"]["value"] == "Aider"
    graph = "CONSTRUCT WHERE { ?a a mg:Artifact ; schema:name ?name }"
    for media in TRIPLES:
        chosen, content = sparql_document(demo_snapshot, graph, [media], budget=quick)
        assert chosen == media
        assert len(rdflib.Graph().parse(data=content, format=media)) == 58
    assert sparql_document(demo_snapshot, graph, ["text/csv"], budget=quick)[0] == TRIPLES[0]
    with pytest.raises(OverBudget, match="more than 3 rows"):
        sparql_document(demo_snapshot, graph, TRIPLES, replace(quick, rows=3))


def test_rdflib_reads_the_same_graph_and_cannot_change_it(demo_snapshot: Snapshot) -> None:
    graph = open_graph(demo_snapshot)
    rows = list(graph.query("SELECT ?n WHERE { ?a a mg:Artifact ; schema:name ?n } ORDER BY ?n LIMIT 1"))
    assert str(rows[0][0]) == "Aider"
    before = len(graph)
    with pytest.raises(RuntimeError):
        graph.add((rdflib.URIRef("urn:x"), rdflib.URIRef("urn:y"), rdflib.URIRef("urn:z")))
    assert len(open_graph(demo_snapshot)) == before > 1000


def test_a_store_is_made_once_and_whole(tmp_path: Path) -> None:
    snapshot = hostile_snapshot(Home(tmp_path / "home"))
    folder = store_folder(snapshot)
    made = folder.stat().st_mtime_ns
    assert store_folder(snapshot).stat().st_mtime_ns == made
    assert [path.name for path in snapshot.path.iterdir() if path.name.startswith(".")] == []
    assert snapshot.damages() == []
    with pytest.raises(DamagedHome):
        store_folder(Snapshot(tmp_path / "nowhere"))


def test_a_variable_that_is_selected_takes_no_value_and_it_is_said(demo_snapshot: Snapshot, quick: Budget) -> None:
    for query in ("SELECT ?id { ?a dcterms:identifier ?id }", "SELECT ?n { ?a schema:name ?n BIND(2 AS ?id) }"):
        with pytest.raises(WrongUse, match="selects or binds cannot have a value; given: id"):
            run_sparql(demo_snapshot, query, {"id": "aider"}, budget=quick)
    with pytest.raises(WrongUse, match="not a SPARQL query"):
        run_sparql(demo_snapshot, "SELECT ?id { ?a dcterms:identifier ?id", {"id": "aider"}, budget=quick)
