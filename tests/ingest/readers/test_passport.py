from __future__ import annotations

import copy
import json

import pytest

from ingest.readers.passport import READER
from tests.ingest.reading import read_bytes
from tests.ingest.samples import PASSPORT


@pytest.mark.parametrize("nested", [False, True])
def test_both_nestings_give_the_same(tmp_path, nested):
    found = read_bytes(READER, tmp_path, json.dumps({"passport": PASSPORT} if nested else PASSPORT, indent=1))
    (artifact,) = found.records["artifacts"]
    assert (artifact["artifact_id"], artifact["name"], artifact["type"]) == ("kite", "Kite", "model")
    assert [cap["capability_id"] for cap in found.records["capabilities"]] == ["kite__cap_0", "kite__cap_1"]
    assert {cap["artifact_id"] for cap in found.records["capabilities"]} == {"kite"}


def test_figures_of_its_own_are_claims(tmp_path):
    found = read_bytes(READER, tmp_path, json.dumps(PASSPORT))
    assert set(found.records) == {"artifacts", "capabilities"}
    assert found.records["artifacts"][0]["extra"]["claimed"] == {"score": 71, "artifact_verified": True}
    assert found.records["artifacts"][0]["extra"]["trust"] == {"data_access_risk": "low"}
    assert found.records["capabilities"][0]["extra"] == {"claimed": {"matches": 12, "success_rate": 0.9}}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"passport": 5}, "invalid-passport"),
        ({"passport": {"other": {}}}, "invalid-passport"),
        ({"unfragile": {"capabilities": []}}, "invalid-passport"),
        ({"unfragile": {"artifact": {"type": "model"}}}, "missing-id"),
        ({"unfragile": {"artifact": {"id": "a", "name": 5}}}, "wrong-type"),
    ],
)
def test_what_is_no_passport_is_refused(tmp_path, document, code):
    found = read_bytes(READER, tmp_path, json.dumps(document))
    assert found.codes == [(1, code)]
    assert found.records == {}


@pytest.mark.parametrize("part", ["text", {"name": 5}, {"id": "c", "limitations": 5}])
def test_a_bad_capability_costs_only_itself(tmp_path, part):
    document = copy.deepcopy(PASSPORT)
    document["unfragile"]["capabilities"].append(part)
    found = read_bytes(READER, tmp_path, json.dumps(document))
    assert len(found.records["capabilities"]) == 2
    assert found.codes == [(1, "wrong-type")]


def test_slug_and_name_stand_in_for_a_missing_id(tmp_path):
    rows = [{"unfragile": {"artifact": {"slug": "kite"}}}, {"unfragile": {"artifact": {"name": "Red Kite"}}}]
    found = read_bytes(READER, tmp_path, "\n".join(map(json.dumps, rows)))
    assert [row["artifact_id"] for row in found.records["artifacts"]] == ["kite", "red-kite"]
