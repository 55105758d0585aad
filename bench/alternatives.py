"""How well alternatives are found, beside three plain yardsticks.

    python -m bench.alternatives DATA [--only oss-alternatives] [--encoder minilm]

DATA is a folder with the sets awesome-selfhosted, oss-alternatives, livemcpbench and hf-models-hugginggpt; those that
are there are run (`bench.alternatives_tasks`). Every line goes the whole way: import, recompute, alternatives --batch.
Yardsticks: BM25 of the descriptions (k1 1.2, b 0.75); artifacts with a tag in common, those with most stars first;
artifacts with a tag in common by BM25. The interval is that of R@10 above the best of the three: 95 %, paired
bootstrap over the artifacts asked about.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.alternatives_tasks import Fold, Task, all_tasks
from bench.retrieval import plain_bm25
from bench.retrieval_tasks import Row, rows_of
from graph.home import Home
from ingest.load import ingest_paths
from queries.answers.alternatives import alternatives_batch
from queries.recompute import recompute
from queries.retrieval.metrics import ndcg, recall
from queries.text.encoders.contract import BUILT_IN

NOW_US = 1_793_491_200_000_000
DEPTH = 10
RESAMPLES = 10_000
Rankings = dict[str, list[str]]
"""Artifact asked about → ids, best first."""


def ours(fold: Fold, encoder: str) -> tuple[Rankings, float]:
    """Import, recompute and ask: the rankings, and the CPU seconds of it all."""
    begin = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        ingest_paths(home, fold.files, now_us=NOW_US)
        snapshot = recompute(home, now_us=NOW_US, encoder=encoder)
        asked, answered = Path(folder) / "ids.jsonl", Path(folder) / "answers.jsonl"
        asked.write_text("".join(json.dumps({"id": key}) + "\n" for key in fold.asked))
        alternatives_batch(snapshot, asked, answered, DEPTH)
        found = {line["id"]: [hit["artifact_id"] for hit in line["alternatives"]] for line in rows_of(answered)}
    return found, time.process_time() - begin


def yardsticks(task: Task) -> dict[str, Rankings]:
    """Return the rankings of the three yardsticks."""
    texts = {row["id"]: row.get("description") or "" for row in task.rows}
    tags = {row["id"]: set(row.get("tags") or ()) for row in task.rows}
    stars = {row["id"]: row.get("stars") or 0 for row in task.rows}
    described: list[Row] = [{"id": key, "description": text} for key, text in texts.items()]
    found: dict[str, Rankings] = {"BM25": {}, "tag, stars": {}, "tag, BM25": {}}
    for one in task.relevant:
        others = [row for row in described if row["id"] != one]
        by_text = [key for key, _, _ in next(plain_bm25(others, [{"text": texts[one]}], depth=len(others)))]
        tagged = [key for key in by_text if tags[key] & tags[one]]
        found["BM25"][one] = by_text[:DEPTH]
        found["tag, BM25"][one] = tagged[:DEPTH]
        found["tag, stars"][one] = sorted(sorted(tagged), key=lambda key: -stars[key])[:DEPTH]
    return found


def measures(task: Task, rankings: Rankings) -> tuple[list[float], list[float]]:
    """Return R@10 and nDCG@10 of every artifact asked about, in the order of `task.relevant`."""
    recalls, gains = [], []
    for one, right in task.relevant.items():
        grades = [right.get(key, 0.0) for key in rankings.get(one, [])]
        recalls.append(recall(grades, right.values(), DEPTH))
        gains.append(ndcg(grades, right.values(), DEPTH))
    return recalls, gains


def bootstrap_interval(differences: Sequence[float], seed: int = 1) -> tuple[float, float]:
    """Return the 95 % interval of a mean of paired differences (Efron & Tibshirani 1993, section 13.3)."""
    values = np.asarray(differences)
    drawn = np.random.default_rng(seed).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.quantile(values[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def run(task: Task, encoder: str) -> str:
    """Return the line of a task."""
    rankings: Rankings = {}
    seconds = 0.0
    for fold in task.folds:
        found, took = ours(fold, encoder)
        rankings |= found
        seconds += took
    simple = {name: measures(task, found) for name, found in yardsticks(task).items()}
    own = measures(task, rankings)
    best = max(simple, key=lambda name: float(np.mean(simple[name][0])))
    low, high = bootstrap_interval(np.subtract(own[0], simple[best][0]).tolist())
    figures = [f"{name} {np.mean(r):.3f} / {np.mean(g):.3f}" for name, (r, g) in simple.items()]
    figures.append(f"matchgraph {np.mean(own[0]):.3f} / {np.mean(own[1]):.3f}")
    gain = float(np.mean(own[0]) - np.mean(simple[best][0]))
    above = f"{gain:+.3f} [{low:+.3f}, {high:+.3f}]"
    return f"{task.name:34s} {len(own[0]):4d} | {' | '.join(figures)} | {above} | {seconds:.0f} s"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", default="", help="tasks whose name begins like this")
    parser.add_argument("--encoder", default=BUILT_IN, metavar="NAME", help="as of `recompute`")
    options = parser.parse_args()
    print("task, artifacts asked about | R@10 / nDCG@10 of each | R@10 above the best yardstick | CPU time")
    with tempfile.TemporaryDirectory() as folder:
        for task in all_tasks(options.data, Path(folder)):
            if task.name.startswith(options.only):
                print(run(task, options.encoder), flush=True)


if __name__ == "__main__":
    main()
