"""Addresses, and data of strangers within pages."""

import json

import pytest

from api.pages.site import (
    artifact_data,
    artifact_path,
    compare_path,
    is_address,
    json_ld,
    list_data,
    parts_side_by_side,
    splits,
    static_file,
    static_path,
)
from tests.api.answers import side


def test_ids_become_addresses_that_hold_them_whole() -> None:
    assert artifact_path("acme/the cutter?") == "/artifacts/acme/the%20cutter%3F"
    assert compare_path("a", "b c") == "/compare/a-vs-b%20c"


@pytest.mark.parametrize("pair", [("a-vs-b", "c"), ("a", "b-vs-c"), ("a-vs", "b"), ("a", "vs-b")])
def test_an_address_of_a_comparison_can_be_read_in_one_way_only(pair: tuple[str, str]) -> None:
    a, b = pair
    assert compare_path(a, b) == f"/compare?a={a}&b={b}"
    assert pair in splits(f"{a}-vs-{b}")


@pytest.mark.parametrize(
    ("text", "may"),
    [("https://example.org", True), ("http://x", True), ("javascript:alert(1)", False), ("//x", False),
     ("http://[", False), ("", False), (None, False)],
)  # fmt: skip
def test_only_web_addresses_become_links(text: str | None, may: bool) -> None:
    assert is_address(text) is may


def test_linked_data_cannot_end_its_element_and_reads_back() -> None:
    text = json_ld({"name": "</script><b>&"})
    assert not set("<>&") & set(text)
    assert json.loads(text) == {"@context": "https://schema.org", "name": "</script><b>&"}


def test_what_is_not_known_of_an_artifact_is_not_said_and_a_rank_is_no_rating() -> None:
    told = artifact_data({**side(), "description": None, "url": "javascript:alert(1)"}, "https://here")
    assert told == {
        "@type": "SoftwareApplication", "@id": "https://here/artifacts/cutter", "name": "Cutter",
        "applicationCategory": "Model",
    }  # fmt: skip


def test_a_list_keeps_its_order() -> None:
    entries = list_data([side(), side(artifact_id="painter", name="Painter")], "")["itemListElement"]
    assert [(entry["position"], entry["url"]) for entry in entries] == [
        (1, "/artifacts/cutter"), (2, "/artifacts/painter")
    ]  # fmt: skip


def test_a_part_that_one_side_lacks_is_not_known_there() -> None:
    a, b = ({"parts": [{"name": name, "value": 1.0, "weight": 0.5}]} for name in ("adoption", "quality"))
    (first_a, first_b), (second_a, second_b) = parts_side_by_side((a, b))
    assert (first_a["value"], first_b) == (1.0, {"name": "adoption", "value": None, "weight": 0.0})
    assert (second_a["value"], second_b["value"]) == (None, 1.0)


def test_files_of_pages_have_a_mark_of_their_content() -> None:
    assert static_path("site.css").startswith("/static/site.css?")
    assert static_path("site.css") != static_path("site.js")
    assert static_file("site.css")
