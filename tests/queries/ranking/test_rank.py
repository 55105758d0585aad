from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.render.numbers import add_up
from queries.ranking.parts.value import PartValue, known, not_known
from queries.ranking.rank import combine, listed_names, rank_all
from queries.ranking.rank_weights import PARTS, load_weights
from tests.queries.rivals import ARTIFACTS, CAPABILITIES, EDGES, rivals
from tests.queries.tables import DAY_US, NOW_US, Row, artifact, edge, evidence_of, table

EQUAL = dict.fromkeys(PARTS, 0.2)


def all_parts(value: float, low: float, high: float) -> dict[str, PartValue]:
    return dict.fromkeys(PARTS, known(value, low, high))


def test_five_equal_parts_by_hand() -> None:
    rank = combine(all_parts(0.5, 0.3, 0.7), EQUAL)
    assert (rank.rank, rank.completeness) == (50.0, 1.0)
    assert set(rank.contributions.values()) == {10.0}


def test_a_missing_part_is_left_out() -> None:
    parts = {**all_parts(0.5, 0.5, 0.5), "match_graph": not_known("no match")}
    rank = combine(parts, EQUAL)
    assert (rank.rank, rank.completeness) == (50.0, 0.8)
    assert rank.weights["match_graph"] == 0
    assert rank.weights["adoption"] == 0.25
    assert rank.contributions["match_graph"] == 0


def test_nothing_known_is_no_rank() -> None:
    rank = combine(dict.fromkeys(PARTS, not_known("nothing")), EQUAL)
    assert (rank.rank, rank.completeness) == (None, 0.0)


unit = st.floats(0, 1)
parts = st.one_of(
    st.just(not_known("unknown")),
    st.lists(unit, min_size=3, max_size=3).map(
        lambda three: known(*sorted(three, key=lambda x: abs(x - sorted(three)[1])))
    ),
)
weightings = st.lists(st.integers(1, 100), min_size=5, max_size=5)


@given(st.lists(parts, min_size=5, max_size=5), weightings)
def test_contributions_add_up_to_the_rank_also_after_rounding(values: list[PartValue], numbers: list[int]) -> None:
    weights = {name: number / sum(numbers) for name, number in zip(PARTS, numbers, strict=True)}
    rank = combine(dict(zip(PARTS, values, strict=True)), weights)
    if rank.rank is None:
        assert all(value.value is None for value in values)
        return
    assert sum(rank.contributions.values()) == pytest.approx(rank.rank, abs=1e-9)
    assert 0 <= rank.rank <= 100
    assert sum(rank.weights.values()) == pytest.approx(1, abs=1e-5)
    assert all(contribution == round(contribution, 2) for contribution in rank.contributions.values())
    # What a page prints, with one decimal, adds up as well.
    printed, total = add_up(list(rank.contributions.values()))
    assert sum(map(Decimal, printed)) == Decimal(total) == Decimal(f"{rank.rank:.1f}")


def test_five_full_parts_are_exactly_one_hundred() -> None:
    weights = {"adoption": 0.125, "quality": 0.135, "ecosystem": 0.145, "match_graph": 0.295, "freshness": 0.3}
    rank = combine(all_parts(1, 1, 1), {name: share / sum(weights.values()) for name, share in weights.items()})
    assert rank.rank == 100.0
    assert round(sum(rank.contributions.values()), 9) == 100.0


def ranked(artifacts: list[Row], capabilities: list[Row] | None = None, edges: list[Row] | None = None) -> Any:
    tables = (table("artifacts", artifacts), table("capabilities", capabilities or []))
    evidence = table("evidence", evidence_of(edges or []))
    return rank_all(*tables, evidence, table("concepts", []), NOW_US)


def test_no_artifacts_no_ranks() -> None:
    ranks, rank_parts = ranked([])
    assert (ranks.num_rows, rank_parts.num_rows) == (0, 0)


def test_an_artifact_of_which_nothing_is_known_has_no_rank_and_no_place() -> None:
    ranks, rank_parts = ranked([artifact("a")])
    (row,) = ranks.to_pylist()
    assert (row["rank"], row["low"], row["high"], row["completeness"], row["place"]) == (None, None, None, 0.0, None)
    assert [part["value"] for part in rank_parts.to_pylist()] == [None] * 5


