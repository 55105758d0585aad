"""Snapshot tables from a few rows, and a snapshot in memory over them.

`MemorySnapshot` gives what `queries.answers.shapes.SnapshotTables` asks for; its derived tables are computed by the
real functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from graph.keys import stable_key
from graph.snapshot_schemas import SNAPSHOT_TABLES
from graph.text import normalise_query
from queries.alternatives.concepts import concepts
from queries.alternatives.duplicates import duplicates, surely_same
from queries.alternatives.related import related_all
from queries.evidence.intervals import beta_interval
from queries.ranking.rank import listed_names, rank_all
from queries.text.capability_similarity import capability_pairs

Row = dict[str, Any]

NOW_US = 1_793_491_200_000_000
"""2026-11-01T00:00:00Z"""
DAY_US = 86_400_000_000


def table(name: str, rows: list[Row]) -> pa.Table:
    """Return the rows as a table of the snapshot; columns left out are null, unknown ones an error."""
    schema = SNAPSHOT_TABLES[name]
    unknown = {key for row in rows for key in row} - set(schema.names)
    assert not unknown, unknown
    return pa.Table.from_pylist([{column: row.get(column) for column in schema.names} for row in rows], schema=schema)


def artifact(artifact_id: str, **more: Any) -> Row:
    """One artifact, by default a model named like its id."""
    return {"artifact_id": artifact_id, "name": artifact_id, "type": "model", "revisions": 1, **more}


def capability(artifact_id: str, name: str, **more: Any) -> Row:
    """One capability with the id "artifact/name"."""
    row = {"capability_id": f"{artifact_id}/{name.replace(' ', '-')}", "artifact_id": artifact_id, "name": name}
    return {**row, "revisions": 1, **more}


def edge(text: str, artifact_id: str, clients: int = 1, **more: Any) -> Row:
    """One observed edge, chosen once by each of some clients; `text` is the need."""
    counts = {"times_matched": clients, "clients": clients, "clicks": clients, "impressions": 2 * clients}
    row = {"intent_id": intent_id(text), "intent_key": intent_key(text), "artifact_id": artifact_id}
    outcomes = {"successes": 0, "failures": 0, "strength": 0.25, "strength_low": 0.2, "strength_high": 0.3}
    seen = {"first_seen": NOW_US - 10 * DAY_US, "last_seen": NOW_US - DAY_US}
    return {**row, "kind": "observed", "catalogued": True, **counts, **outcomes, **seen, **more}


def intent_key(text: str) -> int:
    return stable_key("intent", normalise_query(text))


def intent_id(text: str) -> str:
    return f"int_{intent_key(text):016x}"


def intent_rows(texts: list[str]) -> tuple[list[Row], list[Row]]:
    """Return the rows of the tables `intents` and `text_intents` for some needs of one text each."""
    intents = [
        {"intent_id": intent_id(text), "intent_key": intent_key(text), "label": text, "texts": 1, "searches": 3}
        | {"clients": 2, "first_seen": NOW_US - 10 * DAY_US, "last_seen": NOW_US - DAY_US}
        for text in texts
    ]
    of_text = [
        {"text_key": stable_key(text), "text": normalise_query(text), "intent_key": intent_key(text)} for text in texts
    ]
    return intents, of_text


def evidence_of(edges: list[Row], simulated: bool = False) -> list[Row]:
    """Return the `EVIDENCE` rows of edges whose clients are all different."""
    found: dict[str, Row] = {}
    summed = ("times_matched", "clients", "impressions", "clicks", "successes", "failures")
    for row in edges:
        total = found.setdefault(row["artifact_id"], {"artifact_id": row["artifact_id"], "intents": 0})
        total["intents"] += 1
        total.update({name: total.get(name, 0) + row[name] for name in summed})
        total.update({name: row[name] for name in ("strength", "strength_low", "strength_high")})
        total.update(success_of(total["successes"], total["failures"]))
        total.update(first_seen=row["first_seen"], last_seen=row["last_seen"], simulated=simulated)
    return list(found.values())


def one_thing_of(listed: Mapping[str, str], edges: list[Row], simulated: bool = False) -> list[Row]:
    """Return the `ONE_THING` rows of names, given the one under which each is listed, as `evidence_of` counts."""
    of_heads = [{**row, "artifact_id": listed[row["artifact_id"]]} for row in edges if row["artifact_id"] in listed]
    found = {row["artifact_id"]: row for row in evidence_of(of_heads, simulated)}
    return [{**found.get(head, {}), "artifact_id": name, "listed_as": head} for name, head in sorted(listed.items())]


def success_of(successes: int, failures: int) -> Row:
    """Return the success rate of so many outcomes."""
    judged = successes + failures
    if not judged:
        return {}
    rate, low, high = beta_interval([successes], [judged])
    ends = {"success_low": float(low[0]), "success_high": float(high[0])}
    return {"success_rate": float(rate[0]), **ends, "success_n": float(judged)}


@dataclass
class Manifest:
    parameters: Mapping[str, Any] = field(default_factory=dict)


class MemorySnapshot:
    """A snapshot of tables in memory."""

    def __init__(self, tables: Mapping[str, pa.Table], parameters: Mapping[str, Any] | None = None) -> None:
        self.id = "20261101-000000000000"
        self.now_us = NOW_US
        self.manifest = Manifest(parameters or {})
        self._tables = {name: tables.get(name, schema.empty_table()) for name, schema in SNAPSHOT_TABLES.items()}

    def table(self, name: str) -> pa.Table:
        return self._tables[name]

    def rows(self, name: str, **equals: str | int) -> list[Row]:
        rows: list[Row] = self._tables[name].to_pylist()
        return [row for row in rows if all(row[column] == value for column, value in equals.items())]


def snapshot(
    artifacts: list[Row],
    capabilities: list[Row] | None = None,
    edges: list[Row] | None = None,
    *,
    texts: list[str] | None = None,
    simulated: list[str] | None = None,
) -> MemorySnapshot:
    """Return a snapshot of the rows, with everything derived from them; `texts` are the needs of the edges."""
    intents, text_intents = intent_rows(texts or [])
    tables = {
        "artifacts": table("artifacts", artifacts),
        "capabilities": table("capabilities", capabilities or []),
        "edges": table("edges", edges or []),
        "evidence": table("evidence", evidence_of(edges or [], bool(simulated))),
        "intents": table("intents", intents),
        "text_intents": table("text_intents", text_intents),
    }
    tables["capability_pairs"] = capability_pairs(tables["capabilities"])
    tables["concepts"] = concepts(tables["capabilities"], tables["capability_pairs"])
    tables["duplicates"] = duplicates(*(tables[name] for name in ("artifacts", "capabilities", "capability_pairs")))
    described = [tables[name] for name in ("artifacts", "capabilities", "evidence")]
    listed = listed_names(surely_same(tables["duplicates"]), *described, NOW_US)
    tables["one_thing"] = table("one_thing", one_thing_of(listed, edges or [], bool(simulated)))
    tables["ranks"], tables["rank_parts"] = rank_all(
        *described, tables["concepts"], NOW_US, one_thing=tables["one_thing"]
    )
    tables["related"] = related_all(
        *(tables[name] for name in ("artifacts", "capabilities", "capability_pairs", "edges", "evidence")),
        duplicates=tables["duplicates"],
    )
    return MemorySnapshot(tables, {"simulated_applications": simulated or []})
