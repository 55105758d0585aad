"""Which SPARQL may run: reading, on this graph alone, and wrong queries with the place of what is wrong."""

import pytest

from graph.errors import WrongUse
from graph.projections.sparql_check import check_bound, checked_sparql


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?a ?b ?c }",
        "SELECT ?name { ?a schema:name ?name }  # no service here",
        'SELECT ?a { ?a schema:name "service" }',
        "DESCRIBE <urn:service>",
    ],
)
def test_queries_that_read_this_graph_may_run(query: str) -> None:
    checked_sparql(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://example.org/> { ?a ?b ?c } }",
        "SELECT * { { SELECT * { sErViCe SILENT <http://example.org/> { ?a ?b ?c } } } }",
        'SELECT * { BIND("a" AS ?x) # \\u000a\rSERVICE <http://example.org/> { ?a ?b ?c } \n}',
    ],
)
def test_no_query_calls_another_server(query: str) -> None:
    with pytest.raises(WrongUse):
        checked_sparql(query)


def test_a_wrong_query_is_told_where_it_is_wrong() -> None:
    with pytest.raises(WrongUse, match=r"\(line 2, column"):
        checked_sparql("SELECT *\n{ ?a ?b }")
    with pytest.raises(WrongUse, match="This is not a SPARQL query"):
        checked_sparql("INSERT DATA { <a:a> <a:b> <a:c> }")


def test_a_selected_variable_cannot_have_a_value() -> None:
    check_bound("SELECT ?a { ?a schema:name ?name }", {"name": 'a "b" \\u0041'})
    with pytest.raises(WrongUse, match="Use another variable in its place"):
        check_bound("SELECT ?a (?name AS ?name) { ?a schema:name ?name }", {"name": "a"})
