"""How well the search finds what is right, beside plain BM25.

    python -m bench.retrieval DATA [--only metatool] [--seed 1] [--full] [--encoder minilm]

DATA is a folder with the sets metatool, apibench, bfcl-live and livemcpbench (those that are there are run). Every
line goes the whole way: import, recompute, `search --batch`; without `--full` large sets are sampled, in all less than
four minutes of CPU time. Plain BM25: k1 1.2, b 0.75, all text of a record, words in lower case. ± is half of the 95 %
interval over the queries. ECE: expected calibration error of the first hits, 15 bins of equal mass, on queries that no
calibrator was fitted to where the home's log calibrates (`log`); else the prior calibrator (`prior`).
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.retrieval_tasks import EVERYTHING, Fold, Row, Sampling, Task, all_tasks, rows_of
from graph.home import Home
from ingest.load import ingest_paths
from queries.answers.search_batch import search_batch
from queries.recompute import recompute
from queries.retrieval.calibration import calibration_error
from queries.retrieval.metrics import auroc, ndcg, recall
from queries.text.encoders.contract import BUILT_IN

NOW_US = 1_793_491_200_000_000
DEPTH = 10
_RESAMPLES = 200
Ranking = list[tuple[str, float, float | None]]
"""(object id, score, confidence), best first."""


@dataclass
class Tally:
    """What was measured, query by query."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """By measure, of every query that something is right for."""
    first: list[tuple[float, float, bool]] = field(default_factory=list)
    """Of every query: score and confidence of its first hit, and whether anything is right."""
    stated: list[tuple[float, bool]] = field(default_factory=list)
    """Confidence of the first hits, and whether they are right."""

    def add(self, hits: Ranking, grades: dict[str, float]) -> None:
        """Add the answer to one query."""
        found = [grades.get(object_id, 0.0) for object_id, _, _ in hits[:DEPTH]]
        _, score, confidence = hits[0] if hits else ("", 0.0, 0.0)
        self.first.append((score, confidence or 0.0, bool(grades)))
        if hits and confidence is not None:
            self.stated.append((confidence, found[0] > 0))
        if not grades:
            return
        for k in (1, 5, 10):
            self.values[f"R@{k}"].append(recall(found, grades.values(), k))
        self.values["R@1 any"].append(bool(found and found[0] > 0))
        self.values["nDCG@10"].append(ndcg(found, grades.values(), 10))

    def measured(self, name: str) -> tuple[float, float]:
        """Return a measure and half of its 95 % interval."""
        if not name.startswith("fits"):
            values = np.array(self.values[name], dtype=np.float64)
            return float(values.mean()), 1.96 * float(values.std()) / len(values) ** 0.5
        rows = np.array(self.first)[:, [0 if name.endswith("score") else 1, 2]]
        drawn = np.random.default_rng(1).integers(0, len(rows), (_RESAMPLES, len(rows)))
        spread = float(np.std([_fits(rows[places]) for places in drawn]))
        return _fits(rows), 1.96 * spread

    def error(self) -> float:
        """Return the calibration error of the first hits."""
        return calibration_error([stated for stated, _ in self.stated], [right for _, right in self.stated])


def _fits(rows: npt.NDArray[np.float64]) -> float:
    return auroc(rows[:, 0].tolist(), (rows[:, 1] > 0).tolist())


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


def ours(task: Task, fold: Fold, scratch: Path, encoder: str = BUILT_IN) -> tuple[list[Ranking], float]:
    """Import, recompute and ask: the rankings of the fold's queries, and seconds for each of them."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        home = Home(Path(folder) / "home")
        ingest_paths(home, [*task.catalogue, *fold.log], now_us=NOW_US)
        snapshot = recompute(home, now_us=NOW_US, encoder=encoder)
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


def run(task: Task, scratch: Path, encoder: str = BUILT_IN) -> str:
    """Return the line of a task: plain BM25 → ours for every measure."""
    records = rows_of(task.catalogue[-1])
    plain, own, seconds = Tally(), Tally(), 0.0
    for fold in task.folds:
        rankings, took = ours(task, fold, scratch, encoder)
        seconds += took / len(task.folds)
        for row, ranking, simple in zip(fold.queries, rankings, plain_bm25(records, fold.queries), strict=True):
            grades = task.relevant.get(row["id"], {})
            own.add(ranking, grades)
            plain.add(simple, grades)
    measured = [
        "{} {:.3f} → {:.3f} ±{:.3f}".format(name, plain.measured(name)[0], *own.measured(name))
        for name in task.measures
    ]
    columns = [
        f"{task.name:31s} {len(own.values['R@1']):6d}",
        *measured,
        f"{own.error():.3f}",
        f"{1000 * seconds:.2f} ms",
    ]
    return " | ".join(columns)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", default="", help="tasks whose name begins like this")
    parser.add_argument("--seed", type=int, default=1, help="of the samples")
    parser.add_argument("--full", action="store_true", help="all queries, and a home for every task left out")
    parser.add_argument("--encoder", default=BUILT_IN, metavar="NAME", help="as of `recompute`")
    options = parser.parse_args()
    sampling = replace(EVERYTHING if options.full else Sampling(), seed=options.seed)
    print("task, judged queries | plain BM25 → matchgraph | ECE | CPU time of a query")
    with tempfile.TemporaryDirectory() as folder:
        for task in all_tasks(options.data, Path(folder), sampling):
            if task.name.startswith(options.only):
                print(run(task, Path(folder), options.encoder), flush=True)
    print(f"CPU time: {time.process_time():.0f} s")


if __name__ == "__main__":
    main()
