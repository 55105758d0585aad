"""Retrieval tasks made from public data sets: a catalogue, perhaps a usage log, queries, and what is right for each.

A task has folds: each is a home of its own, with the queries that are asked of it.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Relevant = dict[str, dict[str, float]]

ASKED = 1_000
"""So many requests are asked of a home with a large log."""


@dataclass(frozen=True)
class Fold:
    """Log files to import beside the catalogue, and the queries to ask then."""

    log: list[Path]
    queries: list[Row]


@dataclass(frozen=True)
class Task:
    """One line of the table."""

    name: str
    catalogue: list[Path]
    relevant: Relevant
    folds: list[Fold]
    measures: tuple[str, ...]


def rows_of(path: Path) -> list[Row]:
    """Read JSON Lines, plain or gzipped."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def qrels_of(path: Path, least: float = 0.0) -> Relevant:
    """Read graded judgments; grades below `least` are left out."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    found: Relevant = {}
    for row in csv.DictReader(text.decode().splitlines()):
        if float(row["grade"]) >= least:
            object_id = row.get("capability_id") or row["artifact_id"]
            found.setdefault(row["query_id"], {})[object_id] = float(row["grade"])
    return found


def all_tasks(data: Path, scratch: Path, seed: int) -> Iterator[Task]:
    """Yield every task that the folder `data` has the files for. Logs made on the way go to `scratch`."""
    makers: list[tuple[str, Callable[[Path, Path, int], Iterable[Task]]]] = [
        ("metatool", metatool),
        ("apibench", apibench),
        ("bfcl-live", bfcl_live),
        ("livemcpbench", livemcpbench),
    ]
    for folder, make in makers:
        if (data / folder).is_dir():
            yield from make(data / folder, scratch, seed)


def metatool(folder: Path, scratch: Path, seed: int) -> Iterator[Task]:
    """Requests for one of 199 tools: from text alone, and with more and more of the other requests as a log.

    Published figures learn from half of the 20,600 requests; the DEV half has 10,280, of which 1,000 are asked last.
    """
    catalogue = [folder / "artifacts.jsonl"]
    relevant = qrels_of(folder / "qrels.csv.gz")
    queries = [row for row in rows_of(folder / "queries.jsonl.gz") if row["set"] == "single"]
    random.Random(seed).shuffle(queries)
    logged, asked = queries[: len(queries) // 2], queries[len(queries) // 2 :]
    yield Task("metatool, text", catalogue, relevant, [Fold([], asked)], ("R@1", "R@5"))
    few = [write_clicks(scratch / "metatool-few.jsonl", logged[:150], relevant)]
    yield Task("metatool, 150 as log", catalogue, relevant, [Fold(few, asked)], ("R@1", "R@5"))
    log = [write_clicks(scratch / "metatool.jsonl", logged, relevant)]
    yield Task("metatool, half as log", catalogue, relevant, [Fold(log, asked[:ASKED])], ("R@1", "R@5"))
    log = [write_clicks(scratch / "metatool-most.jsonl", queries[:-ASKED], relevant)]
    yield Task("metatool, most as log", catalogue, relevant, [Fold(log, queries[-ASKED:])], ("R@1", "R@5"))


def apibench(folder: Path, _scratch: Path, _seed: int) -> Iterator[Task]:
    """Requests for a model of one hub; only the model that the request was written for is right."""
    models = [row["id"] for row in rows_of(folder / "artifacts.jsonl.gz")]
    relevant = qrels_of(folder / "qrels.csv", least=2)
    queries = rows_of(folder / "queries.jsonl")
    for hub in ("hf", "torchhub", "tfhub"):
        of_hub = [model for model in models if model.startswith(f"{hub}:")]
        asked = [{**row, "candidates": of_hub} for row in queries if row["source"] == hub]
        yield Task(f"apibench, {hub}", [folder / "artifacts.jsonl.gz"], relevant, [Fold([], asked)], ("R@1", "R@10"))


def bfcl_live(folder: Path, _scratch: Path, _seed: int) -> Iterator[Task]:
    """Choose among the functions offered with a request; say whether any of them fits."""
    queries = [row for row in rows_of(folder / "queries.jsonl.gz") if row["candidates"]]
    fold = Fold([], queries)
    measures = ("R@1 any", "fits: score", "fits: confidence")
    yield Task("bfcl-live", [folder / "artifacts.jsonl.gz"], qrels_of(folder / "qrels.csv"), [fold], measures)


def livemcpbench(folder: Path, scratch: Path, _seed: int) -> Iterator[Task]:
    """Tasks that take several tools: from text alone, after other tasks, after the same task was done once."""
    catalogue = [folder / "artifacts.jsonl", folder / "capabilities.jsonl"]
    relevant = qrels_of(folder / "qrels.csv")
    queries = [row for row in rows_of(folder / "queries.jsonl") if row["id"] in relevant]
    log = {name: folder / name for name in ("ubi_queries.jsonl", "ubi_events.jsonl", "outcomes.jsonl")}
    measures = ("nDCG@10", "R@10")
    yield Task("livemcpbench, text", catalogue, relevant, [Fold([], queries)], measures)
    yield Task("livemcpbench, seen once", catalogue, relevant, [Fold(list(log.values()), queries)], measures)
    folds = [Fold(_without(log, row["id"], scratch / f"without-{row['id']}"), [row]) for row in queries]
    yield Task("livemcpbench, unseen", catalogue, relevant, folds, measures)


def _without(log: dict[str, Path], task: str, folder: Path) -> list[Path]:
    """Write the log without the session of one task."""
    sessions = {
        row["session_id"] for row in rows_of(log["ubi_queries.jsonl"]) if row["query_attributes"]["task_id"] == task
    }
    folder.mkdir(parents=True)
    for name, path in log.items():
        kept = [json.dumps(row) for row in rows_of(path) if row["session_id"] not in sessions]
        (folder / name).write_text("\n".join(kept))
    return [folder / name for name in log]


def write_clicks(path: Path, queries: list[Row], relevant: Relevant) -> Path:
    """Write a UBI event log in which every query led to a click on what is right for it; nothing shown is recorded."""
    with path.open("w") as file:
        for number, row in enumerate(queries):
            for object_id in relevant.get(row["id"], {}):
                event = {
                    "application": "bench",
                    "action_name": "click",
                    "query_id": row["id"],
                    "client_id": f"client-{number}",
                    "timestamp": f"2026-01-{1 + number % 28:02d}T12:00:00Z",
                    "user_query": row["text"],
                    "event_attributes": {"object": {"object_id": object_id, "object_id_field": "artifact_id"}},
                }
                file.write(json.dumps(event) + "\n")
    return path
