"""Confidence: the probability that a text match is right, from what the scores look like.

Logistic regression on a few features of a hit (Platt 1999, "Probabilistic outputs for support vector machines", with
more than one input), fitted by Newton's method with a ridge penalty. Fitted anew for every snapshot from its
judgments or its own log (each intent is searched for as if it had not been logged); where there are fewer than
`MIN_SEARCHES` of them a prior calibrator fitted on other catalogues stands in, and says so (`method` "prior").
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from graph.errors import DamagedHome

FEATURES: Final = (
    "words",  # these five as in `queries.retrieval.fusion.WITNESSES`
    "meaning",
    "neighbours",
    "asked",
    "wordings",
    "weight",  # log(1 + BM25 score)
    "cosine",  # of the meaning of query and hit
    "lead",  # fused score ahead of the best other hit; negative for all but the first; 0 for a single hit
    "first",  # 1 for the best hit, else 0
    "length",  # log(1 + number of words)
    "neighbour",  # similarity of the most similar past search, 0 to 1
)
MIN_SEARCHES: Final = 200
"""Fewer labelled searches than this do not move the calibrator."""

RIDGE: Final = 1.0
FILE: Final = "calibration.json"

Matrix = npt.NDArray[np.float64]


class Calibrator(msgspec.Struct, frozen=True):
    """Weights of the logistic regression, and where they come from."""

    weights: tuple[float, ...]
    """One for each of `FEATURES`."""
    bias: float
    method: str
    """`judgments`, `log`, or `prior` (not calibrated on this catalogue)."""
    searches: int
    """Labelled searches it was fitted on; 0 for the prior."""
    error: float | None = None
    """Expected calibration error of the first hits, 15 bins of equal mass, on the half not used for fitting."""

    def confidence(self, features: Matrix) -> Matrix:
        """Return the probabilities (n,) of hits with features (n, len(FEATURES))."""
        return _sigmoid(features @ np.array(self.weights) + self.bias)


PRIOR: Final = Calibrator((0.52, 0.4, 1.22, -0.35, 0.0, 0.33, -1.97, 2.72, 0.41, 0.22, 1.07), -3.47, "prior", 0)
"""From `python -m bench.prior_confidence`. On other catalogues the confidence of first hits was off by 0.15 to 0.26."""


def fit(features: Matrix, right: npt.NDArray[np.bool_], *, method: str, searches: int) -> Calibrator:
    """Fit a calibrator to hits with features (n, len(FEATURES)) and labels (n,).

    Minimises the negative log likelihood plus RIDGE/2 · |weights|² of the standardised features.
    """
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread < 1e-9] = 1.0
    inputs = np.column_stack([(features - mean) / spread, np.ones(len(features))])
    penalty = np.diag([RIDGE] * features.shape[1] + [1e-6])
    weights = _newton(inputs, right.astype(np.float64), penalty)
    slopes = weights[:-1] / spread
    bias = float(weights[-1] - slopes @ mean)
    return Calibrator(tuple(round(float(w), 6) for w in slopes), round(bias, 6), method, searches)


def _newton(inputs: Matrix, right: Matrix, penalty: Matrix, steps: int = 30) -> Matrix:
    weights = np.zeros(inputs.shape[1])
    for _ in range(steps):
        likely = _sigmoid(inputs @ weights)
        slope = inputs.T @ (likely - right) + penalty @ weights
        curvature = (inputs * (likely * (1 - likely))[:, None]).T @ inputs + penalty
        step = np.linalg.solve(curvature, slope)
        weights = weights - step * min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-12))
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def _sigmoid(x: Matrix) -> Matrix:
    result: Matrix = 1 / (1 + np.exp(-np.clip(x, -30, 30)))
    return result


def calibration_error(
    confidence: Sequence[float] | Matrix, right: Sequence[bool] | npt.NDArray[np.bool_], bins: int = 15
) -> float:
    """Return the expected calibration error over bins of equal mass (Naeini et al. 2015, AAAI): 0 is perfect.

    Mean over the bins, weighted by size, of |mean confidence − share that is right|. NaN without any value.
    """
    stated = np.asarray(confidence, dtype=np.float64)
    order = np.lexsort((np.arange(len(stated)), stated))
    gaps = [
        len(part) * abs(float(stated[part].mean() - np.asarray(right)[part].mean()))
        for part in np.array_split(order, bins)
        if len(part)
    ]
    return sum(gaps) / len(stated) if len(stated) else float("nan")


def write_calibrator(path: Path, calibrator: Calibrator) -> None:
    """Write the calibrator into the folder of a text index."""
    (path / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(calibrator), indent=1))


def read_calibrator(path: Path) -> Calibrator:
    """Return the calibrator of a text index, the prior one if none was fitted; raises `DamagedHome`."""
    file = path / FILE
    if not file.exists():
        return PRIOR
    try:
        return msgspec.json.decode(file.read_bytes(), type=Calibrator)
    except (OSError, msgspec.DecodeError) as error:
        raise DamagedHome(f"{file} cannot be read ({error}). Run: matchgraph recompute") from error
