"""How true confidence is where no log is known but some requests were judged.

    python -m bench.judged_confidence DATA

Of the requests of each task without a log 50, 100 or 200, at most half of them, are imported with what is right for
them; others are asked.
"by chance": the calibration error of a confidence that is true, for so few queries. Requests that nothing fits, in
bfcl-live, are judged by grade 0 for all that they were offered.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bench.prior_confidence import described
from bench.retrieval import NOW_US
from bench.retrieval_tasks import Row, Sampling, Task, all_tasks
from graph.home import Home
from ingest.load import ingest_paths
from queries.recompute import recompute
from queries.retrieval.matching import matcher_of

ASKED = 500
"""At most so many others are asked."""


def write_judgments(folder: Path, task: Task, rows: Sequence[Row]) -> list[Path]:
    """Write requests and what is right for them; what was offered beside that is judged wrong."""
    queries, qrels = folder / "queries.jsonl", folder / "qrels.csv"
    queries.write_text("".join(json.dumps({"query_id": row["id"], "text": row["text"]}) + "\n" for row in rows))
    with qrels.open("w") as file:
        table = csv.writer(file)
        table.writerow(["query_id", "object_id", "grade"])
        for row in rows:
            grades = task.relevant.get(row["id"], {})
            nothing = {} if grades else dict.fromkeys(row.get("candidates") or (), 0)
            table.writerows([row["id"], object_id, grade] for object_id, grade in {**nothing, **grades}.items())
    return [queries, qrels] if rows else []


def asked(task: Task, judged: int, seed: int, scratch: Path) -> Iterator[tuple[float, bool, bool]]:
    """Yield confidence of the first hit, whether it is right, and whether anything is, of others than the judged."""
    rows = sorted(task.folds[0].queries, key=lambda row: row["id"])
    random.Random(seed).shuffle(rows)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        home = Home(Path(folder) / "home")
        ingest_paths(home, [*task.catalogue, *write_judgments(Path(folder), task, rows[:judged])], now_us=NOW_US)
        matcher = matcher_of(recompute(home, now_us=NOW_US))
        others = rows[judged:][:ASKED]
        texts, candidates = [row["text"] for row in others], [row.get("candidates") for row in others]
        for row, matches in zip(others, matcher.match_all(texts, limit=1, candidates=candidates), strict=True):
            grades = task.relevant.get(row["id"], {})
            if matches:
                yield matches[0].confidence, grades.get(matches[0].object_id, 0) > 0, bool(grades)


def main() -> None:
    """Print a line for each task and number of judged requests."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", default="", help="tasks whose name begins like this")
    parser.add_argument("--judged", type=int, nargs="+", default=[0, 50, 100, 200], help="so many")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        tasks = [task for task in all_tasks(options.data, scratch, Sampling()) if not task.folds[0].log]
        for task in [task for task in tasks if task.name.startswith(options.only)]:
            half = len(task.folds[0].queries) // 2
            for judged in sorted({min(each, half) for each in options.judged}):
                columns = zip(*asked(task, judged, options.seed, scratch), strict=True)
                stated, right, fits = map(np.array, columns)
                print(f"{task.name:20s} {judged:4d} {described(stated, right, fits)}", flush=True)


if __name__ == "__main__":
    main()
