from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.parts.value import PartValue, known, not_known
from queries.rank import combine, rank_all
from queries.rank_weights import PARTS, load_weights
from tests.queries.rivals import ARTIFACTS, CAPABILITIES, EDGES, rivals
from tests.queries.tables import NOW_US, Row, artifact, evidence_of, table

EQUAL = dict.fromkeys(PARTS, 0.2)


def all_parts(value: float, low: float, high: float) -> dict[str, PartValue]:
    return dict.fromkeys(PARTS, known(value, low, high))


def test_five_equal_parts_by_hand() -> None:
    """Each half width is 20 points of a fifth: 4 points; five of them in the square: 4 sqrt(5)."""
    rank = combine(all_parts(0.5, 0.3, 0.7), EQUAL)
    assert (rank.rank, rank.completeness) == (50.0, 1.0)
    assert rank.low == pytest.approx(50 - 4 * 5**0.5, abs=0.005)
    assert rank.high == pytest.approx(50 + 4 * 5**0.5, abs=0.005)


def test_a_missing_part_is_left_out_and_widens_the_interval() -> None:
    """Four parts of value 1/2 without range: the fifth may be 0 (.8 x 50) or 1 (.8 x 50 + 20)."""
    parts = {**all_parts(0.5, 0.5, 0.5), "match_graph": not_known("no match")}
    rank = combine(parts, EQUAL)
    assert (rank.rank, rank.low, rank.high, rank.completeness) == (50.0, 40.0, 60.0, 0.8)
    assert rank.weights["match_graph"] == 0
    assert rank.weights["adoption"] == 0.25
    assert rank.contributions["match_graph"] == 0


def test_nothing_known_is_no_rank() -> None:
    rank = combine(dict.fromkeys(PARTS, not_known("nothing")), EQUAL)
    assert (rank.rank, rank.low, rank.high, rank.completeness) == (None, None, None, 0.0)


unit = st.floats(0, 1)
parts = st.one_of(
    st.just(not_known("unknown")),
    st.lists(unit, min_size=3, max_size=3).map(
        lambda three: known(*sorted(three, key=lambda x: abs(x - sorted(three)[1])))
    ),
)
weightings = st.lists(st.integers(1, 100), min_size=5, max_size=5)


@given(st.lists(parts, min_size=5, max_size=5), weightings)
def test_contributions_add_up_and_the_interval_holds_the_rank(values: list[PartValue], numbers: list[int]) -> None:
    weights = {name: number / sum(numbers) for name, number in zip(PARTS, numbers, strict=True)}
    rank = combine(dict(zip(PARTS, values, strict=True)), weights)
    if rank.rank is None:
        assert all(value.value is None for value in values)
        return
    assert sum(rank.contributions.values()) == pytest.approx(rank.rank, abs=1e-9)
    assert rank.low is not None
    assert rank.high is not None
    assert 0 <= rank.low <= rank.rank <= rank.high <= 100
    assert sum(rank.weights.values()) == pytest.approx(1, abs=1e-5)
    assert all(contribution == round(contribution, 2) for contribution in rank.contributions.values())


@given(st.lists(st.lists(unit, min_size=3, max_size=3).map(sorted), min_size=5, max_size=5), st.sampled_from(PARTS))
def test_not_knowing_a_part_never_narrows_the_interval(triples: list[list[float]], missing: str) -> None:
    values = {name: known(three[1], three[0], three[2]) for name, three in zip(PARTS, triples, strict=True)}
    full = combine(values, EQUAL)
    less = combine({**values, missing: not_known("left out")}, EQUAL)
    # Whatever the part was, the rank with it lies in the interval without it (up to rounding).
    assert less.low - 0.03 <= full.rank <= less.high + 0.03  # type: ignore[operator]


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
