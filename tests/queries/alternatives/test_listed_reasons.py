"""Reasons as they are stored: each sign's share in the score, the weightiest first."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from queries.alternatives.duplicates import duplicates
from queries.alternatives.joined_score import WEIGHTS
from queries.alternatives.listed_reasons import encoded, rounded
from queries.alternatives.related import related_all
from queries.text.capability_similarity import capability_pairs
from tests.queries.rivals import ARTIFACTS, CAPABILITIES, EDGES
from tests.queries.tables import Row, artifact, evidence_of, table


def listed(artifacts: list[Row], capabilities: list[Row], edges: list[Row]) -> dict[tuple[str, str], list[Row]]:
    described, things = table("capabilities", capabilities), table("artifacts", artifacts)
    pairs = capability_pairs(described)
    found = related_all(
        things, described, pairs, table("edges", edges), table("evidence", evidence_of(edges)),
        duplicates=duplicates(things, described, pairs),
    )  # fmt: skip
    return {(row["artifact_id"], row["other_id"]): json.loads(row["reasons"]) for row in found.to_pylist()}


def test_weights_are_shares_of_what_each_sign_adds_the_weightiest_first() -> None:
    several = [reasons for reasons in listed(ARTIFACTS, CAPABILITIES, EDGES).values() if len(reasons) > 1]
    assert several
    for reasons in several:
        parts = [WEIGHTS[each["kind"]] * each["value"] for each in reasons]
        assert [each["weight"] for each in reasons] == pytest.approx([part / sum(parts) for part in parts], abs=1e-4)
        assert parts == sorted(parts, reverse=True)


def test_variants_say_last_that_they_are_some_without_weight() -> None:
    rows = [
        artifact(f"acme/flan-{size}", name=f"acme/flan-{size}", description="answers questions")
        for size in ("small", "xl")
    ]
    reasons = listed(rows, [], [])["acme/flan-small", "acme/flan-xl"]
    assert [(each["kind"], each["weight"]) for each in reasons] == [("text", 1.0), ("variant", 0.0)]


@given(st.lists(st.one_of(st.floats(0, 1), st.integers(0, 10**7).map(lambda n: n / 10**7)), max_size=20))
@example([0.00005, 0.00015, 0.125, 0.99995, 1.0])
def test_many_numbers_are_rounded_as_each_by_python(values: list[float]) -> None:
    for decimals in (4, 6, 9):
        assert rounded(np.array(values), decimals).tolist() == [round(value, decimals) for value in values]


def test_texts_with_line_ends_and_signs_are_encoded_each_by_itself() -> None:
    lists = [[{"text": 'a\n"é"'}], [], [{"text": "必"}, {"text": "b"}]]
    assert [json.loads(each) for each in encoded(lists).to_pylist()] == lists
