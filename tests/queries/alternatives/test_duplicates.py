from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.alternatives.duplicates import (
    MAX_BEARERS,
    PERHAPS,
    SAME_ADDRESS,
    VARIANT,
    address,
    duplicates,
    family,
    surely_same,
)
from queries.alternatives.related import related_all
from queries.text.capability_similarity import capability_pairs
from tests.queries.tables import Row, artifact, capability, table

Pairs = dict[tuple[str, str], tuple[str, float, str]]


def found(artifacts: list[Row], capabilities: list[Row] | None = None) -> Pairs:
    own = table("capabilities", capabilities or [])
    rows = duplicates(table("artifacts", artifacts), own, capability_pairs(own)).to_pylist()
    both = {
        (row["artifact_id"], row["other_id"]): (row["kind"], row["score"], json.loads(row["reasons"])[0]["text"])
        for row in rows
    }
    assert all(both[b, a] == finding for (a, b), finding in both.items())
    return {pair: finding for pair, finding in both.items() if pair[0] < pair[1]}


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("https://github.com/acme/tool", "http://www.github.com/Acme/Tool.git/", True),
        ("https://github.com/acme/tool/tree/main", "https://github.com/acme/tool", True),
        ("https://github.com/acme/all/tree/main/one", "https://github.com/acme/all/tree/main/two", False),
        ("https://acme.org/tool?ref=list", "https://acme.org/tool/#top", True),
        ("https://acme.org/a", "https://acme.org/b", False),
    ],
)
def test_spellings_of_an_address(left: str, right: str, same: bool) -> None:
    assert (address(left) == address(right)) is same


@pytest.mark.parametrize(
    "nothing", [None, "", "https://github.com", "https://github.com/acme", "no address", "http://["]
)
def test_what_is_no_address(nothing: str | None) -> None:
    assert address(nothing) is None


def test_one_repository_is_one_thing() -> None:
    rows = [
        artifact("a", name="Tool", url="https://github.com/acme/tool"),
        artifact(
            "b",
            name="acme-tool",
            url="https://tool.org",
            extra=json.dumps({"source_url": "https://github.com/Acme/tool.git"}),
        ),
        artifact("c", url="https://github.com/acme/other"),
    ]
    assert found(rows) == {("a", "b"): ("same", SAME_ADDRESS, "both give the address github.com/acme/tool")}


@pytest.mark.parametrize(
    ("name", "type", "why"),
    [
        ("Deep Research Server", "mcp", "both give the address github.com/acme/tool"),
        ("Flats server", "api", "both give the address github.com/acme/tool, but are of unlike types"),
    ],
)
def test_an_address_alone_makes_two_names_perhaps_the_same(name: str, type: str, why: str) -> None:
    """A word that many names have in common ("server") is none that two have in common."""
    address = "https://github.com/acme/tool"
    others = [artifact(f"x{n}", name=f"Thing{n} Server", type="mcp") for n in range(MAX_BEARERS)]
    rows = [artifact("a", name="Flats Server", type="mcp", url=address), *others]
    rows.append(artifact("b", name=name, type=type, url=address))
    assert found(rows) == {("a", "b"): ("same", PERHAPS, why)}
    own = table("capabilities", [])
    assert surely_same(duplicates(table("artifacts", rows), own, capability_pairs(own))) == []
    for types in (("mcp", "mcp"), ("product", "app")):
        rows[0]["type"], rows[-1]["type"] = types
        rows[-1]["name"] = "flats-server"
        assert surely_same(duplicates(table("artifacts", rows), own, capability_pairs(own))) == [("a", "b")]


def test_an_address_of_many_is_a_collection() -> None:
    rows = [artifact(f"x{n}", url="https://github.com/acme/all") for n in range(MAX_BEARERS + 1)]
    assert found(rows) == {}


