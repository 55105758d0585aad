"""Every reason is one sentence that a reader can check against the rows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from queries.alternatives.related import related_all
from queries.text.capability_similarity import capability_pairs
from tests.queries.tables import Row, artifact, capability, edge, evidence_of, table


def reasons(
    artifacts: list[Row],
    capabilities: list[Row] | None = None,
    edges: list[Row] | None = None,
    labels: dict[str, str | None] | None = None,
) -> dict[str, str]:
    """Return the reasons by kind why b is an alternative to a; `labels` of needs by their text."""
    described, chosen = table("capabilities", capabilities or []), edges or []
    ids = {each["intent_id"]: text for text in labels or {} for each in [edge(text, "a")]}
    intents = [{"intent_id": key, "label": (labels or {})[text]} for key, text in ids.items()]
    found = related_all(
        table("artifacts", artifacts),
        described,
        capability_pairs(described),
        table("edges", chosen),
        table("evidence", evidence_of(chosen)),
        intents=table("intents", intents),
    )
    row = next(row for row in found.to_pylist() if (row["artifact_id"], row["other_id"]) == ("a", "b"))
    return {each["kind"]: each["text"] for each in json.loads(row["reasons"])}


def two(**of_b: Any) -> list[Row]:
    same = {"name": None, "description": "labels photos"}
    return [artifact("a", **same), artifact("b", **{**same, **of_b})]


def test_words_are_named_by_what_they_weigh() -> None:
    """All words but "photos", which c has too, are as rare; those said first weigh most."""
    rows = [
        artifact(key, name=None, description=text)
        for key, text in (("a", "segments photos quickly into classes"), ("b", "segments photos quickly into classes"))
    ]
    found = reasons([*rows, artifact("c", name=None, description="prints photos")])
    assert found["text"].startswith("both speak of segments, quickly, classes and 1 more (similarity")


def test_a_word_that_one_says_and_the_other_bears_as_a_tag_is_named() -> None:
    """What stands in tags of both alone is named as a tag."""
    rows = [artifact("a", name=None, description="labels photos", tags=["Print", "Art"])]
    rows += [artifact("b", name=None, description="sells frames", tags=["Photo", "Art"])]
    assert reasons(rows)["text"].startswith("both speak of photos; both tagged art (similarity")


def chosen(text: str, a: int, b: int) -> list[Row]:
    return [edge(text, "a", a), edge(text, "b", b)]


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (
            {"cut": "cut out", "draw": "draw it", "sing": "sing it"},
            "both chosen for 3 needs, such as “cut out” (by 9 and 4 clients) and “draw it” (by 2 and 3 clients)",
        ),
        (
            {"cut": "cut out", "draw": None, "sing": None},
            "both chosen for 3 needs, such as “cut out” (by 9 and 4 clients)",
        ),
        ({"cut": None, "draw": None, "sing": None}, "both chosen for 3 needs that few people had"),
    ],
)
def test_needs_are_named_with_the_clients_of_each_unless_they_are_withheld(
    labels: dict[str, str | None], said: str
) -> None:
    edges = [*chosen("cut", 9, 4), *chosen("draw", 2, 3), *chosen("sing", 1, 1)]
    assert reasons(two(), edges=edges, labels=labels)["co_choice"] == said


def test_of_few_needs_all_are_named() -> None:
    labels: dict[str, str | None] = {"cut": "cut out", "draw": "draw it"}
    assert reasons(two(), edges=chosen("cut", 1, 1), labels=labels)["co_choice"] == (
        "both chosen for “cut out” (by 1 and 1 client)"
    )
    both = [*chosen("cut", 9, 4), *chosen("draw", 2, 3)]
    assert reasons(two(), edges=both, labels=labels)["co_choice"] == (
        "both chosen for 2 needs: “cut out” (by 9 and 4 clients) and “draw it” (by 2 and 3 clients)"
    )


def test_capabilities_are_named_as_they_are_written_and_functions_in_words() -> None:
    rows = [capability(one, name) for one in "ab" for name in ("multi-scale X-ray reading", "read_invoiceNumbers")]
    assert (
        reasons(two(), rows)["concept"] == "2 shared capabilities: multi-scale X-ray reading and read invoice numbers"
    )


def rival(key: str, name: str, **fields: Any) -> Row:
    return artifact(key, name=name, description="moves data", extra=json.dumps(fields))


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ({"replaces": ["Zapper"]}, {"replaces": ["Zapper"]}, "both say that they stand in for Zapper"),
        ({}, {"alternative_to": ["Ahoy"]}, "Beam says that it stands in for Ahoy"),
        ({"alternative_to": ["Beam"]}, {}, "Ahoy says that it stands in for Beam"),
    ],
)
def test_what_is_stated_is_said_with_who_states_it(a: Row, b: Row, said: str) -> None:
    assert reasons([rival("a", "Ahoy", **a), rival("b", "Beam", **b)])["stated"] == said


def test_products_are_expected_of_those_that_others_like_it_state() -> None:
    """c is like a and stands in for Zapper, as b does; nobody but b states Quipper, so that is not said."""
    rows = [
        rival("a", "Ahoy"),
        rival("b", "Beam", replaces=["Zapper", "Quipper"]),
        rival("c", "Clip", replaces=["Zapper"]),
    ]
    assert reasons(rows)["expected"] == "stands in for, or compares itself with, Zapper, as do others like Ahoy"


def test_a_product_of_the_catalogue_is_expected_where_others_like_it_name_it() -> None:
    rows = [rival("a", "Ahoy"), rival("b", "Beam"), rival("c", "Clip", replaces=["Beam"])]
    assert reasons(rows)["expected"] == "others like Ahoy stand in for it, or compare themselves with it"
