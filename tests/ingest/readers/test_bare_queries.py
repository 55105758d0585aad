from __future__ import annotations

import pytest

from ingest.readers.bare_queries import READER
from tests.ingest.reading import head_of, read_bytes


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("fly a kite", {"query_text": "fly a kite"}),
        ("kite\t2026-01-01T10:00:00Z", {"query_text": "kite", "time": "2026-01-01T10:00:00Z"}),
        ("2026-01-01\tkite", {"query_text": "kite", "time": "2026-01-01"}),
        ("kite\towl", {"query_text": "kite owl"}),
        ('{"not": "json', {"query_text": '{"not": "json'}),
        ("a, b; \"c", {"query_text": 'a, b; "c'}),
    ],
)  # fmt: skip
def test_a_line_is_a_query(tmp_path, line, expected):
    found = read_bytes(READER, tmp_path, f"first\n{line}\n", "q.txt")
    assert found.records["searches"][1] == {"application": "queries", "kind": "bare", **expected}
    assert found.lines == {"searches": [1, 2]}


def test_rows_may_have_time_client_and_session(tmp_path):
    found = read_bytes(READER, tmp_path, "query,timestamp,user_id,session_id\nkite,1767225600,c1,s1\n,1,c,s\n", "q.csv")
    assert found.records["searches"] == [
        {"application": "queries", "kind": "bare", "query_text": "kite", "time": "1767225600", "client_id": "c1",
         "session_id": "s1"}
    ]  # fmt: skip
    assert found.codes == [(3, "missing-text")]


@pytest.mark.parametrize(
    ("name", "text", "taken"),
    [
        ("q.txt", "kite\nowl\n", True),
        ("q.md", "kite\nowl\n", False),
        ("README.txt", "kite\nowl\n", False),
        ("requirements.txt", "kite==1\n", False),
        ("prose.txt", ("word " * 200 + "\n") * 3, False),
        ("page.txt", "<html>\n", False),
        ("grades.txt", "query_id,artifact_id,grade\nq,a,1\n", False),
        ("data.txt", '{"id": "a", "name": "b", "type": "model"}\n', False),
    ],
)
def test_only_texts_of_short_lines_are_taken_for_queries(tmp_path, name, text, taken):
    assert READER.recognises(head_of(tmp_path, text, name)) is taken
