from __future__ import annotations

import json
from typing import Any

import pytest

from ingest.files.contract import Rejection
from ingest.files.rdf_triples import is_json_ld, triples

BASE = "urn:base/"
PREFIX = "@prefix : <urn:x#> .\n"


def read(text: str) -> tuple[list[tuple[int, str]], list[Rejection]]:
    found = list(triples(text, BASE))
    good = [(one[0], f"{one[1].subject} {one[1].object}") for one in found if not isinstance(one, Rejection)]
    return good, [one for one in found if isinstance(one, Rejection)]


def test_every_triple_has_its_line():
    good, bad = read(PREFIX + ":a :p 1 ;\n  :q 2 .\n\n:b :p\n 3 .")
    assert [line for line, _ in good] == [2, 3, 6]
    assert bad == []


def test_a_wrong_sentence_costs_itself():
    text = PREFIX + ':a :p "x" .\n:b zz:p "y" ; :q "z" .\n:c :p "x"@@ .\n:d :p "x" .\n:e :p <urn:a b> .\n:f :p "x" .\n'
    good, bad = read(text)
    assert [triple.split()[0] for _, triple in good] == ["<urn:x#a>", "<urn:x#d>", "<urn:x#f>"]
    assert [(each.line, each.code) for each in bad] == [(3, "invalid-rdf"), (4, "invalid-rdf"), (6, "invalid-rdf")]
    assert bad[0].raw == b':b zz:p "y" ; :q "z" .'
    assert "zz:" in bad[0].reason


def test_a_file_that_breaks_off_keeps_what_came_before():
    good, bad = read(PREFIX + ':a :p "x" .\n:b :p "unfinished')
    assert len(good) == len(bad) == 1
    assert bad[0].line == 3


def test_relative_iris_are_resolved():
    assert read("<kite> <urn:p> <#x> .")[0] == [(1, "<urn:base/kite> <urn:base/#x>")]
    assert read('{"@id": "kite", "urn:p": 1}')[0][0][1].startswith("<urn:base/kite>")


@pytest.mark.parametrize(
    "address",
    [
        "http://schema.org",
        "https://schema.org/",
        "https://www.schema.org",
        "https://schema.org/docs/jsonldcontext.json",
    ],
)
def test_the_context_of_schema_org_is_known(address):
    text = json.dumps({"@context": address, "type": "Thing", "id": "urn:a", "name": "Kite"})
    assert {triple for _, triple in read(text)[0]} == {"<urn:a> <https://schema.org/Thing>", '<urn:a> "Kite"'}


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "https://evil.example/c"},
        {"@context": ["https://schema.org", "https://evil.example/c"]},
        {"@context": {"@import": "https://evil.example/c"}},
        {"@context": {"p": {"@id": "urn:p", "@context": "https://evil.example/c"}}, "p": {}},
        {"@context": {}, "@graph": [{"@id": "urn:a", "urn:p": {"@context": "https://evil.example/c"}}]},
        {"@context": "file:///etc/passwd"},
        {"@context": "https://schema.org.evil.example/"},
        {"@context": "relative.jsonld"},
    ],
)
def test_other_contexts_are_refused_and_never_fetched(document: Any):
    good, (bad,) = read(json.dumps(document, indent=1))
    assert good == []
    assert (bad.code, bad.line > 1) == ("remote-context", True)


def test_imports_of_ontologies_are_triples_like_others():
    good, bad = read("<urn:a> <http://www.w3.org/2002/07/owl#imports> <https://evil.example/o> .")
    assert (len(good), bad) == (1, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"@id": "urn:a",', "invalid-json"),
        ('{"a":' * 5_000, "too-deep"),
        ('{"@context": {"@vocab": 5}}', "invalid-rdf"),
        ('{"@context": {"a": {"@id": "b"}, "b": {"@id": "a"}}}', "invalid-rdf"),
    ],
)
def test_wrong_json_is_refused(text, code):
    good, bad = read(text)
    assert (good, {each.code for each in bad}) == ([], {code})


@pytest.mark.parametrize("text", ["[] <urn:p> 1 .", "[ <urn:p> 1 ] .", "  <urn:a> <urn:b> 1 ."])
def test_turtle_may_begin_with_brackets(text):
    assert not is_json_ld(text)
    assert len(read(text)[0]) == 1


@pytest.mark.parametrize(
    "document",
    ['<urn:a> <urn:b> "{text}" .\n<urn:a> <urn:c> "end" .\n', '{{"@id": "urn:a", "urn:b": "{text}", "urn:c": "end"}}'],
)
@pytest.mark.parametrize("length", [4_000, 4_096, 100_000])
def test_lines_longer_than_the_parser_reads_at_once(document: str, length: int):
    found = list(triples(document.format(text="é" * length), "urn:base:"))
    assert [str(triple.object) for _, triple in found] == [f'"{"é" * length}"', '"end"']
    assert [line for line, _ in found] == ([1, 2] if document.startswith("<") else [1, 1])