def test_equal_ranks_share_a_place_and_the_next_is_left_out() -> None:
    ranks, _ = ranked(
        [artifact("a", stars=10), artifact("b", stars=10), artifact("c", stars=5), artifact("d", stars=20)]
    )
    assert dict(zip(ranks["artifact_id"].to_pylist(), ranks["place"].to_pylist(), strict=True)) == {
        "a": 2, "b": 2, "c": 4, "d": 1,
    }  # fmt: skip


def test_names_of_one_thing_take_one_place_and_keep_their_ranks() -> None:
    rows = [
        full("a", 10),
        full("b", 200),
        artifact("b2", stars=90_000),
        full("c", 5),
        artifact("x", type="mcp", stars=3),
    ]
    apart = {row["artifact_id"]: row for row in ranked(rows)[0].to_pylist()}
    tables = (table("artifacts", rows), table("capabilities", []), table("evidence", []), table("concepts", []))
    names = table("one_thing", [{"artifact_id": name, "listed_as": "b"} for name in ("b", "b2")])
    joined = {row["artifact_id"]: row for row in rank_all(*tables, NOW_US, one_thing=names)[0].to_pylist()}
    assert [apart[each]["place"] for each in ("b", "a", "c", "b2", "x")] == [1, 2, 3, 4, 5]
    assert [joined[each]["place"] for each in ("b", "a", "c", "b2", "x")] == [1, 2, 3, 1, 4]
    assert [joined[each]["type_place"] for each in ("b", "a", "c", "b2", "x")] == [1, 2, 3, 1, 1]
    assert max(row["place_high"] for row in joined.values()) <= 4
    for name in ("rank", "low", "high", "completeness"):
        assert [row[name] for row in joined.values()] == [row[name] for row in apart.values()]


def test_what_others_did_is_that_of_the_thing_under_each_of_its_names() -> None:
    """Ten clients chose the one name, twenty the other, five of them both: twenty-five chose the thing."""
    rows = [full("a", 10), artifact("a2"), full("c", 5)]
    chosen = [*evidence_of([edge("cut", "a", 10)]), *evidence_of([edge("cut", "a2", 20)])]
    of_thing = evidence_of([edge("cut", "a", 25)])[0]
    names = table("one_thing", [{**of_thing, "artifact_id": name, "listed_as": "a"} for name in ("a", "a2")])
    tables = (table("artifacts", rows), table("capabilities", []), table("evidence", chosen), table("concepts", []))
    parts = {
        (row["artifact_id"], row["part"]): row for row in rank_all(*tables, NOW_US, one_thing=names)[1].to_pylist()
    }
    for name in ("a", "a2"):
        inputs = json.loads(parts[name, "match_graph"]["inputs"])
        assert (inputs["clients"], inputs["names"]) == (25, ["a", "a2"])
    assert parts["a", "match_graph"]["value"] == parts["a2", "match_graph"]["value"]
    assert (parts["a", "adoption"]["value"] is None, parts["a2", "adoption"]["value"] is None) == (False, True)
    assert "names" not in json.loads(parts["c", "ecosystem"]["inputs"])


def test_a_thing_is_listed_under_the_name_of_which_most_is_known() -> None:
    rows = [artifact("a"), full("b", 10), artifact("c"), full("d", 10)]
    tables = table("artifacts", rows), table("capabilities", []), table("evidence", evidence_of([edge("cut", "d", 3)]))
    assert listed_names([("a", "b"), ("b", "c")], *tables, NOW_US) == {"a": "b", "b": "b", "c": "b"}
    assert listed_names([("b", "d")], *tables, NOW_US) == {"b": "d", "d": "d"}  # the same is stated, and it was chosen
    assert listed_names([], *tables, NOW_US) == {}


def full(artifact_id: str, stars: int) -> Row:
    """An artifact of which adoption, quality and freshness are known: 60 % of the weight."""
    return artifact(artifact_id, stars=stars, description="Cuts out people.", updated_at=NOW_US - 300 * DAY_US)


def test_what_is_little_known_is_never_first() -> None:
    """A perfect date alone, 15 % of the weight, is a rank of 100 and comes last."""
    ranks, _ = ranked([full("a", 10), full("b", 200), artifact("new", updated_at=NOW_US)])
    found = {row["artifact_id"]: row for row in ranks.to_pylist()}
    assert found["new"]["rank"] == 100.0
    assert [found[each]["place"] for each in ("b", "a", "new")] == [1, 2, 3]
    assert (found["new"]["place_low"], found["new"]["place_high"]) == (1, 3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6) | st.none(), st.integers(0, 2000) | st.none()), min_size=1, max_size=8))
