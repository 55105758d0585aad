"""Confidence: the probability that a text match is right, from what the scores look like.

Of a catalogue without a log it is that of `queries.retrieval.odds`, whose constants were fitted on other catalogues
(`method` "prior"). A home's own log (each past intent searched for as if it had not been logged) moves it: logistic
regression (Platt 1999, "Probabilistic outputs for support vector machines", with more than one input) of largest
posterior probability, the prior odds being the centre of a Gaussian prior. So twenty searches shift and stretch the
odds, thousands decide. Needs unlike the logged ones are another matter: `queries.retrieval.familiarity`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from graph.errors import DamagedHome
from queries.retrieval.familiarity import Lowest

FEATURES: Final = (
    "odds",  # logarithm of the odds of `queries.retrieval.odds`
    "alone",  # the same without rivals: where several are right, these do not matter
    "neighbours",  # these three as in `queries.retrieval.fusion.WITNESSES`
    "asked",
    "wordings",
    "lead",  # fused score ahead of the best other hit; negative for all but the first; 0 for a single hit
)
"""What the text says is in both odds, so that what it says more never makes a hit less likely."""

MIN_SEARCHES: Final = 20
"""Fewer labelled searches than this do not move the calibrator."""

BIAS_PRECISION: Final = 4.0
ODDS_PRECISION: Final = 4.0
"""Inverse variances of the prior: catalogues are off by about half in the logit, and in the slope of the odds."""

OTHERS_PRECISION: Final = 20.0
"""Inverse variance of the other weights' prior around 0, per standard deviation of the feature (or `LEAST_SPREAD`)."""

LEAST_SPREAD: Final = 0.1
"""The prior of a feature that hardly differs is that of one which differs by so much: where each thing was chosen once,
only wrong hits have a trace of the log when its needs are asked again, and a need like a logged one has a hundred times
that."""

FILE: Final = "calibration.json"

Matrix = npt.NDArray[np.float64]
Few = bool | npt.NDArray[np.bool_]


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
    """Expected calibration error of the first hits, 15 bins of equal mass, on the half not used for fitting; None below
    `queries.retrieval.fit_to_log.MIN_STATED` searches."""
    served: Lowest = ()
    """How the needs of the log stand that stand worst."""
    records: dict[int, float] = {}
    """By document what its own record adds to the log odds: see `queries.retrieval.own_record`."""
    among: Calibrator | None = None
    """Of searches among candidates, fitted to choices among what was judged; None if too little was judged."""

    def log_odds(self, features: Matrix, documents: npt.NDArray[np.int64] | None = None) -> Matrix:
        """Return the log odds (n,) that hits with features (n, len(FEATURES)) are right; `documents` (n,): whose."""
        biases = self.bias if documents is None else self.biases(documents)
        found: Matrix = features @ np.array(self.weights) + biases
        return found

    def biases(self, documents: npt.NDArray[np.int64]) -> Matrix:
        """Return the part of the log odds of documents (n,) that is the same for all of their hits."""
        return self.bias + np.array([self.records.get(document, 0.0) for document in documents.tolist()])

    def confidence(
        self,
        features: Matrix,
        documents: npt.NDArray[np.int64] | None = None,
        *,
        of_few: Few = False,
        offered: Few = False,
    ) -> Matrix:
        """Return the probabilities (n,) of hits with features (n, len(FEATURES)); `documents`: whose, if known (n,).

        `of_few`: whether, all or each (n,), of hits in a part of the catalogue, in which often nothing fits. A log,
        where every need found something in all of it, may make these less likely than the prior does, but not more; nor
        may judgments, which are often kept of needs alone that something was right for. `offered`: of those in a part
        that was named one by one.
        """
        odds = self.log_odds(features, documents)
        if self.among is not None and np.any(offered):
            odds = np.where(offered, self.among.log_odds(features, documents), odds)
        if np.any(of_few):
            odds = np.where(of_few, np.minimum(odds, PRIOR.log_odds(features)), odds)
        return _sigmoid(odds)


PRIOR: Final = Calibrator((1.0, *[0.0] * (len(FEATURES) - 1)), 0.0, "prior", 0)
"""The odds as they are."""


def fit(
    features: Matrix, right: npt.NDArray[np.bool_], counts: Matrix | None = None, *, method: str, searches: int
) -> Calibrator:
    """Fit a calibrator to hits with features (n, len(FEATURES)) and labels (n,), each counted `counts` times (n,).

    Minimises the negative log likelihood plus half of the squared distance from the prior, in the prior's precisions;
    features but the odds are standardised for it, so that the bias is that of their mean.
    """
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.maximum(spread, LEAST_SPREAD)
    mean[0], spread[0] = 0.0, 1.0
    inputs = np.column_stack([(features - mean) / spread, np.ones(len(features))])
    precision = np.array([ODDS_PRECISION, *[OTHERS_PRECISION] * (features.shape[1] - 1), BIAS_PRECISION])
    times = np.ones(len(features)) if counts is None else counts
    weights = _newton(inputs, right.astype(np.float64), times, precision, np.array([*PRIOR.weights, PRIOR.bias]))
    slopes = weights[:-1] / spread
    bias = float(weights[-1] - slopes @ mean)
    return Calibrator(tuple(round(float(w), 6) for w in slopes), round(bias, 6), method, searches)


def _newton(inputs: Matrix, right: Matrix, times: Matrix, precision: Matrix, centre: Matrix, steps: int = 50) -> Matrix:
    weights = centre.copy()
    for _ in range(steps):
        likely = _sigmoid(inputs @ weights)
        slope = inputs.T @ (times * (likely - right)) + precision * (weights - centre)
        curvature = (inputs * (times * likely * (1 - likely))[:, None]).T @ inputs + np.diag(precision)
        step = np.linalg.solve(curvature, slope)
        weights = weights - step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
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
    """Return the calibrator of a text index, the prior one if none fits these features; raises `DamagedHome`."""
    file = path / FILE
    if not file.exists():
        return PRIOR
    try:
        found = msgspec.json.decode(file.read_bytes(), type=Calibrator)
    except (OSError, msgspec.DecodeError) as error:
        raise DamagedHome(f"{file} cannot be read ({error}). Run: matchgraph recompute") from error
    return found if len(found.weights) == len(FEATURES) else PRIOR
