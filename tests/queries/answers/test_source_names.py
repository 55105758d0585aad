from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from queries.answers.compare import compare
from queries.answers.explain import explain
from queries.answers.show import show
from queries.answers.source_names import NamedSources, source_name, source_names
from tests.queries.rivals import rivals


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("crawl-7/models.jsonl.gz", "models"),
        ("models.csv", "models"),
        ("models", "models"),
        ("cards/gpt-4.1.md", "gpt-4.1"),
        ("home/.card.md", ".card"),
        ("", ""),
    ],
)
def test_a_name_has_neither_folder_nor_ending(source: str, name: str) -> None:
    assert source_name(source) == name


def test_names_stand_once_in_their_order() -> None:
    assert source_names(["b/two.csv", "a/one.csv", "c/two.jsonl"]) == ["two", "one"]
    assert source_names(None) == []


def test_answers_from_named_sources_are_else_the_same() -> None:
    own = rivals()
    named = NamedSources(own)
    assert (named.id, named.now_us, named.manifest) == (own.id, own.now_us, own.manifest)
    assert (show(own, "roadseg").sources, show(named, "roadseg").sources) == (["a.jsonl"], ["a"])
    asked: list[tuple[Callable[..., Any], list[str]]] = [
        (show, ["roadseg"]),
        (explain, ["roadseg"]),
        (compare, ["roadseg", "cityseg"]),
    ]
    for answer, names in asked:
        with_files, without = (msgspec.json.encode(answer(each, *names)).decode() for each in (own, named))
        assert "a.jsonl" in with_files
        assert without == with_files.replace("a.jsonl", "a")
