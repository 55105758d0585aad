"""Alternatives tasks made from public catalogues: what to import, of which artifacts to ask, and what is right.

awesome-selfhosted    programs that state the same product they replace
oss-alternatives      the same; also without tags, and leaving one out: with what all others state
livemcpbench          weak: servers of the same category, which is taken out of the catalogue
hf-models-hugginggpt  weak: models of the same task, likewise
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.retrieval_tasks import Relevant, Row, rows_of


@dataclass(frozen=True)
class Fold:
    """Files of one home, and the artifacts that are asked about in it."""

    files: list[Path]
    asked: list[str]


@dataclass(frozen=True)
class Task:
    """One line of the table. `rows` are the catalogue as the yardsticks see it."""

    name: str
    rows: list[Row]
    relevant: Relevant
    folds: list[Fold] = field(repr=False)


def all_tasks(data: Path, scratch: Path) -> Iterator[Task]:
    """Yield every task that the folder `data` has the files for. Changed catalogues are written to `scratch`."""
    makers: list[tuple[str, Callable[[Path, Path], Iterator[Task]]]] = [
        ("awesome-selfhosted", stated_rivals),
        ("oss-alternatives", stated_rivals),
        ("livemcpbench", same_category),
        ("hf-models-hugginggpt", same_task),
    ]
    for folder, make in makers:
        if (data / folder).is_dir():
            yield from make(data / folder, scratch)


def stated_rivals(folder: Path, scratch: Path) -> Iterator[Task]:
    """Two artifacts that state the same reference product; as imported, without tags, leaving one out."""
    name, relevant = folder.name, _pairs(folder / "alternatives_qrels.csv")
    rows = rows_of(next(folder.glob("artifacts.jsonl*")))
    asked = sorted(relevant)
    yield Task(name, rows, relevant, [Fold([_write(scratch / f"{name}.jsonl", rows)], asked)])
    bare = [{**row, "tags": []} for row in rows]
    yield Task(f"{name}, no tags", bare, relevant, [Fold([_write(scratch / f"{name}-bare.jsonl", bare)], asked)])
    stated = _statements(folder / "alternative_to.csv")
    folds: list[Fold] = []
    for one in asked:
        told = [{**row, "alternative_to": [] if row["id"] == one else stated.get(row["id"], [])} for row in rows]
        folds.append(Fold([_write(scratch / f"{name}-without-{len(folds)}.jsonl", told)], [one]))
    yield Task(f"{name}, others state", rows, relevant, folds)


def same_category(folder: Path, scratch: Path) -> Iterator[Task]:
    """Servers of one category, from names, descriptions and tools alone."""
    rows = rows_of(folder / "artifacts.jsonl")
    relevant = _same(rows, lambda row: row["tags"][0] if row["tags"] else None)
    bare = [{**row, "tags": []} for row in rows]
    files = [_write(scratch / "livemcpbench.jsonl", bare), folder / "capabilities.jsonl"]
    yield Task("livemcpbench, category", bare, relevant, [Fold(files, sorted(relevant))])


def same_task(folder: Path, scratch: Path) -> Iterator[Task]:
    """Models of one task, from names and model cards alone: tags of models name their task."""
    rows = rows_of(folder / "artifacts.jsonl.gz")
    relevant = _same(rows, lambda row: row["task"])
    bare = [{**row, "tags": [], "task": None, "pipeline_tag": None} for row in rows]
    yield Task("hf-models, task", bare, relevant, [Fold([_write(scratch / "hf.jsonl", bare)], sorted(relevant))])


def _pairs(path: Path) -> Relevant:
    found: Relevant = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["query_artifact_id"], {})[row["artifact_id"]] = float(row["grade"])
    return found


def _statements(path: Path) -> dict[str, list[str]]:
    found = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["artifact_id"]].append(row["reference_name"])
    return found


def _same(rows: list[Row], label: Callable[[Row], str | None]) -> Relevant:
    """Return for each artifact the others with the same label."""
    members = defaultdict(list)
    for row in rows:
        if (own := label(row)) is not None:
            members[own].append(row["id"])
    return {
        one: {other: 1.0 for other in group if other != one}
        for group in members.values()
        if len(group) > 1
        for one in group
    }


def _write(path: Path, rows: list[Row]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path
