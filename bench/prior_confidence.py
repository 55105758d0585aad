"""The constants of `queries.retrieval.odds`, fitted on public data sets, and what they are worth elsewhere.

    python -m bench.prior_confidence DATA

Prints the constants, and for each task how well those state their confidence that were fitted without its set: what
the user of a new catalogue has to expect. Every set counts alike; only tasks without a log or with a small one. Largest
posterior probability of a conditional logit (see `queries.retrieval.odds`) in which the right hits of a query, or
"nothing fits" where none was found, are what is chosen. "by chance" is the calibration error of a confidence that
is true, for so few queries: less cannot be measured.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from bench.retrieval import NOW_US
from bench.retrieval_tasks import Sampling, Task, all_tasks
from graph.home import Home
from ingest.load import ingest_paths
from queries.recompute import recompute
from queries.retrieval.calibration import Matrix, calibration_error
from queries.retrieval.matching import Matcher, matcher_of
from queries.retrieval.metrics import auroc
from queries.retrieval.odds import COMPETITORS, TRAITS, traits
from queries.retrieval.weighing import Weighed

WELL_LOGGED = ("half as log", "most as log", "seen once")
RIDGE = 20.0
"""Inverse variance of the utilities' prior around 0, per standard deviation of the trait."""

WEIGHT = 500.0
"""So many queries each set counts for."""


@dataclass(frozen=True)
class Examples:
    """The best hits of the queries of a task, one query after the other."""

    traits: Matrix
    """(n, len(TRAITS))"""
    right: npt.NDArray[np.bool_]
    """(n,)"""
    starts: npt.NDArray[np.int64]
    """(queries,) place of the first hit of each."""
    fits: npt.NDArray[np.bool_]
    """(queries,) whether anything is right, found or not."""

    def of_query(self) -> npt.NDArray[np.int64]:
        """Return the number of each hit's query (n,)."""
        return np.repeat(np.arange(len(self.starts)), np.diff(self.starts, append=len(self.right)))


def examples(task: Task, scratch: Path) -> Examples:
    """Ask the queries of a task of homes of their own."""
    known: list[Matrix] = []
    right, fits = [], []
    for fold in task.folds:
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            home = Home(Path(folder))
            ingest_paths(home, [*task.catalogue, *fold.log], now_us=NOW_US)
            matcher = matcher_of(recompute(home, now_us=NOW_US))
            for row in fold.queries:
                grades = task.relevant.get(row["id"], {})
                weighed = matcher.weighed(matcher.analyse(row["text"]), COMPETITORS, candidates=row.get("candidates"))
                best = weighed.order[:COMPETITORS]
                found = zip(*matcher.index.ids(weighed.documents[best]), strict=True)
                if len(best):
                    known.append(_traits(matcher, weighed)[best])
                    right.append(np.array([grades.get(own or artifact, 0) > 0 for artifact, own in found]))
                    fits.append(bool(grades))
    starts = np.cumsum([0, *map(len, right[:-1])])
    return Examples(np.concatenate(known), np.concatenate(right), starts, np.array(fits))


def _traits(matcher: Matcher, weighed: Weighed) -> Matrix:
    witnesses = weighed.witnesses
    from_log = witnesses[:, 2:] @ np.array(matcher.fusion.weights[2:])
    return traits(
        weighed.coverage, witnesses[:, 1], from_log, weighed.text, weighed.untold[weighed.order[0]], weighed.score
    )


def chances(constants: Matrix, found: Examples) -> Matrix:
    """Return the probability (n,) that each hit is right; `constants`: utilities of the traits, then of nothing."""
    utilities = found.traits @ constants[:-1]
    right: Matrix = np.exp(utilities - np.logaddexp(_log_sums(utilities, found), constants[-1])[found.of_query()])
    return right


def fit(sets: Sequence[tuple[Examples, float]]) -> Matrix:
    """Return the constants of largest posterior probability for tasks that count for so many queries each."""
    spread = np.concatenate([found.traits for found, _ in sets]).std(axis=0)

    def loss(constants: Matrix) -> tuple[float, Matrix]:
        scaled = constants[:-1] * spread
        total, slope = RIDGE * scaled @ scaled / 2, np.append(RIDGE * spread * scaled, 0.0)
        for found, weight in sets:
            value, change = _loss(constants, found)
            total, slope = total + weight * value, slope + weight * change
        return float(total), slope

    result: Matrix = minimize(loss, np.zeros(len(spread) + 1), jac=True, method="L-BFGS-B").x
    return result


def _loss(constants: Matrix, found: Examples) -> tuple[float, Matrix]:
    """Return the mean negative log likelihood of a task's queries, and its slope."""
    utilities, query = found.traits @ constants[:-1], found.of_query()
    every = np.logaddexp(_log_sums(utilities, found), constants[-1])
    right = _log_sums(np.where(found.right, utilities, -1e9), found)
    any_right = right > -1e8
    chosen = np.where(found.right, np.exp(np.minimum(utilities - right[query], 0)), 0.0)
    slope = found.traits.T @ (np.exp(utilities - every[query]) - chosen)
    nothing = float((np.exp(constants[-1] - every) - ~any_right).sum())
    count = len(found.starts)
    return float((every - np.where(any_right, right, constants[-1])).sum()) / count, np.append(slope, nothing) / count


def _log_sums(utilities: Matrix, found: Examples) -> Matrix:
    highest = np.maximum.reduceat(utilities, found.starts)
    return highest + np.log(np.add.reduceat(np.exp(utilities - highest[found.of_query()]), found.starts))


def described(stated: Matrix, right: npt.NDArray[np.bool_], fits: npt.NDArray[np.bool_]) -> str:
    """Return the figures of the first hits: confidence, whether they are right, and whether anything is."""
    random = np.random.default_rng(1)
    chance = np.mean([calibration_error(stated, random.random(len(stated)) < stated) for _ in range(200)])
    likely = np.clip(stated, 1e-4, 1 - 1e-4)
    loss = -float(np.mean(np.where(right, np.log(likely), np.log(1 - likely))))
    figures = {
        "right": right.mean(),
        "stated": stated.mean(),
        "ECE": calibration_error(stated, right),
        "by chance": chance,
        "Brier": np.mean((stated - right) ** 2),
        "log loss": loss,
        "AUROC": auroc(stated.tolist(), right.tolist()),
        "fits": auroc(stated.tolist(), fits.tolist()),
    }
    return ", ".join(f"{name} {value:.3f}" for name, value in figures.items())


def main() -> None:
    """Print figures and constants."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tasks = [
            task for task in all_tasks(options.data, Path(folder), Sampling()) if not task.name.endswith(WELL_LOGGED)
        ]
        found = {task.name: examples(task, Path(folder)) for task in tasks}
    of_set = {name: name.split(",")[0] for name in found}
    weights = {name: WEIGHT / list(of_set.values()).count(of_set[name]) for name in found}
    every = fit([(found[name], weights[name]) for name in found])
    for name, rows in found.items():
        others = fit([(found[other], weights[other]) for other in found if of_set[other] != of_set[name]])
        for label, constants in (("fitted on the others", others), ("fitted on all", every)):
            first = chances(constants, rows)[rows.starts]
            print(f"{name:24s} {label}: {described(first, rows.right[rows.starts], rows.fits)}")
    print(dict(zip((*TRAITS, "nothing"), every.round(2).tolist(), strict=True)))


if __name__ == "__main__":
    main()