def test_intervals_hold_ranks_and_ranges_hold_places(rows: list[tuple[int | None, int | None]]) -> None:
    dates = [None if age is None else NOW_US - age * DAY_US for _, age in rows]
    ranks, _ = ranked(
        [
            artifact(f"a{i}", stars=stars, updated_at=date)
            for i, ((stars, _), date) in enumerate(zip(rows, dates, strict=True))
        ]
    )
    for row in ranks.to_pylist():
        if row["rank"] is None:
            assert row["low"] is row["high"] is row["place_low"] is row["type_place_high"] is None
            continue
        assert 0 <= row["low"] <= row["rank"] <= row["high"] <= 100
        assert 1 <= row["place_low"] <= row["place"] <= row["place_high"] <= len(rows)
        assert row["type_place"] == row["place"]  # All are models.


def test_places_in_a_type_count_only_that_type() -> None:
    rows = [full("m1", 500), full("m2", 50), {**full("d1", 5_000), "type": "cli"}, {**full("d2", 5), "type": "cli"}]
    found = {row["artifact_id"]: row for row in ranked(rows)[0].to_pylist()}
    assert {each: found[each]["type_place"] for each in found} == {"m1": 1, "m2": 2, "d1": 1, "d2": 2}
    assert found["d2"]["place"] == 4


def test_a_part_that_nobody_knows_does_not_blur_the_places() -> None:
    """Three stars' figures far apart, all else unknown or equal: the places are certain."""
    ranks, _ = ranked([artifact(f"a{i}", stars=stars) for i, stars in enumerate((1, 1_000, 90_000))])
    rows = ranks.to_pylist()
    assert [(row["place_low"], row["place_high"]) for row in rows] == [(3, 3), (2, 2), (1, 1)]
    assert all(row["high"] - row["low"] > 30 for row in rows)


def test_when_everything_is_tied_all_share_the_first_place() -> None:
    ranks, _ = ranked([full(f"a{i}", 70) for i in range(6)])
    assert set(ranks["place"].to_pylist()) == {1}
    assert set(ranks["place_low"].to_pylist()) == {1}
    assert set(ranks["place_high"].to_pylist()) == {6}


def test_without_matches_the_match_part_is_absent_not_a_constant() -> None:
    _, rank_parts = ranked(ARTIFACTS, CAPABILITIES, EDGES)
    values = {row["artifact_id"]: row["value"] for row in rank_parts.to_pylist() if row["part"] == "match_graph"}
    assert values["brushy"] is None
    assert values["roadseg"] > values["cityseg"] > 0


def test_inputs_hold_the_numbers_that_went_in() -> None:
    _, rank_parts = ranked(ARTIFACTS, CAPABILITIES, EDGES)
    inputs = {
        row["part"]: json.loads(row["inputs"]) for row in rank_parts.to_pylist() if row["artifact_id"] == "roadseg"
    }
    assert inputs["adoption"]["figures"] == {"stars": 5_000, "downloads": 200_000}
    assert inputs["match_graph"]["times_matched"] == 30
    assert inputs["freshness"]["age_days"] == 30.0
    assert inputs["ecosystem"]["counts"]["named_by"] == 0


def test_who_is_named_by_others_gains_in_ecosystem() -> None:
    snapshot = rivals()
    values = {
        row["artifact_id"]: row["value"]
        for row in snapshot.table("rank_parts").to_pylist()
        if row["part"] == "ecosystem"
    }
    assert values["cityseg"] > values["roadseg"] > 0
    assert values["mystery"] == 0


def test_the_method_and_its_version_are_stored() -> None:
    ranks, _ = ranked([artifact("a", stars=1)])
    assert ranks["method"].to_pylist() == [load_weights().method]


@settings(max_examples=20, deadline=None)
@given(st.permutations(ARTIFACTS), st.permutations(CAPABILITIES), st.permutations(EDGES))
def test_the_order_of_rows_does_not_matter(artifacts: list[Row], capabilities: list[Row], edges: list[Row]) -> None:
    for one, other in zip(ranked(artifacts, capabilities, edges), ranked(ARTIFACTS, CAPABILITIES, EDGES), strict=True):
        assert one.equals(other)
