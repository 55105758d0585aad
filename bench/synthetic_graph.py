"""A snapshot of any size with the shape of a real one: power laws on both sides of the matches. From a seed.

At scale 1: 100,000 artifacts, 1,000,000 capabilities, 200,000 intents, 5,000,000 edges from intents to capabilities,
and 1,000 artifacts that were chosen and no catalogue describes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.home import Home
from graph.snapshot import Snapshot, publish
from graph.snapshot_schemas import SNAPSHOT_TABLES

NOW_US = 1_790_000_000_000_000
DAY_US = 86_400_000_000
CAPABILITIES_EACH = 10


def synthetic_snapshot(home: Home, scale: float, seed: int = 1) -> Snapshot:
    """Publish it in a home."""
    chance = np.random.default_rng(seed)
    artifacts, intents, matches = int(100_000 * scale), int(200_000 * scale), int(5_000_000 * scale)
    tables = {name: schema.empty_table() for name, schema in SNAPSHOT_TABLES.items()}
    tables |= {
        "artifacts": _artifacts(chance, artifacts),
        "capabilities": _capabilities(artifacts),
        "intents": _intents(chance, intents),
        "edges": _edges(chance, artifacts, intents, matches),
        "evidence": _evidence(chance, artifacts),
        "evidence_by_actor": _evidence_by_actor(chance, artifacts),
        "duplicates": _duplicates(artifacts),
        "ranks": _ranks(chance, artifacts),
        "concepts": _concepts(artifacts),
        "related": _related(chance, artifacts),
        "head_to_head": _duels(chance, artifacts),
    }
    return publish(
        home,
        tables,
        now_us=NOW_US,
        parameters={"synthetic": scale, "seed": seed},
        ledger_versions={},
        code_version="bench",
        published_at=datetime(2026, 9, 21, tzinfo=UTC),
        add_files=lambda folder: (folder / "text").mkdir(),
    )


def _table(table: str, rows: int, /, **columns: Any) -> pa.Table:
    """A table of the snapshot; columns that are not given are null, single values stand in every row."""
    arrays = []
    for field in SNAPSHOT_TABLES[table]:
        given = columns.get(field.name)
        if isinstance(given, np.ndarray | pa.Array):
            arrays.append(pa.array(given).cast(field.type))
        elif isinstance(given, pa.ChunkedArray):
            arrays.append(given.combine_chunks().cast(field.type))
        else:
            arrays.append(pa.repeat(pa.scalar(given, field.type), rows))
    return pa.Table.from_arrays(arrays, schema=SNAPSHOT_TABLES[table])


def _ids(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")


def _capability_ids(numbers: np.ndarray) -> pa.Array:
    artifact, own = _ids("artifact-", numbers // CAPABILITIES_EACH), _ids("", numbers % CAPABILITIES_EACH)
    return pc.binary_join_element_wise(artifact, own, "/")


def _popular(chance: np.random.Generator, count: int, draws: int) -> np.ndarray:
    """Numbers below `count`, low ones far more often: about a power law."""
    return np.minimum((count * chance.random(draws) ** 3).astype(np.int64), count - 1)


def _artifacts(chance: np.random.Generator, count: int) -> pa.Table:
    numbers = np.arange(count)
    return _table(
        "artifacts",
        count,
        artifact_id=_ids("artifact-", numbers),
        name=_ids("Artifact ", numbers),
        type="model",
        description=_ids("Does what an artifact of this size does, number ", numbers),
        stars=chance.integers(0, 50_000, count),
        updated_at=NOW_US - chance.integers(0, 900, count) * DAY_US,
        sources=["bench/artifacts.jsonl"],
    )


def _capabilities(artifacts: int) -> pa.Table:
    numbers = np.arange(artifacts * CAPABILITIES_EACH)
    return _table(
        "capabilities",
        len(numbers),
        capability_id=_capability_ids(numbers),
        artifact_id=_ids("artifact-", numbers // CAPABILITIES_EACH),
        name=_ids("capability ", numbers % 5_000),
        description=_ids("What it does, in a sentence of usual length, number ", numbers),
        sources=["bench/capabilities.jsonl"],
    )


def _intents(chance: np.random.Generator, count: int) -> pa.Table:
    clients = 1 + _popular(chance, 500, count)
    return _table(
        "intents",
        count,
        intent_id=_ids("int_", np.arange(count)),
        intent_key=np.arange(count),
        label=_ids("a need of people, number ", np.arange(count)),
        texts=1,
        searches=clients * 3,
        clients=clients,
        first_seen=NOW_US - chance.integers(1, 90, count) * DAY_US,
        last_seen=NOW_US,
    )


def _edges(chance: np.random.Generator, artifacts: int, intents: int, count: int) -> pa.Table:
    capabilities = artifacts * CAPABILITIES_EACH
    pairs = _popular(chance, intents, count) * capabilities + _popular(chance, capabilities, count)
    pairs = np.unique(pairs)
    intent, capability, rows = pairs // capabilities, pairs % capabilities, len(pairs)
    chosen = chance.geometric(0.6, rows) - 1
    failures = np.minimum(chosen, chance.integers(0, 3, rows))
    described = _table(
        "edges",
        rows,
        intent_id=_ids("int_", intent),
        intent_key=intent,
        artifact_id=_ids("artifact-", capability // CAPABILITIES_EACH),
        capability_id=_capability_ids(capability),
        kind="observed",
        times_matched=chosen,
        impressions=chosen + chance.integers(0, 20, rows),
        clicks=chosen,
        clients=chosen,
        successes=chosen - failures,
        failures=failures,
        strength=chance.random(rows).round(9),
        last_seen=NOW_US,
        catalogued=True,
    )
    return pa.concat_tables([described, _undescribed(artifacts)])


def _undescribed(artifacts: int) -> pa.Table:
    numbers = np.arange(artifacts // 100)
    return _table(
        "edges",
        len(numbers),
        intent_id=_ids("int_", numbers),
        intent_key=numbers,
        artifact_id=_ids("unlisted-", numbers),
        kind="observed",
        times_matched=3,
        impressions=9,
        clicks=3,
        clients=3,
        last_seen=NOW_US,
        catalogued=False,
    )


def _evidence(chance: np.random.Generator, artifacts: int) -> pa.Table:
    """Every tenth artifact is shown and not chosen."""
    unlisted = artifacts // 100
    rows = artifacts + unlisted
    times = np.where(np.arange(rows) % 10 == 9, 0, 1 + _popular(chance, 5_000, rows))
    strength = chance.random(rows)
    return _table(
        "evidence",
        rows,
        artifact_id=pa.concat_arrays([_ids("artifact-", np.arange(artifacts)), _ids("unlisted-", np.arange(unlisted))]),
        times_matched=times,
        clients=times,
        impressions=times * 9 + 200,
        clicks=times,
        successes=times // 3,
        failures=times // 5,
        strength=strength,
        strength_low=strength * 0.9,
        strength_high=np.minimum(strength * 1.1, 1),
        last_seen=NOW_US,
        simulated=True,
    )


def _evidence_by_actor(chance: np.random.Generator, artifacts: int) -> pa.Table:
    numbers = np.repeat(np.arange(artifacts), 2)
    strength = chance.random(len(numbers))
    return _table(
        "evidence_by_actor",
        len(numbers),
        artifact_id=_ids("artifact-", numbers),
        actor=pa.array(["human", "agent"] * artifacts),
        times_matched=4,
        clients=1 + numbers % 3,
        strength=strength,
        strength_low=strength * 0.9,
        strength_high=np.minimum(strength * 1.1, 1),
    )


def _duplicates(artifacts: int) -> pa.Table:
    first = np.arange(0, artifacts - 1, 50)
    return _table(
        "duplicates",
        2 * len(first),
        artifact_id=_ids("artifact-", np.concatenate([first, first + 1])),
        other_id=_ids("artifact-", np.concatenate([first + 1, first])),
        kind="same name",
        score=0.9,
    )


def _ranks(chance: np.random.Generator, artifacts: int) -> pa.Table:
    rank = 100 * chance.random(artifacts)
    return _table(
        "ranks",
        artifacts,
        artifact_id=_ids("artifact-", np.arange(artifacts)),
        rank=rank,
        low=np.maximum(rank - 12 * chance.random(artifacts), 0),
        high=np.minimum(rank + 12 * chance.random(artifacts), 100),
        place=np.arange(artifacts) + 1,
    )


def _concepts(artifacts: int) -> pa.Table:
    numbers = np.arange(0, artifacts * CAPABILITIES_EACH, 4)
    return _table(
        "concepts",
        len(numbers),
        concept_uri=_ids("capability://", numbers % max(1, artifacts // 10)),
        label="a shared capability",
        capability_id=_capability_ids(numbers),
        artifact_id=_ids("artifact-", numbers // CAPABILITIES_EACH),
        similarity=0.9,
    )


def _related(chance: np.random.Generator, artifacts: int, each: int = 5) -> pa.Table:
    first = np.repeat(np.arange(artifacts), each)
    place = np.tile(np.arange(each), artifacts)
    other = (first + 1 + place * 7 + np.repeat(chance.integers(0, 5, artifacts), each)) % artifacts
    return _table(
        "related",
        len(first),
        artifact_id=_ids("artifact-", first),
        relation="alternative",
        other_id=_ids("artifact-", other),
        score=0.5,
        place=place + 1,
    )


def _duels(chance: np.random.Generator, artifacts: int) -> pa.Table:
    pairs = np.unique(
        _popular(chance, artifacts, artifacts * 2) * artifacts + _popular(chance, artifacts, artifacts * 2)
    )
    a, b = pairs // artifacts, pairs % artifacts
    a, b = a[a < b], b[a < b]
    wins, losses = chance.integers(0, 9, len(a)), chance.integers(0, 9, len(a))
    return _table(
        "head_to_head",
        len(a),
        artifact_a=_ids("artifact-", a),
        artifact_b=_ids("artifact-", b),
        clients=wins + losses + 1,
        for_a=wins,
        for_b=losses,
    )
