"""What is promised comes true: the improvement is made, the rank computed anew, the difference is the one named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from queries.answers.explain import explain
from queries.answers.improvements import improvements
from queries.ranking.rank import rank_all
from queries.ranking.rank_weights import load_weights
from tests.queries.rivals import ARTIFACTS, CAPABILITIES, EDGES, rivals
from tests.queries.tables import NOW_US, Row, artifact, snapshot, table


def improvements_of(name: str) -> dict[str, Row]:
    found = explain(rivals(), name)["improvements"]
    return {f"{each['part']}: {each['text']}": each for each in found}


def rank_with(name: str, **changes: Any) -> float:
    rows = [{**row, **changes} if row["artifact_id"] == name else row for row in ARTIFACTS]
    return float(explain(snapshot(rows, CAPABILITIES, EDGES), name)["rank"]["value"])


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("quality: if it met the rule “states its licence”", {"license": "MIT"}),
        ("quality: if it met the rule “names who makes it”", {"vendor": "Somebody"}),
        ("freshness: if it were stated when it last changed", {"updated_at": NOW_US}),
        ("adoption: if its stars, downloads or likes were stated", {"stars": 10**9}),
    ],
)
def test_doing_it_raises_the_rank_by_what_was_said(text: str, changes: Row) -> None:
    named = improvements_of("paintbox")[text]
    before = rank_with("paintbox")
    # A date is also a rule of quality: what comes with it is more than the part alone.
    gained = rank_with("paintbox", **changes) - before
    extra = improvements_of("paintbox")["quality: if it met the rule “states when it was made or changed”"][
        "points_at_most"
    ]
    assert gained == pytest.approx(named["points_at_most"], abs=0.02 if "updated_at" not in changes else extra + 0.5)
    assert gained > 0


def test_a_part_that_is_missing_may_also_turn_out_badly() -> None:
    found = improvements_of("paintbox")
    assert found["freshness: if it were stated when it last changed"]["points_at_worst"] < 0
    assert found["quality: if it met the rule “states its licence”"]["points_at_worst"] == 0


def test_what_is_met_already_is_not_named_and_the_most_points_come_first() -> None:
    found = improvements_of("roadseg")
    assert "quality: if it met the rule “states its licence”" not in found
    points = [each["points_at_most"] for each in found.values()]
    assert points == sorted(points, reverse=True)
    assert min(points) > 0


def test_of_own_weights_the_points_are_those_of_these_weights(tmp_path: Path) -> None:
    """Of b only freshness is missing beside the match graph: its weight of .5 joins the .5 of the rest, which are 0."""
    own = tmp_path / "own.toml"
    parts = {"adoption": 0.5, "quality": 0.0, "ecosystem": 0.0, "match_graph": 0.0, "freshness": 0.5}
    numbers = ", ".join(f"{name} = {weight}" for name, weight in parts.items())
    own.write_text(f"[default]\nweights = {{ {numbers} }}\n", "utf-8")
    tables = [table(name, rows) for name, rows in (("artifacts", [artifact("b", stars=0)]), ("capabilities", []))]
    ranks, rows = rank_all(*tables, table("evidence", []), table("concepts", []), NOW_US, load_weights(own))
    assert ranks["rank"].to_pylist() == [0.0]
    parts_of = {row["part"]: row for row in rows.to_pylist()}
    found = improvements(
        {name: row["value"] for name, row in parts_of.items()},
        {name: json.loads(row["inputs"]) for name, row in parts_of.items()},
    )
    assert {each.part: each.points_at_most for each in found} == {"adoption": 100.0, "freshness": 50.0}


def test_an_artifact_without_a_rank_has_nothing_to_raise() -> None:
    alone = snapshot([{"artifact_id": "alone", "name": "Alone", "type": "model"}])
    assert explain(alone, "alone")["rank"]["value"] is None
    assert explain(alone, "alone")["improvements"] == []
