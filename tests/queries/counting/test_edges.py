"""Edges put together from their parts."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from graph.snapshot_schemas import EDGES
from queries.counting.edges import edge_table, observed_edges, pair_counts
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import ledger


def integers(**columns: list[int | None]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()})


SHOWN = integers(
    intent_key=[1, 1, 2], object_key=[7, 7, 8], position=[1, 2, 1], impressions=[10, 5, 3], clicks=[2, 0, 0],
    first_us=[100, 50, None], last_us=[110, 60, None],
)  # fmt: skip
COUNTED = integers(
    intent_key=[1, 3], object_key=[7, 9], times_matched=[2, 1], clients=[1, 1], clicks=[4, 1],
    agent_times_matched=[1, 0], agent_clients=[1, 0],
    first_us=[90, 80], last_us=[200, 80],
)  # fmt: skip
OUTCOMES = integers(intent_key=[1], object_key=[7], successes=[2], failures=[1])


def test_counts_of_a_pair_come_together(engine_over: EngineMaker) -> None:
    with engine_over(ledger()) as engine:
        parts = [engine.register(f"part{i}", part) for i, part in enumerate((SHOWN, COUNTED, OUTCOMES))]
        rows = engine.arrow(pair_counts(*parts)).to_pylist()
    names = ("impressions", "clicks", "times_matched", "clients", "agent_times_matched", "agent_clients")
    names += ("successes", "failures", "first_us", "last_us")
    assert {(row["intent_key"], row["object_key"]): tuple(row[name] for name in names) for row in rows} == {
        (1, 7): (15, 4, 2, 1, 1, 1, 2, 1, 50, 200),
        (2, 8): (3, 0, 0, 0, 0, 0, 0, 0, None, None),
        (3, 9): (0, 1, 1, 1, 0, 0, 0, 0, 80, 80),
    }


def test_only_what_was_shown_has_a_strength(engine_over: EngineMaker) -> None:
    pairs = integers(intent_key=[1, 3], object_key=[7, 9])
    rates = integers(intent_key=[1], object_key=[7])
    for name in ("strength", "strength_low", "strength_high"):
        rates = rates.append_column(name, pa.array([0.5]))
    worked = integers(intent_key=[3], object_key=[9], successes=[1], failures=[0])
    worked = worked.append_column("success_rate", pa.array([0.6]))
    with engine_over(ledger()) as engine:
        frames = (engine.register(name, table) for name, table in zip("abc", (pairs, rates, worked), strict=True))
        rows = engine.arrow(observed_edges(*frames)).to_pylist()
    assert {row["object_key"]: row["strength"] for row in rows} == {7: 0.5, 9: None}
    assert {row["kind"] for row in rows} == {"observed"}
    assert {row["confidence"] for row in rows} == {None}


def edges(*keys: tuple[int, str, str | None, str]) -> pa.Table:
    rows: list[dict[str, Any]] = [
        {"intent_key": intent, "artifact_id": artifact, "capability_id": capability, "kind": kind}
        for intent, artifact, capability, kind in keys
    ]
    names = [name for name in EDGES.names if name not in ("intent_id", "first_seen", "last_seen")]
    schema = pa.schema([EDGES.field(name) for name in names] + [("first_us", pa.int64()), ("last_us", pa.int64())])
    return pa.Table.from_pylist(rows, schema)


def test_the_table_is_in_order_and_has_printed_ids() -> None:
    observed = edges((2, "b", None, "observed"), (1, "b", "b/x", "observed"), (1, "a", None, "observed"))
    table = edge_table([observed, edges((1, "b", "b/x", "inferred"))])
    assert table.schema.equals(EDGES)
    assert [(row["intent_id"], row["artifact_id"], row["kind"]) for row in table.to_pylist()] == [
        ("int_0000000000000001", "a", "observed"),
        ("int_0000000000000001", "b", "inferred"),
        ("int_0000000000000001", "b", "observed"),
        ("int_0000000000000002", "b", "observed"),
    ]


def test_no_edges() -> None:
    assert edge_table([edges()]).equals(EDGES.empty_table())
