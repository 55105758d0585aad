from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.alternatives.joined_score import ADOPTION_SHARE, OTHER_KIND, WEIGHTS
from queries.alternatives.related import KEPT, related_all
from queries.counting.together import Together
from queries.text.capability_similarity import capability_pairs
from tests.queries.rivals import ARTIFACTS, CAPABILITIES, EDGES
from tests.queries.tables import Row, artifact, edge, evidence_of, table


def related(
    artifacts: list[Row], capabilities: list[Row] | None = None, edges: list[Row] | None = None, together: Any = None
) -> pa.Table:
    capability_table = table("capabilities", capabilities or [])
    return related_all(
        table("artifacts", artifacts),
        capability_table,
        capability_pairs(capability_table),
        table("edges", edges or []),
        table("evidence", evidence_of(edges or [])),
        together=together,
    )


def others(found: pa.Table, artifact_id: str, relation: str = "alternative") -> dict[str, float]:
    rows = [row for row in found.to_pylist() if (row["artifact_id"], row["relation"]) == (artifact_id, relation)]
    assert [row["place"] for row in rows] == list(range(1, len(rows) + 1))
    return {row["other_id"]: row["score"] for row in rows}


def test_rivals_are_alternatives_and_unlike_things_are_not() -> None:
    found = related(ARTIFACTS, CAPABILITIES, EDGES)
    assert next(iter(others(found, "roadseg"))) == "cityseg"
    assert next(iter(others(found, "paintbox"))) == "brushy"
    assert "paintbox" not in others(found, "roadseg")
    assert others(found, "mystery") == {}


def test_an_artifact_that_nobody_searched_for_has_alternatives_by_its_text() -> None:
    assert others(related(ARTIFACTS, CAPABILITIES), "brushy")["paintbox"] > 0.3


def test_text_alone_scores_its_weight() -> None:
    found = related([artifact(key, name=None, description="labels photos") for key in "ab"])
    assert others(found, "a") == {"b": pytest.approx(WEIGHTS["text"])}


def test_signs_join_as_a_noisy_or() -> None:
    rows = [artifact("a", name="RoadSeg", description="labels photos"), artifact("b", description="labels photos")]
    rows[1]["description"] += " unlike RoadSeg"
    found = related(rows)
    reasons = {each["kind"] for each in json.loads(found.to_pylist()[0]["reasons"])}
    assert reasons == {"text", "stated"}
    score = others(found, "a")["b"]
    assert WEIGHTS["text"] * 0.4 < score < 1 - (1 - WEIGHTS["text"]) * (1 - WEIGHTS["stated"])


def test_a_data_set_is_hardly_an_alternative_to_a_model() -> None:
    rows = [
        artifact(key, name=None, description="labels photos", type=type_)
        for key, type_ in (("a", "model"), ("b", "dataset"))
    ]
    assert others(related(rows), "a")["b"] == pytest.approx(OTHER_KIND * WEIGHTS["text"])


def test_equal_scores_go_by_matches_and_then_by_id() -> None:
    rows = [artifact(key, name=None, description="labels photos") for key in "abcd"]
    found = related(rows, edges=[edge("x", "c", 3)])
    assert list(others(found, "a")) == ["c", "b", "d"]


def test_reasons_are_one_line_each_with_weights_that_add_up() -> None:
    for row in related(ARTIFACTS, CAPABILITIES, EDGES).to_pylist():
        reasons = json.loads(row["reasons"])
        assert sum(each["weight"] for each in reasons) == pytest.approx(1, abs=1e-3)
        assert all(each["text"] and "\n" not in each["text"] for each in reasons)


def test_reasons_name_what_is_behind_them() -> None:
    found = related(ARTIFACTS, CAPABILITIES, EDGES).to_pylist()
    row = next(row for row in found if (row["artifact_id"], row["other_id"]) == ("roadseg", "cityseg"))
    texts = {each["kind"]: each["text"] for each in json.loads(row["reasons"])}
    assert texts["concept"] == "1 shared capability: semantic segmentation"
    assert texts["co_choice"] == "both chosen for 1 need that few people had"
    assert texts["stated"] == "RoadSeg compares the two: “Faster than CitySeg XL, less exact.”"
    assert "both tagged segmentation" in texts["text"]


def test_of_equals_the_one_that_more_use_comes_first() -> None:
    rows = [
        artifact(key, name=None, description="labels photos", stars=stars)
        for key, stars in zip("abc", (0, 5, 90_000), strict=True)
    ]
    found = others(related(rows), "a")
    assert list(found) == ["c", "b"]
    assert found["b"] > (1 - ADOPTION_SHARE) * found["c"]


def test_at_most_so_many_are_kept() -> None:
    found = related([artifact(f"{n:03}", description="labels photos") for n in range(KEPT + 5)])
    assert len(others(found, "000")) == KEPT


def test_nothing_in_nothing_out() -> None:
    assert related([]).num_rows == 0
    assert related([artifact("a")]).num_rows == 0


def test_without_sessions_there_are_no_complements() -> None:
    assert set(related(ARTIFACTS, CAPABILITIES, EDGES)["relation"].to_pylist()) == {"alternative"}


def test_complements_come_from_sessions() -> None:
    pair = {"left_id": "roadseg", "right_id": "paintbox", "sessions": 8, "clients": 8}
    sizes = {"roadseg": 8, "paintbox": 8, "mystery": 22}
    alone = [{"artifact_id": name, "sessions": size} for name, size in sizes.items()]
    counted = Together(pa.Table.from_pylist([pair]), pa.Table.from_pylist(alone), 30)
    found = related(ARTIFACTS, CAPABILITIES, EDGES, counted)
    assert list(others(found, "roadseg", "complement")) == ["paintbox"]


@settings(max_examples=15, deadline=None)
@given(st.permutations(ARTIFACTS), st.permutations(CAPABILITIES), st.permutations(EDGES))
def test_the_order_of_rows_does_not_matter(artifacts: list[Row], capabilities: list[Row], edges: list[Row]) -> None:
    assert related(artifacts, capabilities, edges).equals(related(ARTIFACTS, CAPABILITIES, EDGES))


def test_more_processes_give_the_same_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queries.alternatives.related.ROWS_AT_ONCE", 3)
    capabilities = table("capabilities", CAPABILITIES)
    tables = (
        table("artifacts", ARTIFACTS), capabilities, capability_pairs(capabilities),
        table("edges", EDGES), table("evidence", evidence_of(EDGES)),
    )  # fmt: skip
    one, two = (related_all(*tables, processes=processes) for processes in (1, 2))
    assert one.num_rows > 3
    assert one.equals(two)
