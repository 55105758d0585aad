"""Does the interval of the success rate cover what people say? Hides human labels and asks the outcome model.

python -m bench.outcomes FILE        an outcomes file (JSON Lines: session_id, outcome, judge, kind)
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from queries.evidence.intervals import BetaPrior
from queries.evidence.outcome_model import OutcomeModel, fit_outcomes
from queries.evidence.success import cases_of, success_rates

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

DRAWS = 200


@dataclass(frozen=True)
class Judged:
    """One row for each unit (session)."""

    label: FloatArray
    """1 or 0 as people said, not a number where none did: (units,)."""
    votes: IntArray
    """1, -1 or 0 (silent) of each other judge: (units, judges)."""
    judges: list[str]


def read_judged(path: Path) -> Judged:
    """Read outcomes; people are those whose kind begins with "human"."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    names, unit = np.unique([row["session_id"] for row in rows], return_inverse=True)
    judges = sorted({row["judge"] for row in rows if not row["kind"].startswith("human")})
    label, votes = np.full(len(names), np.nan), np.zeros((len(names), len(judges)), np.int64)
    for place, row in zip(unit, rows, strict=True):
        success = row["outcome"] == "success"
        if row["kind"].startswith("human"):
            label[place] = success
        else:
            votes[place, judges.index(row["judge"])] = 1 if success else -1
    return Judged(label, votes, judges)


def rate_of(judged: Judged, kept: npt.NDArray[np.bool_]) -> tuple[float, float, float, OutcomeModel]:
    """Success rate of all units with its interval, and the model, with the labels of some units only."""
    label = np.where(kept, judged.label, np.nan)
    model = fit_outcomes(label, judged.votes, np.ones(len(label), np.int64))
    cases = cases_of(model.read(label, judged.votes), np.ones(len(label)), np.zeros(len(label), np.int64), 1)
    rate, low, high = (float(column[0]) for column in success_rates(cases, model, BetaPrior(0.5, 0.5)))
    return rate, low, high, model


def coverage(judged: Judged, labels: int, seed: int, draws: int = DRAWS) -> tuple[float, float]:
    """Share of draws whose interval covers the human rate, and mean width, with labels kept on a few random units."""
    people, units = float(np.nanmean(judged.label)), len(judged.label)
    rng, inside, width = np.random.default_rng(seed), 0, 0.0
    for _ in range(draws):
        _, low, high, _ = rate_of(judged, np.isin(np.arange(units), rng.permutation(units)[:labels]))
        inside += low <= people <= high
        width += (high - low) / draws
    return inside / draws, width


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    judged = read_judged(parser.parse_args().file)
    rate, low, high, model = rate_of(judged, np.ones(len(judged.label), np.bool_))
    said = judged.votes[judged.votes != 0] > 0
    print(f"all labels: rate {rate:.3f} [{low:.3f}, {high:.3f}]; people say {np.nanmean(judged.label):.3f}, ", end="")
    print(f"judges {said.mean():.3f}; bias {model.bias:+.2f} ± {model.bias_sd:.2f}")
    for index, name in enumerate(judged.judges):
        found = model.reliability
        print(f"  {name:32} sensitivity {found.sensitivity[index]:.2f}, specificity {found.specificity[index]:.2f}")
    for labels in (0, 6, 10, 16, 24, 36):
        share, width = coverage(judged, labels, 1)
        print(
            f"human labels on {labels:2} units: interval covers the human rate in {share:.1%}, mean width {width:.2f}"
        )


if __name__ == "__main__":
    main()
