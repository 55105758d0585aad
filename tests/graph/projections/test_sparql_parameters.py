"""Values reach the places where variables stand, and nothing but those places."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, RdfFormat, Store

from graph.errors import WrongUse
from graph.projections.sparql_parameters import bound_query
from tests.graph.hostile import NAMES

PREFIXES = {"": "urn:example#"}


@pytest.fixture(scope="module")
def store() -> Store:
    found = Store()
    rows = b'@prefix : <urn:example#> . :a :id "a" ; :size 1 . :b :id "b" ; :size 5 . :c :id "c" ; :size 9 .'
    found.load(rows, format=RdfFormat.TURTLE)
    return found


def answer(store: Store, query: str, parameters: dict[str, Any]) -> list[list[str]]:
    found: Any = store.query(bound_query(query, parameters), prefixes=PREFIXES)
    return sorted([term.value for term in row] for row in found)


def test_a_filter_sees_the_value(store):
    assert answer(store, "SELECT ?id { ?s :id ?id ; :size ?n FILTER(?n > ?least) }", {"least": 4}) == [["b"], ["c"]]


def test_a_sum_is_of_what_the_value_leaves(store):
    assert answer(store, "SELECT (SUM(?n) AS ?all) { ?s :id $id ; :size ?n }", {"id": "c"}) == [["9"]]


def test_inner_groups_and_queries_see_the_value(store):
    inner = "SELECT ?id { { ?s :size ?n FILTER(?n = ?x) } UNION { SELECT ?s { ?s :size ?y } LIMIT ?x } ?s :id ?id }"
    assert len(answer(store, inner, {"x": 1})) == 2


def test_a_limit_can_be_a_parameter(store):
    assert len(answer(store, "SELECT ?s { ?s :id ?id } LIMIT ?limit", {"limit": 2})) == 2


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?s { ?s :id "?x" }',
        "SELECT ?s { ?s :id '''a ' ?x''' }",
        'SELECT ?s { ?s :id """a " ?x\n""" }',
        "SELECT ?s { ?s :id <urn:a?x> }",
        "SELECT ?s { ?s :id ?id } # ?x",
        r'SELECT ?s { ?s :id "\"?x" }',
        "SELECT ?s { ?s :id ?xy }",
        r"SELECT ?s { ?s :a\?x ?id }",
    ],
)
def test_texts_iris_comments_and_other_variables_stay(query):
    assert bound_query(query + "\n?x", {"x": 7}) == query + "\n7"
    with pytest.raises(WrongUse, match="no parameter x"):
        bound_query(query, {"x": 7})


@pytest.mark.parametrize("name", [*NAMES, '") } INSERT DATA { :x :y "', '"""', "\\", "?s", "<urn:a>"])
def test_hostile_values_are_literals(name):
    found = Store()
    found.load(f"<urn:example#z> <urn:example#id> {Literal(name)} .".encode(), format=RdfFormat.N_TRIPLES)
    assert answer(found, "SELECT ?s { ?s :id ?id }", {"id": name}) == [["urn:example#z"]]


@given(st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.integers(-(2**62), 2**62), st.booleans()))
def test_every_value_comes_back(value):
    found: Any = Store().query(bound_query("SELECT (?x AS ?y) {}", {"x": value}))
    assert [row["y"] for row in found] == [Literal(value)]


def test_what_is_selected_cannot_be_a_parameter():
    with pytest.raises(SyntaxError):
        Store().query(bound_query("SELECT ?x { ?x ?y ?z }", {"x": "a"}))
