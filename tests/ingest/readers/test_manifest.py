from __future__ import annotations

import pytest

from ingest.readers.manifest import READER
from tests.ingest.reading import read_bytes
from tests.ingest.samples import MANIFEST

LONG = "Draws kites of any colour and size on paper, cloth or screen, one at a time or in whole flocks at once. "


def test_artifact_and_capabilities_come_with_their_lines(tmp_path):
    text = MANIFEST.decode() + (
        "pricing: {model: open-source}\nfailure_modes: [{mode: rips, frequency: occasional}]\n"
        "execution: {protocol: mcp}\npermissions: [network]\n"
    )
    found = read_bytes(READER, tmp_path, text, "unfragile.yml")
    assert found.records["artifacts"] == [
        {"artifact_id": "kite", "name": "Kite", "type": "model", "license": "MIT", "pricing_model": "open_source",
         "extra": {"slug": "kite", "failure_modes": [{"mode": "rips", "frequency": "occasional"}],
                   "execution": {"protocol": "mcp"}, "permissions": ["network"], "unfragile_version": "1.0",
                   "pricing": {"model": "open-source"}}}
    ]  # fmt: skip
    assert [(cap["capability_id"], cap["artifact_id"]) for cap in found.records["capabilities"]] == [
        ("kite.draw", "kite"), ("kite.fly", "kite"),
    ]  # fmt: skip
    assert found.lines == {"artifacts": [3], "capabilities": [8, 12]}
    assert found.note_codes == {"short-description"}


def test_all_faults_are_told_at_once(tmp_path):
    found = read_bytes(
        READER, tmp_path, 'unfragile_version: "1.0"\nartifact: {name: 5, license: [1]}\ncapabilities: []\n', "m.yml"
    )
    assert found.records == {}
    (rejection,) = found.rejections
    assert rejection.code == "invalid-manifest"
    for path in ("artifact.name", "artifact.license", "capabilities"):
        assert path in rejection.reason


def test_a_bad_capability_costs_only_itself(tmp_path):
    text = MANIFEST.decode() + "  - name: 7\n    intents_served: x\n  - just text\n"
    found = read_bytes(READER, tmp_path, text, "m.yml")
    assert len(found.records["capabilities"]) == 2
    assert found.codes == [(15, "invalid-capability"), (17, "invalid-capability")]
    assert "name" in found.rejections[0].reason
    assert "intents_served" in found.rejections[0].reason
    assert b"just text" not in found.rejections[0].raw.split(b"\n")[0]


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [echo hi]", "!!python/object:object {}", "!x 1"])
def test_tags_that_build_objects_are_refused(tmp_path, tag):
    text = MANIFEST.decode() + f"trust: {tag}\n"
    assert read_bytes(READER, tmp_path, text, "m.yml").codes == [(15, "unsafe-yaml")]


def test_without_slug_the_name_gives_the_id(tmp_path):
    text = (
        f'unfragile_version: 1.0\nartifact: {{name: "My Kite"}}\ncapabilities: [{{name: fly, description: "{LONG}"}}]\n'
    )
    found = read_bytes(READER, tmp_path, text, "m.yml")
    assert found.records["artifacts"][0]["artifact_id"] == "my-kite"
    assert found.records["capabilities"][0]["capability_id"] == "my-kite/fly"
    assert found.notes == []


def test_another_version_is_read_and_noted(tmp_path):
    text = MANIFEST.replace(b'"1.0"', b'"2.0"')
    found = read_bytes(READER, tmp_path, text, "m.yml")
    assert "unknown-version" in found.note_codes
    assert len(found.records["capabilities"]) == 2


def test_pricing_may_stand_with_each_capability(tmp_path):
    text = MANIFEST.decode().replace("    description:", "    pricing: {model: paid}\n    description:")
    found = read_bytes(READER, tmp_path, text, "m.yml")
    assert found.records["artifacts"][0]["pricing_model"] == "paid"
    assert found.records["capabilities"][0]["extra"]["pricing"] == {"model": "paid"}
