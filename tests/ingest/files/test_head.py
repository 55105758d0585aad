from __future__ import annotations

import json

import pytest

from ingest.files.head import Head, split_header


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}\n{"b": 2}\n', {"a", "b"}),
        ('{"a": 1}\nnot json\n{"b": "cut', {"a"}),
        ('{"a": "x\u2028y"}\n', {"a"}),
        (json.dumps({"a": {"b": 1}, "c": [{"d": 2}]}, indent=1), {"a", "c"}),
        (json.dumps([{"a": 1}, {"b": 2}], indent=1), {"a", "b"}),
        (json.dumps({"a": {"b": 1}, "c": [{"d": '":{'}]}, indent=1)[:-4], {"a", "c"}),
        (json.dumps([{"a": 1}, {"b": 2}])[:-1], {"a", "b"}),
        ("\n\nid;name\n1;x", {"id", "name"}),
        ('"id","full name"\n', {"id", "full name"}),
        ("[" * 100_000, set()),
        ("", set()),
    ],
)
def test_field_names_are_found_in_every_form(text, expected):
    assert Head("file", text.encode()).fields == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}\n{"b": 2}', True),
        ('{"a": 1}\ngarbage', True),
        ('{"a": "cut in th\n{"b": 2}', True),
        ('{"a": 1}', True),
        ("[1]\n{}", True),
        ('{\n "a": 1}', False),
        ('{"servers": [\n{"name": 1}]}', False),
        ('[{"a": 1}]', False),
        ('[\n{"a": 1},\n{"b": 1}]', False),
    ],
)
def test_json_lines_are_told_from_a_document(text, expected):
    assert Head("file", text.encode()).is_json_lines is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b;c,d", (",", ["a", "b;c", "d"])),
        ("a\tb,c\td\t\n", ("\t", ["a", "b,c", "d", ""])),
        ('"a,b",c', (",", ["a,b", "c"])),
        ("", (",", [])),
    ],
)
def test_header_is_split_at_the_most_frequent_delimiter(text, expected):
    assert split_header(text) == expected
