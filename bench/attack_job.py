"""The real job on logs under attack: honest people lie in a home of their own, attacks are counted on copies of it.

A copy takes the kept counts with it (`queries.counting.kept_counts`), so that only what an attack touches is counted
anew; the results are those of a full run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pyarrow as pa

from bench.attack_log import ARTIFACTS, DAY_US, FIRST_DAY, SHOWN, Search
from graph.home import Home
from graph.importing import importing
from graph.keys import stable_key
from graph.ledger import Ledger
from graph.schemas import LEDGER_TABLES
from queries.alternatives.concepts import concepts
from queries.counting.catalogue import artifact_table, capability_table
from queries.counting.engine import Engine
from queries.counting.engines import open_engine
from queries.counting.exposures import asked
from queries.counting.indexing import index_log
from queries.counting.intents import Intents
from queries.counting.kept_counts import KeptCounts
from queries.counting.log_counts import count_log
from queries.evidence.match_evidence import match_evidence
from queries.ranking.parts.value import PartValue
from queries.ranking.rank import rank_all
from queries.text.capability_similarity import capability_pairs

NOW_US = (FIRST_DAY + 400) * DAY_US

Row = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """What the job found, by artifact id."""

    evidence: dict[str, Row]
    ranks: dict[str, float]
    parts: dict[str, dict[str, PartValue]]
    edges: dict[tuple[int, str], Row]
    """Edges by intent key and artifact id."""
    model: str


class HonestLog:
    """The log of honest people in a folder, and what the job finds with and without attackers."""

    def __init__(self, folder: Path, people: Sequence[Search]) -> None:
        """Import the searches of `people` into a new home in `folder`, and count them."""
        self.people = people
        self._home = Home(folder / "honest")
        described = [
            {"artifact_id": name_of(n), "name": name_of(n), "type": "mcp", "description": "Does one thing well."}
            for n in range(ARTIFACTS)
        ]
        rows = [{**row, "content_hash": n} for n, row in enumerate(described)]
        _append(self._home, {"artifacts": rows, "sources": [{"content_hash": 0}], **_log_rows(people, 0)})
        with _counting(self._home) as (engine, kept):
            self.found = _found(engine, kept)
            counts = count_log(engine, index_log(engine, NOW_US), Intents(), kept)
            self.asked: pa.Table = engine.arrow(asked(counts.shown))
            """What counts for strength: see `exposures.asked`."""

    def attacked(self, added: Sequence[Search]) -> Found:
        """Return what the job finds when attackers add their searches."""
        with tempfile.TemporaryDirectory() as folder:
            home = Home(Path(folder) / "attacked")
            copytree(self._home.path, home.path)
            _append(home, _log_rows(added, len(self.people)))
            with _counting(home) as (engine, kept):
                return _found(engine, kept)


@contextmanager
def _counting(home: Home) -> Iterator[tuple[Engine, KeptCounts]]:
    files = Ledger.open(home).files
    with open_engine("duckdb", files, home.scratch_path) as engine:
        yield engine, KeptCounts(home.state_path, files, _silent)


def _found(engine: Engine, kept: KeptCounts) -> Found:
    artifacts, capabilities = artifact_table(engine), capability_table(engine)
    made = match_evidence(engine, NOW_US, artifacts, capabilities, lambda _: _no_matches, _silent, kept)
    shared = concepts(capabilities, capability_pairs(capabilities))
    ranks, parts = rank_all(artifacts, capabilities, made.tables["evidence"], shared, NOW_US)
    by_artifact: dict[str, dict[str, PartValue]] = {}
    for row in parts.to_pylist():
        part = PartValue(row["value"], row["low"], row["high"])
        by_artifact.setdefault(row["artifact_id"], {})[row["part"]] = part
    return Found(
        evidence={row["artifact_id"]: row for row in made.tables["evidence"].to_pylist()},
        ranks={row["artifact_id"]: row["rank"] for row in ranks.to_pylist()},
        parts=by_artifact,
        edges={(row["intent_key"], row["artifact_id"]): row for row in made.tables["edges"].to_pylist()},
        model=made.report["click_model"],
    )


def _no_matches(texts: Sequence[str], limit: int) -> list[list[Any]]:  # noqa: ARG001
    return [[] for _ in texts]


def _silent(_sentence: str) -> None:
    """Report nothing."""


def name_of(artifact: int) -> str:
    """The id of an artifact."""
    return f"tool-{artifact:02}"


def _append(home: Home, tables: Mapping[str, Sequence[Row]]) -> None:
    with importing(home, "rows") as run, home.lock("ledger"):
        for name, rows in tables.items():
            full = [{"source_row": row["content_hash"], "ingested_at": 0, **row} for row in rows]
            run.append(name, pa.Table.from_pylist(full, LEDGER_TABLES[name]).combine_chunks().to_batches()[0])
        run.commit()


def _log_rows(searches: Sequence[Search], first: int) -> dict[str, list[Row]]:
    """Rows of the ledger; the searches are numbered from `first`."""
    rows: dict[str, list[Row]] = {"searches": [], "events": []}
    for number, search in enumerate(searches, first):
        day, key = FIRST_DAY + search.day, stable_key("search", str(number))
        text = f"need topic{search.intent}"
        when = {"ts_us": day * DAY_US + number * 1_000_000, "event_date": str(np.datetime64(day, "D"))}
        both = {**when, "search_key": key, "actor": "human", "client_key": stable_key("client", str(search.client))}
        shown = [
            {"position": place, "object_key": stable_key(name_of(one))}
            for place, one in enumerate(search.shown, start=1)
        ]
        wanted = {"kind": "log", "query_norm": text, "text_key": stable_key(text), "shown": shown}
        network = None if search.network is None else stable_key("network", str(search.network))
        rows["searches"].append({**both, **wanted, "network_key": network, "content_hash": number})
        for place, one in enumerate(search.chosen):
            chosen = {"object_id": name_of(one), "object_key": stable_key(name_of(one)), "worked": search.worked}
            event = {"action": "click", "action_name": "click", "content_hash": number * SHOWN + place}
            rows["events"].append({**both, **event, **chosen})
    return rows
