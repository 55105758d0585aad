from __future__ import annotations

from functools import cache

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.source_names import source_name, source_names, source_names_sql


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("crawl-7/models.jsonl.gz", "models"),
        ("models.csv", "models"),
        ("models", "models"),
        ("models.gz", "models"),
        ("cards/gpt-4.1.md", "gpt-4.1"),
        ("home/.card.md", ".card"),
        ("a/b/c.d/", "c"),
        ("new\nline/of 'two.csv\n", "of 'two"),
        ("...", "..."),
        ("/", "/"),
        ("", ""),
    ],
)
def test_a_name_has_neither_folder_nor_ending(source: str, name: str) -> None:
    assert source_name(source) == name
    assert in_sql([source]) == [name]


def test_names_stand_once_in_their_order() -> None:
    assert source_names(["b/two.csv", "a/one.csv", "c/two.jsonl"]) == ["two", "one"]
    assert in_sql(["b/two.csv", "a/one.csv", "c/two.jsonl"]) == ["one", "two"]
    assert source_names(None) == []
    assert in_sql(None) is None


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(st.sampled_from("ab./ \n.gz'é🦊"), max_size=9), max_size=4))
def test_sql_and_python_know_the_same_names(sources: list[str]) -> None:
    assert in_sql(sources) == sorted(source_names(sources))


@cache
def database() -> duckdb.DuckDBPyConnection:
    """One for all examples: opening it takes longer than any of their queries."""
    return duckdb.connect()


def in_sql(sources: list[str] | None) -> list[str] | None:
    asked = database().execute(f"SELECT {source_names_sql('$s::VARCHAR[]')}", {"s": sources})
    found: list[str] | None = asked.fetchall()[0][0]
    return found
