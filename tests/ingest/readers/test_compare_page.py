from __future__ import annotations

from pathlib import Path

import pytest

from ingest.readers.compare_page import READER, name_of
from tests.ingest.reading import read_bytes, read_file
from tests.ingest.samples import COMPARE_PAGE

SEED = Path(__file__).parents[4] / "shared" / "seed" / "compare-page.txt"


def test_a_page_holds_two_artifacts_and_their_capabilities(tmp_path):
    found = read_bytes(READER, tmp_path, COMPARE_PAGE, "page.txt")
    kite, owl = found.records["artifacts"]
    assert (kite["artifact_id"], kite["type"], kite["pricing_model"]) == ("kite", "model", "free")
    assert (owl["artifact_id"], owl["type"], owl["pricing_model"]) == ("owl", "mcp", "paid")
    assert found.records["capabilities"] == [
        {"capability_id": "kite/page-cap-1", "artifact_id": "kite", "name": "Draws a kite of any colour",
         "description": "Draws a kite of any colour. Works at night.", "unique": "Knows every colour.",
         "vs_alternatives": "Draws faster than by hand.", "extra": {"name_derived": True}},
        {"capability_id": "owl/page-cap-1", "artifact_id": "owl", "name": "Hoots on demand",
         "description": "Hoots on demand, softly or loudly.", "unique": "Never sleeps.",
         "extra": {"name_derived": True}},
    ]  # fmt: skip
    assert found.lines == {"artifacts": [3, 3], "capabilities": [10, 15]}
    assert found.note_codes == {"more-capabilities"}


def test_what_the_page_says_of_ranks_is_a_claim(tmp_path):
    found = read_bytes(READER, tmp_path, COMPARE_PAGE, "page.txt")
    assert set(found.records) == {"artifacts", "capabilities"}
    assert found.records["artifacts"][0]["extra"]["claimed"] == {
        "UnfragileRank": "60/100", "Times Matched": "0", "Verdict": "Kite scores higher.",
    }  # fmt: skip


def test_names_of_capabilities_are_taken_where_a_page_has_them(tmp_path):
    page = COMPARE_PAGE.replace(b"Hoots on demand", b"Night calls\nHoots on demand")
    owl = read_bytes(READER, tmp_path, page, "page.txt").records["capabilities"][1]
    assert (owl["name"], owl["description"]) == ("Night calls", "Hoots on demand, softly or loudly.")


def test_older_pages_have_no_headings(tmp_path):
    page = COMPARE_PAGE.replace(b"Kite Capabilities\n", b"").replace(b"Owl Capabilities\n", b"")
    found = read_bytes(READER, tmp_path, page, "page.txt")
    assert [cap["artifact_id"] for cap in found.records["capabilities"]] == ["kite", "owl"]


def test_a_price_and_a_dash(tmp_path):
    page = COMPARE_PAGE.replace(b"| Times", "| Starting Price | — | $10/mo |\n| Times".encode())
    kite, owl = read_bytes(READER, tmp_path, page, "page.txt").records["artifacts"]
    assert "price" not in kite
    assert owl["price"] == "$10/mo"


@pytest.mark.parametrize(
    "text", ["Kite vs Owl\nno table\n", "Kite\n| F | A | B |\n", "A vs A\n| F | A | A |\n| Type | x | y |\n"]
)
def test_other_texts_are_refused(tmp_path, text):
    found = read_bytes(READER, tmp_path, text, "page.txt")
    assert found.records == {}
    assert [code for _, code in found.codes] == ["invalid-compare-page"]


def test_labels_without_a_description_are_refused(tmp_path):
    page = COMPARE_PAGE.replace(b"Hoots on demand, softly or loudly.\n", b"")
    assert read_bytes(READER, tmp_path, page, "page.txt").codes == [(15, "incomplete-capability")]


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("Draws one two three four five six seven eight nine", "Draws one two three four five six seven"),
        ("Draws lines with a", "Draws lines"),
        ("Short.", "Short"),
        ("the", "the"),
    ],
)
def test_names_are_the_first_words(description, name):
    assert name_of(description) == name


@pytest.mark.skipif(not SEED.is_file(), reason="the seed page is not beside this repository")
def test_the_seed_page_is_read():
    found = read_file(READER, SEED)
    assert [row["artifact_id"] for row in found.records["artifacts"]] == [
        "mask2former-swin-large-cityscapes-semantic", "flux-1-pro",
    ]  # fmt: skip
    assert {row["type"] for row in found.records["artifacts"]} == {"model"}
    counts = [row["artifact_id"] for row in found.records["capabilities"]]
    assert (counts.count("flux-1-pro"), len(counts)) == (8, 16)
    assert all(row["unique"] and row["vs_alternatives"] for row in found.records["capabilities"])
    assert len(found.notes) == 2
    assert found.rejections == []
