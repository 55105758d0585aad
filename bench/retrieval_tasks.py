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


@dataclass(frozen=True)
class Sampling:
    """How much is measured: with the same seed the same sample."""

    seed: int = 1
    asked: int = 1_000
    """At most so many requests are asked of a home, where a set has thousands."""
    folds: int = 10
    """Homes made to ask for tasks that their log lacks; with as many as there are tasks each lacks one alone."""


EVERYTHING = Sampling(asked=1_000_000, folds=1_000_000)


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


def all_tasks(data: Path, scratch: Path, sampling: Sampling) -> Iterator[Task]:
    """Yield every task that the folder `data` has the files for. Logs made on the way go to `scratch`."""
    makers: list[tuple[str, Callable[[Path, Path, Sampling], Iterable[Task]]]] = [
        ("metatool", metatool),
        ("apibench", apibench),
        ("bfcl-live", bfcl_live),
        ("livemcpbench", livemcpbench),
    ]
    for folder, make in makers:
        if (data / folder).is_dir():
            yield from make(data / folder, scratch, sampling)


def metatool(folder: Path, scratch: Path, sampling: Sampling) -> Iterator[Task]:
    """Requests for one of 199 tools: from text alone, and with more and more of the other requests as a log.

    Published figures learn from half of the 20,600 requests; the DEV half has 10,280: "most as log" is nearest to it.
    """
    catalogue = [folder / "artifacts.jsonl"]
    relevant = qrels_of(folder / "qrels.csv.gz")
    queries = [row for row in rows_of(folder / "queries.jsonl.gz") if row["set"] == "single"]
    random.Random(sampling.seed).shuffle(queries)
    half = len(queries) // 2
    rest = max(half, len(queries) - min(sampling.asked, 1_000))
    logs = {"150 as log": queries[:150], "half as log": queries[:half], "most as log": queries[:rest]}
    yield Task("metatool, text", catalogue, relevant, [Fold([], queries[half:][: sampling.asked])], ("R@1", "R@5"))
    for name, logged in logs.items():
        log = [write_clicks(scratch / f"metatool-{len(logged)}.jsonl", logged, relevant)]
        asked = queries[max(half, len(logged)) :][: sampling.asked]
        yield Task(f"metatool, {name}", catalogue, relevant, [Fold(log, asked)], ("R@1", "R@5"))


def apibench(folder: Path, scratch: Path, sampling: Sampling) -> Iterator[Task]:
    """Requests for a model of one hub; only the model that the request was written for is right.

    A hub that has several requests for a model is asked again with half of the requests as a log.
    """
    catalogue = [folder / "artifacts.jsonl.gz"]
    models = [row["id"] for row in rows_of(catalogue[0])]
    relevant = qrels_of(folder / "qrels.csv", least=2)
    queries = rows_of(folder / "queries.jsonl")
    random.Random(sampling.seed).shuffle(queries)
    log = [write_clicks(scratch / "apibench.jsonl", queries[: len(queries) // 2], relevant)]
    for name, logged, asked in (("", [], queries), (", half as log", log, queries[len(queries) // 2 :])):
        for hub in ("hf", "torchhub", "tfhub"):
            of_hub = [model for model in models if model.startswith(f"{hub}:")]
            rows = [{**row, "candidates": of_hub} for row in asked if row["source"] == hub]
            yield Task(f"apibench, {hub}{name}", catalogue, relevant, [Fold(logged, rows)], ("R@1", "R@10"))


def bfcl_live(folder: Path, scratch: Path, sampling: Sampling) -> Iterator[Task]:
    """Choose among the functions offered with a request; say whether any of them fits."""
    catalogue = [folder / "artifacts.jsonl.gz"]
    queries = [row for row in rows_of(folder / "queries.jsonl.gz") if row["candidates"]]
    relevant = qrels_of(folder / "qrels.csv")
    measures = ("R@1 any", "fits: score", "fits: confidence")
    yield Task("bfcl-live", catalogue, relevant, [Fold([], queries)], measures)
    random.Random(sampling.seed).shuffle(queries)
    half = len(queries) // 2
    log = [write_clicks(scratch / "bfcl.jsonl", queries[:half], qrels_of(folder / "qrels.csv", least=2))]
    yield Task("bfcl-live, half as log", catalogue, relevant, [Fold(log, queries[half:])], measures)


def livemcpbench(folder: Path, scratch: Path, sampling: Sampling) -> Iterator[Task]:
    """Tasks that take several tools: from text alone, after other tasks, after the same task was done once."""
    catalogue = [folder / "artifacts.jsonl", folder / "capabilities.jsonl"]
    relevant = qrels_of(folder / "qrels.csv")
    queries = [row for row in rows_of(folder / "queries.jsonl") if row["id"] in relevant]
    log = {name: folder / name for name in ("ubi_queries.jsonl", "ubi_events.jsonl", "outcomes.jsonl")}
    measures = ("nDCG@10", "R@10")
    yield Task("livemcpbench, text", catalogue, relevant, [Fold([], queries)], measures)
    yield Task("livemcpbench, seen once", catalogue, relevant, [Fold(list(log.values()), queries)], measures)
    parts = [queries[first :: sampling.folds] for first in range(min(sampling.folds, len(queries)))]
    folds = [
        Fold(_without(log, {row["id"] for row in part}, scratch / f"without-{number}"), part)
        for number, part in enumerate(parts)
    ]
    yield Task("livemcpbench, unseen", catalogue, relevant, folds, measures)


def _without(log: dict[str, Path], tasks: set[str], folder: Path) -> list[Path]:
    """Write the log without the sessions of some tasks."""
    rows = rows_of(log["ubi_queries.jsonl"])
    sessions = {row["session_id"] for row in rows if row["query_attributes"]["task_id"] in tasks}
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
