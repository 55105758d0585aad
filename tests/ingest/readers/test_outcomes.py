from __future__ import annotations

import json

import pytest

from ingest.readers.outcomes import READER
from tests.ingest.reading import read_bytes


@pytest.mark.parametrize(
    ("word", "outcome"),
    [("success", "success"), (True, "success"), (1, "success"), ("1", "success"), ("Solved", "success"),
     ("failure", "failure"), (False, "failure"), (0, "failure"), ("unsolved", "failure"), (1.0, "success")],
)  # fmt: skip
def test_outcomes_are_success_or_failure(tmp_path, word, outcome):
    found = read_bytes(READER, tmp_path, json.dumps({"session_id": "s", "outcome": word, "kind": "human"}))
    assert found.records["outcomes"] == [{"session_id": "s", "outcome": outcome, "kind": "human"}]


@pytest.mark.parametrize("word", [None, "partly", 0.7, 2, [], {}])
def test_what_is_neither_is_refused(tmp_path, word):
    found = read_bytes(READER, tmp_path, json.dumps({"session_id": "s", "outcome": word, "kind": "human"}))
    assert found.codes == [(1, "unknown-outcome")]


@pytest.mark.parametrize(
    ("given", "kind", "notes"),
    [("human annotation", "human", set()), ("LLM judge", "llm", set()), ("tool", "callback", set()),
     ("oracle", "callback", {"unknown-kind"}), (None, "callback", {"kind-not-given"})],
)  # fmt: skip
def test_kinds_of_judge(tmp_path, given, kind, notes):
    found = read_bytes(READER, tmp_path, json.dumps({"query_id": "q", "outcome": 1, "kind": given}))
    assert found.records["outcomes"][0]["kind"] == kind
    assert found.note_codes == notes


def test_an_outcome_needs_a_session_or_a_query(tmp_path):
    assert read_bytes(READER, tmp_path, '{"outcome": "success", "session_id": ""}').codes == [(1, "missing-id")]


def test_everything_else_is_kept(tmp_path):
    data = "query_id,artifact_id,success,time,task\nq1,kite,0,2026-01-01,t1\n"
    found = read_bytes(READER, tmp_path, data, "o.csv")
    assert found.records["outcomes"] == [
        {"search_id": "q1", "object_id": "kite", "outcome": "failure", "kind": "callback", "time": "2026-01-01",
         "extra": {"task": "t1"}}
    ]  # fmt: skip
