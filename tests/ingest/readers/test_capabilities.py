from __future__ import annotations

import json

import pytest

from ingest.readers.capabilities import READER
from tests.ingest.reading import read_bytes


def test_camel_case_and_nested_conditions_mean_the_same(tmp_path):
    row = {
        "id": "c1", "artifactId": "kite", "artifactName": "Kite", "name": "draw", "description": "Draws.",
        "intentsServed": ["I need a kite"], "uniqueAspect": "colours", "vsAlternatives": "faster",
        "conditions": {"bestFor": ["children"], "limitations": ["no rain"], "requires": ["wind"],
                       "inputTypes": ["text"], "outputTypes": ["image"]},
        "matchConfidence": 0.9, "timesMatched": 1247, "successRate": 0.8, "categories": ["art"], "tags": ["fun"],
    }  # fmt: skip
    (record,) = read_bytes(READER, tmp_path, json.dumps(row)).records["capabilities"]
    assert record == {
        "capability_id": "c1", "artifact_id": "kite", "name": "draw", "description": "Draws.",
        "intents": ["I need a kite"], "unique": "colours", "vs_alternatives": "faster", "best_for": ["children"],
        "limitations": ["no rain"], "requires": ["wind"], "input_types": ["text"], "output_types": ["image"],
        "tags": ["fun", "art"],
        "extra": {"artifactName": "Kite",
                  "claimed": {"matchConfidence": 0.9, "timesMatched": 1247, "successRate": 0.8}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ([{"name": "size", "type": "int"}, {"name": "colour"}], ["size", "colour"]),
        (["size"], ["size"]),
        ({"type": "object", "properties": {"size": {"type": "int"}}}, ["size"]),
        ("size, colour", ["size", "colour"]),
        ([], None),
    ],
)
def test_parameters_are_names_and_their_text_is_kept(tmp_path, parameters, names):
    row = {"id": "c", "artifact_id": "kite", "name": "draw", "parameters": parameters}
    (record,) = read_bytes(READER, tmp_path, json.dumps(row)).records["capabilities"]
    assert record.get("parameters") == names
    if isinstance(parameters, list | dict) and parameters:
        assert record["extra"] == {"parameters": parameters}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"id": "t", "name": "draw", "input_types": ["text"]}, "capability-without-artifact"),
        ({"artifact_id": "kite", "description": "x"}, "missing-id"),
        ({"artifact_id": "kite", "name": "!!!"}, "missing-id"),
        ({"id": "c", "artifact_id": "kite", "name": 5}, "wrong-type"),
        ({"id": "c", "artifact_id": "kite", "parameters": 5}, "wrong-type"),
        ({"id": "c", "artifact_id": "kite", "parameters": [{"type": "int"}]}, "wrong-type"),
        ({"id": "c", "artifact_id": "kite", "intents": [5]}, "wrong-type"),
    ],
)
def test_bad_rows_are_refused(tmp_path, row, code):
    assert read_bytes(READER, tmp_path, json.dumps(row)).codes == [(1, code)]


def test_an_id_is_made_of_artifact_and_name(tmp_path):
    (record,) = read_bytes(READER, tmp_path, '{"artifact_id": "kite", "name": "Draw 2 Kites"}').records["capabilities"]
    assert record["capability_id"] == "kite/draw-2-kites"


def test_what_stands_outside_of_conditions_wins(tmp_path):
    row = {"id": "c", "artifact_id": "k", "name": "n", "limitations": ["a"], "conditions": {"limitations": ["b"]}}
    (record,) = read_bytes(READER, tmp_path, json.dumps(row)).records["capabilities"]
    assert record["limitations"] == ["a"]
