"""How far can each source of outcomes be believed? Reliability of judges and callbacks, with people as the measure.

Reliability: Dawid & Skene 1979, "Maximum likelihood estimation of observer error-rates using the EM algorithm", with
Beta priors and human labels as anchors; a source learns only where a second one spoke too. LLM judges make the same
mistakes together, which that model does not know; so their joint word is tempered. What they still get wrong on the
whole, their *bias*, is measured on what people labelled, each label left out while it is foretold, and is
as uncertain as judges differ where nobody labelled anything.

What sources said of one thing is a *pattern*: a vote of each. Equal patterns are counted, so all work is done once for
each pattern, however long the log is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from graph.errors import WrongUse
from queries.evidence.intervals import BetaPrior, beta_interval

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

RELIABILITY_PRIOR: Final = BetaPrior(9.0, 1.0)
"""What is believed of a source before it was compared with another: right in 9 of 10 cases, worth ten cases."""
BIAS_SPREAD: Final = 1.0
"""Standard deviation, in log odds, between the success rates that different judges report of the same things: that of
the ten LLM judges of LiveMCPBench (Mo et al. 2025, arXiv 2508.01780), whose people lie in their midst."""
FOLDS: Final = 5
_UNSEEN: Final = 2
"""Labels of variance 1/4 added when the labels' own variance is estimated: a few equal labels prove little."""
_MAX_ITERATIONS: Final = 1_000
_TOLERANCE: Final = 1e-12
_MARGIN: Final = 1e-6


@dataclass(frozen=True)
class Reliability:
    """How far a source can be believed, with 95 % intervals: (sources,) arrays."""

    compared: IntArray
    """Things that it and another source judged; where this is 0, the rest is what is believed of any source."""
    sensitivity: FloatArray
    """P(says success | success)."""
    sensitivity_low: FloatArray
    sensitivity_high: FloatArray
    specificity: FloatArray
    """P(says failure | failure)."""
    specificity_low: FloatArray
    specificity_high: FloatArray


@dataclass(frozen=True)
class Verdicts:
    """What patterns of votes mean: (patterns,) arrays."""

    chance: FloatArray
    """P(success): 1 or 0 where people labelled it, else what the sources make likely, before their bias."""
    labelled: BoolArray
    """Whether people labelled it."""
    checked: BoolArray
    """Whether one of its sources also judged things that people labelled."""


@dataclass(frozen=True)
class _Accuracy:
    """The parameters of the two-class model: what votes say of a thing without label."""

    sensitivity: FloatArray
    specificity: FloatArray
    prevalence: float
    temper: float

    def chances(self, votes: FloatArray) -> FloatArray:
        said_yes = np.log(self.sensitivity / (1 - self.specificity))
        said_no = np.log((1 - self.sensitivity) / self.specificity)
        word = (votes > 0) @ said_yes + (votes < 0) @ said_no
        chance: FloatArray = expit(logit(self.prevalence) + self.temper * word)
        return chance


@dataclass(frozen=True)
class OutcomeModel:
    """What was learnt of the sources."""

    reliability: Reliability
    bias: float
    """What is to be added to the log odds of the rate that checked sources report."""
    bias_sd: float
    """Its standard deviation; unchecked sources have bias 0 and `BIAS_SPREAD`."""
    met: BoolArray
    """Which sources judged things that people labelled, (sources,)."""
    accuracy: _Accuracy

    def read(self, label: npt.ArrayLike, votes: npt.ArrayLike) -> Verdicts:
        """Say what patterns mean, those of `fit_outcomes` or others: `label` (n,), `votes` (n, sources)."""
        y, v = np.asarray(label, np.float64), np.asarray(votes, np.float64)
        labelled = ~np.isnan(y)
        chance = np.where(labelled, y, self.accuracy.chances(v))
        return Verdicts(chance, labelled, ((v != 0) & self.met).any(axis=1))


def fit_outcomes(label: npt.ArrayLike, votes: npt.ArrayLike, things: npt.ArrayLike) -> OutcomeModel:
    """Fit to distinct patterns.

    `label` (patterns,): 1 or 0 as people said, not a number where none did or they were even. `votes` (patterns,
    sources): 1 success, -1 failure, 0 nothing said. `things` (patterns,): how many have the pattern, integers.
    Raises WrongUse for shapes that differ and other votes.
    """
    y, v, n = np.asarray(label, np.float64), np.asarray(votes, np.float64), np.asarray(things, np.int64)
    if v.ndim != 2 or not len(y) == len(v) == len(n):
        raise WrongUse(f"Need as many labels as rows of votes and counts; got {y.shape}, {v.shape}, {n.shape}.")
    if not np.isin(v, (-1, 0, 1)).all() or not np.all((y == 0) | (y == 1) | np.isnan(y)):
        raise WrongUse("A vote is -1, 0 or 1, a label 0, 1 or not a number.")
    accuracy = _learn(y, v, n)
    met: BoolArray = (v[~np.isnan(y)] != 0).any(axis=0)
    return OutcomeModel(_reliability(y, v, n, accuracy), *_bias(y, v, n), met, accuracy)