def test_one_package_is_one_thing() -> None:
    extra = json.dumps({"packages": [{"registry": "npm", "name": "@acme/tool", "version": "1"}, "odd"]})
    assert found([artifact("a", extra=extra), artifact("b", extra=extra)])["a", "b"][0] == "same"


def test_a_name_alone_is_not_enough() -> None:
    rows = [artifact("a", name="Calculator"), artifact("b", name="calculator")]
    assert found(rows) == {}
    assert found([{**row, "vendor": "Acme"} for row in rows])["a", "b"][2] == "the same name and vendor"
    text = "Adds and multiplies numbers of any size, with all digits"
    assert found([{**row, "description": text} for row in rows])["a", "b"][0] == "same"
    does = [capability(key, "add numbers", description="adds two numbers") for key in ("a", "b")]
    assert found(rows, does)["a", "b"][2] == "the same name and mostly the same capabilities"


def test_one_name_of_two_owners_is_a_fork_perhaps() -> None:
    text = "Adds and multiplies numbers of any size, with all digits"
    names = {"a": "@acme/adder", "b": "@fork/adder"}
    rows = [artifact(key, name=name, description=text) for key, name in names.items()]
    assert found(rows)["a", "b"] == ("same", PERHAPS, "the same name of two owners, described alike (similarity 1.00)")
    vendors = [{**row, "name": "adder", "vendor": vendor} for row, vendor in zip(rows, ("Acme", "Fork"), strict=True)]
    assert found(vendors)["a", "b"][1] == PERHAPS
    does = [capability(key, "add numbers", description="adds two numbers") for key in names]
    assert found([{**row, "description": None} for row in vendors], does)["a", "b"][1] == PERHAPS
    assert found([rows[0], {**rows[1], "name": "adder"}])["a", "b"][1] == 0.85  # whose the other is, it does not say


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("acme/net-small", "acme/net-xxl"),
        ("acme/net-7b", "acme/net-1.5B"),
        ("net-v2", "net"),
        ("a/net", "a/net-uncased"),
    ],
)
def test_sizes_and_versions_are_variants(left: str, right: str) -> None:
    kind, score, reason = found([artifact("a", name=left), artifact("b", name=right)])["a", "b"]
    assert (kind, score) == ("variant", VARIANT)
    assert reason == "variants of net: names differ in size or version only"


@pytest.mark.parametrize(
    ("left", "right"),
    [("acme/net-small", "other/net-xl"), ("a/net", "a/web"), ("7b", "13b"), ("net-chat", "net")],
)
def test_other_owners_and_other_names_are_no_variants(left: str, right: str) -> None:
    assert found([artifact("a", name=left), artifact("b", name=right)]) == {}


def test_the_same_is_no_alternative_and_a_variant_says_so() -> None:
    rows = [
        artifact("a", name="acme/net-small", description="labels photos", url="https://acme.org/net"),
        artifact("b", name="acme/net-large", description="labels photos"),
        artifact("c", name="The net", description="labels photos", url="https://acme.org/net/"),
    ]
    empty = [table(name, []) for name in ("capabilities", "capability_pairs", "edges", "evidence")]
    twins = duplicates(table("artifacts", rows), empty[0], empty[1])
    related = related_all(table("artifacts", rows), *empty, duplicates=twins).to_pylist()
    others = {(row["artifact_id"], row["other_id"]): json.loads(row["reasons"]) for row in related}
    assert ("a", "c") not in others
    assert ("c", "a") not in others
    variant = {"kind": "variant", "text": "variants of net: names differ in size or version only", "weight": 0.0}
    assert others["a", "b"][-1] == variant
    assert {reason["kind"] for reason in others["c", "b"]} == {"text"}


@settings(max_examples=100)
@given(st.text(max_size=30))
def test_any_name_has_a_family_and_any_text_an_address_or_none(text: str) -> None:
    owner, stem = family(text)
    assert (owner, stem) == (owner.lower(), stem.strip())
    assert address(text) != ""
