"""How well the search finds what is right, beside plain BM25.

    python -m bench.retrieval DATA [--only metatool] [--seed 1]

DATA is a folder with the sets metatool, apibench, bfcl-live and livemcpbench (those that are there are run). Every
line goes the whole way: import, recompute, `search --batch`. Plain BM25: k1 1.2, b 0.75, all text of a record, words
in lower case. ECE: expected calibration error of the first hits, 15 bins of equal mass; calibrators: prior or log.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path

import numpy as np

from bench.retrieval_tasks import Fold, Row, Task, all_tasks, rows_of
from graph.home import Home
from ingest.load import ingest_paths
from queries.answers.search_batch import search_batch
from queries.recompute import recompute
from queries.retrieval.calibration import calibration_error
from queries.retrieval.metrics import auroc, ndcg, recall

NOW_US = 1_793_491_200_000_000
DEPTH = 10
Ranking = list[tuple[str, float, float | None]]
"""(object id, score, confidence), best first."""


@dataclass
class Tally:
    """Sums over the queries of a task."""

    sums: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    judged: int = 0
    scores: list[float] = field(default_factory=list)
    confidences: list[float] = field(default_factory=list)
    fits: list[bool] = field(default_factory=list)
    first: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, hits: Ranking, grades: dict[str, float]) -> None:
        """Add the answer to one query."""
        found = [grades.get(object_id, 0.0) for object_id, _, _ in hits[:DEPTH]]
        self.scores.append(hits[0][1] if hits else 0.0)
        self.confidences.append((hits[0][2] or 0.0) if hits else 0.0)
        self.fits.append(bool(grades))
        if hits and hits[0][2] is not None:
            self.first.append((hits[0][2], bool(found[0] > 0)))
        if not grades:
            return
        self.judged += 1
        for k in (1, 5, 10):
            self.sums[f"R@{k}"] += recall(found, grades.values(), k)
        self.sums["R@1 any"] += bool(found and found[0] > 0)
        self.sums["nDCG@10"] += ndcg(found, grades.values(), 10)

    def result(self) -> dict[str, float]:
        """Return the measures by name."""
        means = {name: total / self.judged for name, total in self.sums.items()}
        error = calibration_error([c for c, _ in self.first], [right for _, right in self.first])
        fits = {"fits: score": auroc(self.scores, self.fits), "fits: confidence": auroc(self.confidences, self.fits)}
        return {**means, **fits, "ECE": error}


def plain_bm25(records: Sequence[Row], queries: Sequence[Row], depth: int = DEPTH) -> Iterator[Ranking]:
    """Rank by BM25 with k1 1.2, b 0.75 over all text of the records (Robertson & Zaragoza 2009, equation 3.15)."""
    words = [Counter(re.findall(r"\w+", _text(record).lower())) for record in records]
    mean = sum(sum(found.values()) for found in words) / len(words)
    held: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, found in enumerate(words):
        norm = 1.2 * (0.25 + 0.75 * sum(found.values()) / mean)
        for word, count in found.items():
            held[word].append((place, count * 2.2 / (count + norm)))
    names = [record["id"] for record in records]
    for query in queries:
        scores = np.zeros(len(records))
        for word in re.findall(r"\w+", query["text"].lower()):
            rarity = log(1 + (len(records) - len(held[word]) + 0.5) / (len(held[word]) + 0.5))
            for place, weight in held[word]:
                scores[place] += rarity * weight
        allowed = set(query.get("candidates") or names)
        ranked = [i for i in np.argsort(-scores, kind="stable").tolist() if names[i] in allowed]
        yield [(names[i], float(scores[i]), None) for i in ranked[:depth]]


def _text(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(_text(part) for part in value.values())
    if isinstance(value, list):
        return " ".join(map(_text, value))
    return value if isinstance(value, str) else ""


def ours(task: Task, fold: Fold, scratch: Path) -> tuple[list[Ranking], float]:
    """Import, recompute and ask: the rankings of the fold's queries, and seconds for each of them."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        home = Home(Path(folder) / "home")
        ingest_paths(home, [*task.catalogue, *fold.log], now_us=NOW_US)
        snapshot = recompute(home, now_us=NOW_US)
        asked, answered = Path(folder) / "queries.jsonl", Path(folder) / "hits.jsonl"
        wanted = [{name: row.get(name) for name in ("id", "text", "candidates")} for row in fold.queries]
        asked.write_text("\n".join(map(json.dumps, wanted)))
        begin = time.process_time()
        search_batch(snapshot, asked, answered, DEPTH)
        seconds = (time.process_time() - begin) / len(wanted)
        lines = rows_of(answered)
    return [
        [(hit["capability_id"] or hit["artifact_id"], hit["score"], hit["confidence"]) for hit in line["hits"]]
        for line in lines
    ], seconds


def run(task: Task, scratch: Path) -> str:
    """Return the line of a task: plain BM25 → ours for every measure."""
    records = rows_of(task.catalogue[-1])
    plain, own, seconds = Tally(), Tally(), 0.0
    for fold in task.folds:
        rankings, took = ours(task, fold, scratch)
        seconds += took / len(task.folds)
        for row, ranking, simple in zip(fold.queries, rankings, plain_bm25(records, fold.queries), strict=True):
            grades = task.relevant.get(row["id"], {})
            own.add(ranking, grades)
            plain.add(simple, grades)
    before, after = plain.result(), own.result()
    measured = [f"{name} {before[name]:.3f} → {after[name]:.3f}" for name in task.measures if name in before]
    return (
        f"{task.name:26s} {own.judged:6d} | {' | '.join(measured)} | ECE {after['ECE']:.3f} | {1000 * seconds:.2f} ms"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", default="", help="tasks whose name begins like this")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("task, judged queries | plain BM25 → matchgraph | calibration | CPU time of a query")
    with tempfile.TemporaryDirectory() as folder:
        for task in all_tasks(options.data, Path(folder), options.seed):
            if task.name.startswith(options.only):
                print(run(task, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
