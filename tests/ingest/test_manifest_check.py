"""A manifest is checked by the reader that imports it, and by what makes one useful."""

from ingest.manifest_check import check_manifest

LONG = "Takes a photo and gives it back with every person cut out, hair and all. " * 5
GOOD = f"""
unfragile_version: "1.0"
artifact: {{name: Cutter, slug: cutter, type: model, url: "https://example.org", description: "{LONG}"}}
capabilities:
  - {{name: masking, description: "{LONG}", failure_modes: [smoke]}}
  - {{name: matting, description: "{LONG}"}}
  - {{name: cropping, description: "{LONG}"}}
execution: {{protocol: http}}
"""


def test_a_complete_manifest_has_neither_errors_nor_warnings() -> None:
    report = check_manifest(GOOD)
    assert (report.valid, report.errors, report.warnings) == (True, [], [])
    assert (report.artifacts, report.capabilities) == (1, 3)


def test_what_it_lacks_is_a_warning_and_leaves_it_valid() -> None:
    text = GOOD.replace("execution: {protocol: http}", "").replace(", failure_modes: [smoke]", "")
    report = check_manifest(text.replace(f'  - {{name: cropping, description: "{LONG}"}}\n', ""))
    assert report.valid
    assert [found.code for found in report.warnings] == ["no-execution", "no-failure-modes", "few-capabilities"]


def test_what_is_not_known_is_an_error_with_what_is() -> None:
    text = GOOD.replace("protocol: http", "protocol: pigeon").replace("type: model", "type: bird")
    found = check_manifest(text).errors
    assert [each.code for each in found] == ["unknown-value", "unknown-value"]
    assert "'pigeon'" in found[1].text
    assert "mcp" in (found[1].remedy or "")


def test_a_short_description_is_named_by_its_capability() -> None:
    (found,) = check_manifest(GOOD.replace(f'matting, description: "{LONG}"', "matting, description: Short.")).errors
    assert found.code == "short-description"
    assert "capability 2 (matting)" in found.text


def test_what_is_no_manifest_is_invalid() -> None:
    for text in ("[1, 2]", "a: [", "{}"):
        assert not check_manifest(text).valid
