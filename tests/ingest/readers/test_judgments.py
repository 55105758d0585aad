from __future__ import annotations

import json

import pytest

from ingest.readers.judgments import READER
from tests.ingest.reading import read_bytes


def test_queries_become_judged_searches_without_time(tmp_path):
    row = {"id": "q1", "text": "red kite", "candidates": ["kite"], "session_id": "s1", "system": None}
    assert read_bytes(READER, tmp_path, json.dumps(row)).records == {
        "searches": [
            {"search_id": "q1", "application": "judgments", "kind": "judged", "query_text": "red kite",
             "session_id": "s1", "extra": {"candidates": ["kite"]}}
        ]
    }  # fmt: skip


@pytest.mark.parametrize("column", ["artifact_id", "capability_id", "object_id", "doc_id"])
def test_grades_become_judgment_events(tmp_path, column):
    found = read_bytes(READER, tmp_path, f"query_id,{column},grade\nq1,kite,100.0\nq1,owl,-2\n", "qrels.csv")
    expected = {"search_id": "q1", "application": "judgments", "action_name": "judgment", "object_field": column}
    assert found.records == {
        "events": [{**expected, "object_id": "kite", "value": 100.0}, {**expected, "object_id": "owl", "value": -2.0}]
    }


def test_trec_qrels_have_four_columns(tmp_path):
    found = read_bytes(READER, tmp_path, "301 0 kite 1\n302\tQ0\towl\t0\n\n303 0 lost\n", "qrels.txt")
    assert [(event["search_id"], event["object_id"], event["value"]) for event in found.records["events"]] == [
        ("301", "kite", 1.0), ("302", "owl", 0.0),
    ]  # fmt: skip
    assert found.codes == [(4, "invalid-qrels")]


@pytest.mark.parametrize(
    ("line", "code"),
    [(",kite,1", "missing-id"), ("q,,1", "missing-id"), ("q,kite,", "missing-grade"), ("q,kite,good", "wrong-type")],
)
def test_bad_grades_are_refused(tmp_path, line, code):
    assert read_bytes(READER, tmp_path, f"query_id,artifact_id,grade\n{line}\n", "q.csv").codes == [(2, code)]


def test_a_query_needs_an_id(tmp_path):
    assert read_bytes(READER, tmp_path, '{"id": null, "text": "kite"}').codes == [(1, "missing-id")]