def _learn(label: FloatArray, votes: FloatArray, things: IntArray) -> _Accuracy:
    """EM of the two-class model; labels stand as they are."""
    known = ~np.isnan(label)
    yes, no = (votes > 0).astype(np.float64), (votes < 0).astype(np.float64)
    heard = yes + no
    share = np.divide(yes.sum(axis=1), heard.sum(axis=1), out=np.full(len(label), 0.5), where=heard.any(axis=1))
    chance = np.where(known, label, np.clip(share, 0.05, 0.95))
    temper = _temper(yes, heard, things, np.where(known, label, share) >= 0.5)
    compared = things * _several(label, votes)
    for _ in range(_MAX_ITERATIONS):
        prevalence = (float(things @ chance) + 1) / (float(things.sum()) + 2)
        accuracy = _Accuracy(*_rates(yes, no, compared, chance), prevalence, temper)
        new = np.where(known, label, accuracy.chances(votes))
        change = float(np.abs(new - chance).max(initial=0.0))
        chance = new
        if change < _TOLERANCE:
            break
    return accuracy


def _several(label: FloatArray, votes: FloatArray) -> BoolArray:
    """Say of which patterns a source can learn: at least two sources spoke, people among them."""
    several: BoolArray = (votes != 0).sum(axis=1) + ~np.isnan(label) >= 2
    return several


def _rates(yes: FloatArray, no: FloatArray, things: IntArray, chance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sensitivity and specificity of each source, prior included: two (sources,) arrays."""
    prior, good, bad = RELIABILITY_PRIOR, things * chance, things * (1 - chance)
    right_yes = (good @ yes + prior.hits) / (good @ (yes + no) + prior.strength)
    right_no = (bad @ no + prior.hits) / (bad @ (yes + no) + prior.strength)
    return np.clip(right_yes, _MARGIN, 1 - _MARGIN), np.clip(right_no, _MARGIN, 1 - _MARGIN)


def _temper(yes: FloatArray, heard: FloatArray, things: IntArray, succeeded: BoolArray) -> float:
    """How much of the sources' joint word to believe: 1 / (1 + (m - 1) ρ), m voices a thing, ρ their correlation.

    ρ is the correlation of what sources say beyond the thing's label (or majority): the design effect of Kish 1965.
    """
    rest = np.zeros_like(yes)
    for group in (succeeded, ~succeeded):
        voices = things[group] @ heard[group]
        usual = np.divide(things[group] @ yes[group], voices, out=np.zeros(yes.shape[1]), where=voices > 0)
        rest[group] = (yes[group] - usual) * heard[group]
    voices, total, square = heard.sum(axis=1), rest.sum(axis=1), (rest**2).sum(axis=1)
    room = float(things @ (np.maximum(voices - 1, 0) * square))
    shared = float(things @ (total**2 - square)) / room if room else 0.0
    spoken = float(things[voices > 0].sum())
    mean_voices = float(things @ voices) / spoken if spoken else 1.0
    return 1 / (1 + (mean_voices - 1) * min(max(shared, 0.0), 1.0))


def _reliability(label: FloatArray, votes: FloatArray, things: IntArray, accuracy: _Accuracy) -> Reliability:
    compared = things * _several(label, votes)
    chance = np.where(np.isnan(label), accuracy.chances(votes), label)
    yes, no, good, bad = votes > 0, votes < 0, compared * chance, compared * (1 - chance)
    return Reliability(
        (compared @ (yes | no)).astype(np.int64),
        *beta_interval(good @ yes, good @ (yes | no), RELIABILITY_PRIOR),
        *beta_interval(bad @ no, bad @ (yes | no), RELIABILITY_PRIOR),
    )


def _bias(label: FloatArray, votes: FloatArray, things: IntArray) -> tuple[float, float]:
    """Log odds of the rate that people report less those of the rate that the sources report, and how sure that is.

    The difference is taken on things that both judged, the sources' word found without the label (the cross-fitting
    of Zrnic & Candès 2024, "Cross-prediction-powered inference"), and joined with the prior N(0, `BIAS_SPREAD`²).
    """
    both = np.flatnonzero(~np.isnan(label) & (votes != 0).any(axis=1))
    count = int(things[both].sum())
    if not count:
        return 0.0, BIAS_SPREAD
    truth, foretold, weight = _foretold(label, votes, things, both)
    off = truth - foretold
    mean_off = float(weight @ off) / count
    squares = float(weight @ (off - mean_off) ** 2) + _UNSEEN * 0.25
    people, sources = ((float(weight @ values) + 0.5) / (count + 1) for values in (truth, foretold))
    middle = (people + sources) / 2
    variance = squares / (count - 1 + _UNSEEN) / count / (middle * (1 - middle)) ** 2
    precision = 1 / BIAS_SPREAD**2 + 1 / variance
    return float(logit(people) - logit(sources)) / variance / precision, precision**-0.5


def _foretold(
    label: FloatArray, votes: FloatArray, things: IntArray, both: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Foretell labelled patterns from the votes, a fold of the things at a time without their labels.

    Returns label, chance and number of things: one element for each (fold, pattern).
    """
    before = np.cumsum(things[both]) - things[both]
    hidden = np.zeros((FOLDS, len(label)), np.int64)
    for fold in range(FOLDS):
        first, last = ((count - fold + FOLDS - 1) // FOLDS for count in (before, before + things[both]))
        hidden[fold, both] = last - first
    chances = []
    for fold in range(FOLDS):
        unknown = np.append(label, np.full(len(both), np.nan))
        counts = np.append(things - hidden[fold], hidden[fold, both])
        chances.append(_learn(unknown, np.vstack([votes, votes[both]]), counts).chances(votes[both]))
    return np.tile(label[both], FOLDS), np.concatenate(chances), hidden[:, both].ravel().astype(np.float64)
