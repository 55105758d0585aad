"""People and agents apart: each with its own strength."""

from typing import Any

import pyarrow as pa
import pytest

from queries.evidence.by_actor import evidence_by_actor
from queries.evidence.strength import strengths
from queries.evidence.success_tables import SUCCESS

TOTALS = pa.table(
    {
        "target": [1, 2, 3], "artifact_id": ["a", "b", "c"], "times_matched": [50, 60, 2], "clients": [40, 30, 2],
        "agent_times_matched": [10, 55, 0], "agent_clients": [5, 28, 0],
    }
)  # fmt: skip
SHOWN = ("target", "position", "period", "impressions", "clicks", "agent_impressions", "agent_clicks")
# Without agents, 1 is chosen far more often than 2; by agents, who read both places alike, far less often.
ROWS = [
    (1, 1, 200, 800, 270, 400, 30), (1, 2, 200, 800, 150, 400, 30),
    (2, 1, 200, 800, 220, 400, 180), (2, 2, 200, 800, 200, 400, 180),
]  # fmt: skip
WORKED = ("target", "successes", "failures", *SUCCESS)
PEOPLE = pa.Table.from_pylist([dict(zip(WORKED, (1, 9, 1, 0.85, 0.6, 0.95, 10.0), strict=True))])
AGENTS = pa.Table.from_pylist([dict(zip(WORKED, (1, 1, 4, 0.3, 0.1, 0.6, 5.0), strict=True))])


def shown_of(rows: list[tuple[int, ...]]) -> pa.Table:
    """All of it teaches."""
    shown = pa.Table.from_pylist([dict(zip(SHOWN, row, strict=True)) for row in rows])
    for name in ("impressions", "clicks"):
        for who in ("", "agent_"):
            shown = shown.append_column(f"{who}taught_{name}", shown[f"{who}{name}"])
    return shown


def found(
    rows: list[tuple[int, ...]], agents: pa.Table | None = AGENTS
) -> tuple[dict[tuple[str, str], dict[str, Any]], dict[str, str]]:
    shown = shown_of(rows)
    together = strengths(shown, ("target",))
    table, models = evidence_by_actor(TOTALS, shown, together, (PEOPLE, agents))
    return {(row["artifact_id"], row["actor"]): row for row in table.to_pylist()}, models


def test_each_actor_has_its_own_counts_and_strength():
    rows, models = found(ROWS)
    assert models == {"human": "pbm", "agent": "pbm"}
    assert (rows["a", "human"]["times_matched"], rows["a", "agent"]["times_matched"]) == (40, 10)
    assert (rows["b", "human"]["clients"], rows["b", "agent"]["clients"]) == (2, 28)
    assert rows["a", "human"]["strength_low"] > rows["b", "human"]["strength_high"]
    assert rows["a", "agent"]["strength_high"] < rows["b", "agent"]["strength_low"]
    assert ("c", "agent") not in rows  # no agent ever met it
    assert rows["c", "human"]["strength"] is None  # chosen, but never shown


def test_each_actor_has_its_own_success_rate():
    rows, _ = found(ROWS)
    of_a = {actor: tuple(rows["a", actor][name] for name in WORKED[1:]) for actor in ("human", "agent")}
    assert of_a == {"human": (9, 1, 0.85, 0.6, 0.95, 10.0), "agent": (1, 4, 0.3, 0.1, 0.6, 5.0)}
    assert (rows["b", "agent"]["successes"], rows["b", "agent"]["success_rate"]) == (0, None)


def test_without_agents_people_have_the_strengths_of_all():
    silent = [(*row[:5], 0, 0) for row in ROWS]
    rows, models = found(silent, None)
    assert models == {"human": "pbm", "agent": "none"}
    shown = shown_of(silent)
    expected = {row["target"]: row for row in strengths(shown, ("target",)).rates.to_pylist()}
    assert rows["a", "human"]["strength"] == pytest.approx(expected[1]["strength"])
