"""Totals of an artifact: what adds up over its objects and needs, and what is counted anew."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from queries.counting.artifact_evidence import artifact_counts, artifact_exposures, simulated_targets
from queries.counting.edges import MATCHED
from queries.counting.exposures import ASKED
from queries.evidence.success_tables import OUTCOMES
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import ledger

PAIRS = [  # target, intent, impressions, clicks, times matched, first, last
    (1, 7, 10, 2, 2, 5, 9), (1, 7, 5, 1, 1, 3, 8),  # the artifact and a capability of it, for one need
    (1, 8, 4, 0, 0, 6, 7),  # shown for another need, and not chosen
    (2, 7, 3, 0, 0, 1, 2),
]  # fmt: skip


def table(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])


def test_impressions_and_clicks_add_up_and_needs_are_distinct(engine_over: EngineMaker) -> None:
    names = ("target", "intent_key", "impressions", "clicks", "times_matched", "first_us", "last_us")
    pairs = table(names, PAIRS)
    pairs = pairs.append_column("artifact_id", pa.array(["a", "a", "a", "b"]))
    matched = table(("target", *MATCHED), [(1, 3, 2, 0, 0)])
    worked = table(("target", *OUTCOMES), [(1, 1, 2, *(0.5 for _ in OUTCOMES[2:]))])
    with engine_over(ledger()) as engine:
        frames = (engine.register(f"t{n}", each) for n, each in enumerate((pairs, matched, worked)))
        found = engine.arrow(artifact_counts(*frames)).sort_by("artifact_id").to_pylist()
    counted = ("impressions", "clicks", "times_matched", "clients", "intents", "successes", "failures")
    assert [[row[name] for name in counted] for row in found] == [[19, 3, 3, 2, 1, 1, 2], [3, 0, 0, 0, 0, 0, 0]]
    assert [(row["first_us"], row["last_us"]) for row in found] == [(3, 9), (1, 2)]
    assert found[1][OUTCOMES[2]] is None


def test_exposures_of_capabilities_are_those_of_their_artifact_place_by_place(engine_over: EngineMaker) -> None:
    names = ("object_key", "position", "period", *ASKED)
    shown = table(
        names, [(10, 1, 0, *(1 for _ in ASKED)), (11, 1, 0, *(2 for _ in ASKED)), (11, 2, 0, *(4 for _ in ASKED))]
    )
    owners = table(("object_key", "target"), [(10, 1), (11, 1)])
    with engine_over(ledger()) as engine:
        made = artifact_exposures(engine.register("shown", shown), engine.register("owners", owners))
        found = engine.arrow(made).sort_by("position").to_pylist()
    assert [(row["target"], row["position"], row[ASKED[0]]) for row in found] == [(1, 1, 3), (1, 2, 4)]


def test_one_choice_in_a_simulated_search_marks_an_artifact(engine_over: EngineMaker) -> None:
    chosen = table(("target", "simulated"), [(1, False), (1, True), (1, True), (2, False)])
    with engine_over(ledger()) as engine:
        found = engine.arrow(simulated_targets(engine.register("chosen", chosen))).to_pylist()
    assert found == [{"target": 1, "simulated": True}]
