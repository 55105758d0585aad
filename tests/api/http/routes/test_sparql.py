"""The SPARQL 1.1 protocol: how a query is sent, in which form the answer comes, and what is refused."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from urllib.parse import urlencode

import pytest
from rdflib import Graph

from graph.home import Home
from tests.api.http.serving import Client, Reply, serving_a_reader

NAMES = "SELECT ?name { ?artifact dcterms:identifier ?id ; schema:name ?name FILTER(?id = 'flux-1-pro') }"
DESCRIBED = "CONSTRUCT { ?artifact schema:name ?name } { ?artifact schema:name ?name } LIMIT 3"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}


@pytest.fixture(scope="module")
def asking(demo_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, dict[str, str]]]:
    """A client of a server, and the headers of a reader."""
    folder = tmp_path_factory.mktemp("asked")
    with serving_a_reader(demo_home, folder, query_seconds=9, request_seconds=60) as (server, key):
        yield server.client(), key


Asking = tuple[Client, dict[str, str]]


def ways(asking: Asking, query: str) -> Iterator[Reply]:
    """Send a query in the three ways of the protocol."""
    client, key = asking
    yield client.get("/v1/sparql", key, query=query)
    yield client.send("POST", "/v1/sparql", urlencode({"query": query}).encode(), {**key, **FORM})
    yield client.send("POST", "/v1/sparql", query.encode(), {**key, **DIRECT})


def test_the_three_ways_of_asking_have_one_answer(asking: Asking) -> None:
    for reply in ways(asking, NAMES):
        assert reply.status == 200, reply.text
        assert reply.headers["content-type"].startswith("application/sparql-results+json")
        assert [row["name"]["value"] for row in reply.json["results"]["bindings"]] == ["FLUX.1 Pro"]


def test_the_answer_has_the_form_that_is_accepted_and_suits_the_query(asking: Asking) -> None:
    client, key = asking

    def ask(query: str, accept: str) -> Reply:
        reply = client.get("/v1/sparql", {**key, "Accept": accept}, query=query)
        assert reply.status == 200, reply.text
        return reply

    assert list(csv.reader(StringIO(ask(NAMES, "text/csv").text))) == [["name"], ["FLUX.1 Pro"]]
    assert ask(NAMES, "application/sparql-results+xml").text.startswith("<?xml")
    assert json.loads(ask("ASK { ?s ?p ?o }", "text/html").body)["boolean"] is True
    both = "text/csv, application/n-triples;q=0.9, text/turtle;q=0.1"
    triples = ask(DESCRIBED, both)
    assert triples.headers["content-type"].startswith("application/n-triples")
    assert len(Graph().parse(data=triples.text, format="nt")) == 3
    assert len(Graph().parse(data=ask(DESCRIBED, "*/*").text, format="turtle")) == 3


@pytest.mark.parametrize(
    "query",
    [
        "SELEC ?s",
        "DELETE WHERE { ?s ?p ?o }",
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o } ; DROP ALL",
    ],
)
def test_what_is_no_query_over_the_snapshot_is_refused(asking: Asking, query: str) -> None:
    for reply in ways(asking, query):
        assert (reply.status, reply.json["code"]) == (400, "query-refused")


def test_what_the_protocol_knows_and_is_not_here_is_refused(asking: Asking) -> None:
    client, key = asking
    graph = client.get("/v1/sparql", key, query=NAMES, **{"default-graph-uri": "http://example.org/"})
    assert graph.json["code"] == "query-refused"
    update = client.send("POST", "/v1/sparql", b"update=DROP+ALL", {**key, **FORM})
    assert update.json["code"] == "query-refused"
    other = client.send("POST", "/v1/sparql", NAMES.encode(), {**key, "Content-Type": "text/plain"})
    assert (other.status, other.json["code"]) == (415, "unsupported-media-type")
    assert client.get("/v1/sparql", query=NAMES).json["code"] == "key-needed"
