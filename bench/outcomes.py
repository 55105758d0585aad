"""Does the interval of the success rate cover what people say? Hides human labels and asks the outcome model.

python -m bench.outcomes FILE        an outcomes file (JSON Lines: session_id, outcome, judge, kind)
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from queries.outcome_model import fit_outcomes

IntArray = npt.NDArray[np.int64]

DRAWS = 200


def read_verdicts(path: Path) -> tuple[IntArray, IntArray, IntArray, npt.NDArray[np.bool_], list[str]]:
    """Unit, judge and success of each verdict; which judges are human; the judges' names."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    _, unit = np.unique([row["session_id"] for row in rows], return_inverse=True)
    names, judge = np.unique([row["judge"] for row in rows], return_inverse=True)
    human = np.zeros(len(names), np.bool_)
    human[[j for j, row in zip(judge, rows, strict=True) if row["kind"].startswith("human")]] = True
    success = np.array([row["outcome"] == "success" for row in rows], np.int64)
    return unit.astype(np.int64), judge.astype(np.int64), success, human, names.tolist()


def coverage(path: Path, labels: int, seed: int, draws: int = DRAWS) -> tuple[float, float]:
    """Share of draws whose interval covers the human rate, and mean width, with labels kept on a few random units."""
    unit, judge, success, human, _ = read_verdicts(path)
    by_human = human[judge]
    people, units = float(success[by_human].mean()), int(unit.max()) + 1
    rng, inside, width = np.random.default_rng(seed), 0, 0.0
    for _ in range(draws):
        kept = np.isin(unit, rng.permutation(units)[:labels]) | ~by_human
        fit = fit_outcomes(unit[kept], judge[kept], success[kept], human)
        inside += fit.low <= people <= fit.high
        width += (fit.high - fit.low) / draws
    return inside / draws, width


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    path = parser.parse_args().file
    unit, judge, success, human, names = read_verdicts(path)
    fit = fit_outcomes(unit, judge, success, human)
    print(f"all labels: rate {fit.rate:.3f} [{fit.low:.3f}, {fit.high:.3f}], {fit.method}; people say")
    print(f"            {success[human[judge]].mean():.3f}, judges {success[~human[judge]].mean():.3f}")
    for index, name in enumerate(names):
        found = fit.reliability
        print(f"  {name:32} sensitivity {found.sensitivity[index]:.2f}, specificity {found.specificity[index]:.2f}")
    for labels in (0, 6, 10, 16, 24, 36):
        share, width = coverage(path, labels, 1)
        print(
            f"human labels on {labels:2} units: interval covers the human rate in {share:.1%}, mean width {width:.2f}"
        )


if __name__ == "__main__":
    main()
