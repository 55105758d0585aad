from __future__ import annotations

import json
from typing import Any

from queries.alternatives.duplicate_review import IDS, REASON, reviewed_duplicates, to_review
from queries.alternatives.duplicates import PERHAPS, duplicates, surely_same
from queries.alternatives.review_file import Review
from queries.text.capability_similarity import capability_pairs
from tests.queries.tables import artifact, table

ADDRESS = "https://github.com/acme/tool"
ARTIFACTS = table(
    "artifacts",
    [
        artifact("tool", name="Tool", url=ADDRESS),
        artifact("acme/tool", name="acme-tool", url=ADDRESS),
        artifact("wrong", name="Bicycle", url=ADDRESS),
        artifact("utensil", name="Utensil"),
    ],
)


def found(review: Review) -> Any:
    own = table("capabilities", [])
    return reviewed_duplicates(duplicates(ARTIFACTS, own, capability_pairs(own)), ARTIFACTS, review)


def test_people_part_and_join_and_without_their_lines_all_is_as_before() -> None:
    assert surely_same(found({})) == [("acme/tool", "tool")]
    review = {("acme/tool", "tool"): False, ("tool", "utensil"): True, ("nobody", "tool"): True}
    table = found(review)
    assert surely_same(table) == [("tool", "utensil")]
    rows = {(row["artifact_id"], row["other_id"]): row for row in table.to_pylist()}
    assert ("acme/tool", "tool") not in rows
    assert json.loads(rows["utensil", "tool"]["reasons"]) == [{"kind": "same", "text": REASON, "weight": 1.0}]
    assert list(rows) == sorted(rows)
    assert found({}).equals(found({("nobody", "else"): False}))


def test_the_least_sure_pairs_are_to_be_looked_at_first() -> None:
    rows = to_review(ARTIFACTS, found({}), {}, 10)
    assert [(row["artifact_a"], row["artifact_b"], row["score"]) for row in rows] == [
        ("acme/tool", "wrong", PERHAPS),
        ("tool", "wrong", PERHAPS),
        ("acme/tool", "tool", 1.0),
    ]
    assert tuple(rows[0])[:3] == (*IDS, "verdict")
    assert (rows[1]["name_a"], rows[1]["name_b"], rows[1]["url_b"]) == ("Tool", "Bicycle", ADDRESS)
    assert len(to_review(ARTIFACTS, found({}), {("tool", "wrong"): False}, 10)) == 2
    assert len(to_review(ARTIFACTS, found({}), {}, 1)) == 1
