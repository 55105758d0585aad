from __future__ import annotations

import json
from typing import Any

import pytest

from ingest.files.fields import BadField
from ingest.readers.artifacts import READER, price_text
from tests.ingest.reading import read_bytes


def one(tmp_path, **values: Any) -> dict[str, Any]:
    found = read_bytes(READER, tmp_path, json.dumps({"id": "kite", "name": "Kite", **values}))
    assert found.rejections == []
    return found.records["artifacts"][0]


def codes(tmp_path, **values: Any) -> list[str]:
    found = read_bytes(READER, tmp_path, json.dumps({"id": "kite", "name": "Kite", **values}))
    return [rejection.code for rejection in found.rejections]


def test_other_names_of_fields_mean_the_same(tmp_path):
    row = {
        "slug": "kite", "title": "Kite", "homepage": "https://k.example", "stargazers": "12", "publisher": "Ann",
        "licenses": ["MIT", "Apache-2.0"], "categories": ["a"], "tags": ["b", "a"], "lastModified": "2026-01-02",
        "release_date": "2025-01-02", "revision_date": "2026-02-02", "archived": True, "colour": "red",
    }  # fmt: skip
    assert read_bytes(READER, tmp_path, json.dumps(row)).records["artifacts"] == [
        {
            "artifact_id": "kite", "name": "Kite", "url": "https://k.example", "stars": 12, "vendor": "Ann",
            "license": "MIT OR Apache-2.0", "tags": ["b", "a"], "updated_at": "2026-01-02", "created_at": "2025-01-02",
            "revised_at": "2026-02-02", "status": "archived", "extra": {"colour": "red", "archived": True},
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "kept"),
    [("mcp-server", "mcp"), ("mcp_server", "mcp"), ("MCP Server", "mcp"), ("CLI Tool", "cli"), ("Model", "model"),
     ("tool", "tool"), ("web-page", "web-page")],
)  # fmt: skip
def test_types_are_brought_to_the_vocabulary_or_kept(tmp_path, given, kept):
    assert one(tmp_path, type=given)["type"] == kept


def test_an_unknown_type_is_noted_as_one(tmp_path):
    rows = [{"id": str(n), "name": "x", "type": kind} for n, kind in enumerate(["tool", "tool", "plugin", "model"])]
    found = read_bytes(READER, tmp_path, "\n".join(map(json.dumps, rows)))
    assert len({note for note in found.notes if note.code == "unknown-type"}) == 2


@pytest.mark.parametrize(
    ("values", "model", "price"),
    [
        ({"pricing": {"model": "open-source", "free": True}}, "open_source", None),
        ({"pricing": {"free": True}}, "free", None),
        ({"pricing": {"free": False, "starting_price": "$5 a month"}}, "paid", "$5 a month"),
        ({"pricing": "Freemium"}, "freemium", None),
        ({"pricing": "$10 per month"}, None, "$10 per month"),
        ({"pricing_model": "paid", "price": 9.5}, "paid", "9.5"),
        ({"pricing_model": "auction"}, "unknown", None),
        ({}, None, None),
        ({"price": 0}, None, "0"),
    ],
)
def test_pricing_comes_in_many_forms(tmp_path, values, model, price):
    row = one(tmp_path, **values)
    assert (row.get("pricing_model"), row.get("price")) == (model, price)


@pytest.mark.parametrize("price", [-5, "-5", "$-5", "-$5", "- 5 USD", "€ -3"])
def test_negative_prices_are_refused(price):
    with pytest.raises(BadField) as caught:
        price_text(price)
    assert caught.value.code == "negative-number"


def test_a_price_range_is_not_negative():
    assert price_text("$5 - $10") == "$5 - $10"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": 5}, "wrong-type"), ({"description": ["x"]}, "wrong-type"), ({"tags": [1]}, "wrong-type"),
        ({"downloads": -1}, "negative-number"), ({"likes": "-2"}, "negative-number"), ({"stars": "many"}, "wrong-type"),
        ({"price": -1}, "negative-number"), ({"pricing": {"price": -1}}, "negative-number"),
        ({"updated_at": True}, "wrong-type"), ({"url": 5}, "wrong-type"), ({"id": ""}, "missing-id"),
        ({"id": "x" * 600}, "bad-id"), ({"name": "a\0b"}, "nul-character"), ({"pricing": 5}, "wrong-type"),
    ],
)  # fmt: skip
def test_bad_values_refuse_the_row(tmp_path, values, code):
    assert codes(tmp_path, **values) == [code]


def test_unknown_is_not_zero(tmp_path):
    assert set(one(tmp_path, downloads=None, likes="", description="", tags=[])) == {"artifact_id", "name"}


def test_html_stays_text_and_hidden_characters_leave_names(tmp_path):
    found = read_bytes(
        READER, tmp_path, json.dumps({"id": "k", "name": "Ki\u202ete\x07", "description": "<script>x</script>"})
    )
    (row,) = found.records["artifacts"]
    assert (row["name"], row["description"]) == ("Kite", "<script>x</script>")
    assert "hidden-characters" in found.note_codes


@pytest.mark.parametrize("url", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "file:///etc/passwd"])
def test_addresses_that_run_code_are_kept_apart(tmp_path, url):
    row = one(tmp_path, url=url)
    assert "url" not in row
    assert row["extra"] == {"unsafe_url": url.strip()}


def test_objects_where_an_address_or_a_name_may_stand(tmp_path):
    row = one(tmp_path, repository={"type": "git", "url": "https://g.example"}, author={"name": "Ann", "age": 5})
    assert (row["url"], row["vendor"]) == ("https://g.example", "Ann")
    assert row["extra"]["author_details"] == {"name": "Ann", "age": 5}


def test_capabilities_within_an_artifact_are_rows_of_their_own(tmp_path):
    row = {"id": "kite", "name": "Kite", "capabilities": [{"name": "Draw kites"}, "fly", {"name": 5}]}
    found = read_bytes(READER, tmp_path, json.dumps(row))
    assert [(cap["capability_id"], cap["artifact_id"]) for cap in found.records["capabilities"]] == [
        ("kite/draw-kites", "kite"), ("kite/fly", "kite"),
    ]  # fmt: skip
    assert len(found.records["artifacts"]) == 1
    assert found.codes == [(1, "wrong-type")]
    assert found.lines == {"artifacts": [1], "capabilities": [1, 1]}


def test_a_number_of_capabilities_is_no_list(tmp_path):
    assert one(tmp_path, capabilities=13)["extra"] == {"capabilities": 13}


def test_csv_cells_are_read_as_their_fields(tmp_path):
    data = 'id,name,tags,stars,archived\nkite,Kite,"a; b",5,true\nowl,Owl,,x,\n'
    found = read_bytes(READER, tmp_path, data, "a.csv")
    assert found.records["artifacts"] == [
        {"artifact_id": "kite", "name": "Kite", "tags": ["a", "b"], "stars": 5, "status": "archived",
         "extra": {"archived": "true"}}
    ]  # fmt: skip
    assert found.codes == [(3, "wrong-type")]
    assert json.loads(found.rejections[0].raw) == {
        "id": "owl", "name": "Owl", "tags": None, "stars": "x", "archived": None,
    }  # fmt: skip
