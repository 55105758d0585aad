"""The prior calibrator of `queries.retrieval.calibration`, fitted on public data sets.

    python -m bench.prior_confidence DATA

Prints its constants. Every task counts alike; only tasks without a log or with a small one, since a larger one has
its own calibrator. For each task also the error of a calibrator fitted on the others: what such a user has to expect.
Because catalogues differ, the constants are moderated (MacKay 1992, "The evidence framework applied to classification
networks", equation 11): logits divided by √(1 + π s² / 8), s the spread of what the logits are off by.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from bench.retrieval import NOW_US
from bench.retrieval_tasks import Sampling, Task, all_tasks
from graph.home import Home
from ingest.load import ingest_paths
from queries.recompute import recompute
from queries.retrieval.calibration import FEATURES, Matrix, calibration_error, fit
from queries.retrieval.fit_to_log import HITS
from queries.retrieval.matching import matcher_of
from queries.retrieval.metrics import auroc

WELL_LOGGED = ("half as log", "most as log", "seen once")
ROWS = 2_000
"""So many hits of every task, drawn with replacement."""

Examples = tuple[Matrix, Matrix, Matrix]


def examples(task: Task, scratch: Path) -> Examples:
    """Return features (n, len(FEATURES)) of the best hits, which are right (n,) and which the first (n,)."""
    features, right, first = [], [], []
    for fold in task.folds:
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            home = Home(Path(folder))
            ingest_paths(home, [*task.catalogue, *fold.log], now_us=NOW_US)
            matcher = matcher_of(recompute(home, now_us=NOW_US))
            for row in fold.queries:
                query, grades = matcher.analyse(row["text"]), task.relevant.get(row["id"], {})
                weighed = matcher.weighed(query, HITS, candidates=row.get("candidates"))
                best = weighed.order[:HITS]
                found = list(zip(*matcher.index.ids(weighed.documents[best]), strict=True))
                features.append(weighed.features[best])
                right += [grades.get(capability or artifact, 0) > 0 for artifact, capability in found]
                first += [place == 0 for place in range(len(found))]
    return np.concatenate(features), np.array(right), np.array(first)


def shift(logits: Matrix, right: Matrix) -> float:
    """Return what has to be added to the logits (n,) so that the mean probability is the share that is right."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        too_low = float(np.mean(1 / (1 + np.exp(-logits - middle)))) < float(np.mean(right))
        low, high = (middle, high) if too_low else (low, middle)
    return (low + high) / 2


def drawn(found: Examples, seed: int) -> tuple[Matrix, Matrix]:
    """Return `ROWS` rows, drawn with replacement."""
    rows = np.random.default_rng(seed).integers(0, len(found[1]), ROWS)
    return found[0][rows], found[1][rows]


def main() -> None:
    """Print errors and constants."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tasks = [
            task for task in all_tasks(options.data, Path(folder), Sampling()) if not task.name.endswith(WELL_LOGGED)
        ]
        found = {task.name: examples(task, Path(folder)) for task in tasks}
    samples = {name: drawn(rows, seed) for seed, (name, rows) in enumerate(found.items())}
    shifts = []
    for name, (features, right, first) in found.items():
        others = [sample for other, sample in samples.items() if other.split(",")[0] != name.split(",")[0]]
        fitted = fit(*map(np.concatenate, zip(*others, strict=True)), method="prior", searches=0)
        stated = fitted.confidence(features[first])
        shifts.append(shift(features[first] @ np.array(fitted.weights) + fitted.bias, right[first]))
        error, order = calibration_error(stated, right[first]), auroc(stated.tolist(), right[first].tolist())
        print(f"{name:26s} fitted on the others: ECE {error:.3f}, AUROC {order:.3f}, off by {shifts[-1]:+.2f} (logit)")
    prior = fit(*map(np.concatenate, zip(*samples.values(), strict=True)), method="prior", searches=0)
    spread = float(np.sqrt(np.mean(np.square(shifts))))
    moderation = 1 / np.sqrt(1 + np.pi * spread**2 / 8)
    print(f"catalogues are off by {spread:.2f} (root mean square of the logit): moderated by {moderation:.3f}")
    weights = [round(float(weight * moderation), 2) for weight in prior.weights]
    print(dict(zip(FEATURES, weights, strict=True)), round(prior.bias * moderation, 2))


if __name__ == "__main__":
    main()
