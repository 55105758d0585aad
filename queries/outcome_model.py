"""Did it work? Verdicts of several judges of unequal reliability, joined to one success rate with an honest interval.

Reliability: Dawid & Skene 1979, "Maximum likelihood estimation of observer error-rates using the EM algorithm", with
Beta priors and with human labels as anchors. LLM judges make the same mistakes together, which that model does not
know; so its word is tempered, and the rate is corrected on the units that people judged: prediction-powered inference
(Angelopoulos, Bates, Fannjiang, Jordan & Zrnic 2023; cross-fitted as in Zrnic & Candès 2024).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from scipy.stats import t as student

from graph.errors import WrongUse
from queries.intervals import LEVEL, BetaPrior, beta_interval

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

RELIABILITY_PRIOR: Final = BetaPrior(4.0, 1.5)
"""What is believed of a judge before his verdicts: right in about 73 of 100 cases, worth 5.5 cases."""
FOLDS: Final = 5
LEAST_LABELS: Final = 5
"""Fewer human labels than this cannot correct the judges; then the interval is that of a judge not yet heard."""
UNHEARD_SPREAD: Final = 0.8
"""Standard deviation between judges' log odds of success before any is heard, worth three judges."""
_UNHEARD_JUDGES: Final = 3
_UNSEEN: Final = 2
"""Labels of variance 1/4 added when the labels' own variance is estimated: a few equal labels prove little."""
_MAX_ITERATIONS: Final = 500
_TOLERANCE: Final = 1e-9
_MARGIN: Final = 1e-6


@dataclass(frozen=True)
class Verdicts:
    """One element for each verdict: unit from 0, judge from 0, success 0 or 1; `gold` says by judge who is human."""

    unit: IntArray
    judge: IntArray
    success: IntArray
    gold: npt.NDArray[np.bool_]
    units: int

    def labels(self) -> FloatArray:
        """Share of human judges who saw success, by unit; not a number where no human judged. (units,)"""
        human = self.gold[self.judge]
        votes = np.bincount(self.unit[human], minlength=self.units)
        yes = np.bincount(self.unit[human], self.success[human], self.units)
        share: FloatArray = np.divide(yes, votes, out=np.full(self.units, np.nan), where=votes > 0)
        return share


@dataclass(frozen=True)
class Reliability:
    """How far a judge can be trusted, with 95 % intervals: (judges,) arrays."""

    sensitivity: FloatArray
    """P(says success | success)."""
    sensitivity_low: FloatArray
    sensitivity_high: FloatArray
    specificity: FloatArray
    """P(says failure | failure)."""
    specificity_low: FloatArray
    specificity_high: FloatArray


@dataclass(frozen=True)
class OutcomeFit:
    """What the verdicts say."""

    success: FloatArray
    """P(success) of each unit: its human label if it has one, else what the judges make likely. (units,)"""
    reliability: Reliability
    rate: float
    """Success rate over all units, human labels being the measure."""
    low: float
    high: float
    labelled: int
    """Units with a human label."""
    method: str
    """`human labels`, `judges corrected by human labels`, or `judges alone`."""


def fit_outcomes(unit: npt.ArrayLike, judge: npt.ArrayLike, success: npt.ArrayLike, gold: npt.ArrayLike) -> OutcomeFit:
    """Join verdicts: three (n,) arrays as in `Verdicts`, and whether each judge is human, (judges,).

    Raises WrongUse without verdicts, for lengths that differ, and for a success that is neither 0 nor 1.
    """
    given = _verdicts(unit, judge, success, gold)
    label = given.labels()
    known = ~np.isnan(label)
    chance = _dawid_skene(given, label)
    reliability = _reliability(given, chance)
    if known.all():
        (rate, low, high), method = _rate_interval(float(label.mean()), 0.0, len(label)), "human labels"
    elif known.sum() >= LEAST_LABELS:
        (rate, low, high), method = _corrected_rate(given, label), "judges corrected by human labels"
    else:
        (rate, low, high), method = _rate_of_new_judge(given), "judges alone"
    return OutcomeFit(chance, reliability, rate, low, high, int(known.sum()), method)


def _verdicts(unit: npt.ArrayLike, judge: npt.ArrayLike, success: npt.ArrayLike, gold: npt.ArrayLike) -> Verdicts:
    u, j, s = (np.asarray(column, np.int64) for column in (unit, judge, success))
    human = np.asarray(gold, np.bool_)
    if not len(u) or not len(u) == len(j) == len(s):
        raise WrongUse(f"Need as many units as judges and verdicts, at least one; got {len(u)}, {len(j)}, {len(s)}.")
    if s.min() < 0 or s.max() > 1 or u.min() < 0 or j.min() < 0 or j.max() >= len(human):
        raise WrongUse("A verdict is 0 or 1; units count from 0; every judge needs an entry in gold.")
    return Verdicts(u, j, s, human, int(u.max()) + 1)


def _dawid_skene(given: Verdicts, label: FloatArray) -> FloatArray:
    """EM of the two-class model; labelled units keep their label, the others' chances are tempered. (units,)"""
    machine = ~given.gold[given.judge]
    u, j, s = given.unit[machine], given.judge[machine], given.success[machine]
    judges, known = len(given.gold), ~np.isnan(label)
    votes = np.bincount(u, minlength=given.units)
    share = np.divide(np.bincount(u, s, given.units), votes, out=np.full(given.units, 0.5), where=votes > 0)
    chance = np.where(known, np.nan_to_num(label), np.clip(share, 0.05, 0.95))
    temper = _temper(u, j, s, np.where(known, np.nan_to_num(label), share) >= 0.5)
    for _ in range(_MAX_ITERATIONS):
        right_yes, right_no = _rates(u, j, s, chance, judges)
        prevalence = (chance.sum() + 1) / (given.units + 2)
        evidence = np.where(s == 1, np.log(right_yes[j] / (1 - right_no[j])), np.log((1 - right_yes[j]) / right_no[j]))
        new = expit(logit(prevalence) + temper * np.bincount(u, evidence, given.units))
        new = np.where(known, np.nan_to_num(label), new)
        change = float(np.abs(new - chance).max())
        chance = new
        if change < _TOLERANCE:
            break
    return chance


def _rates(u: IntArray, j: IntArray, s: IntArray, chance: FloatArray, judges: int) -> tuple[FloatArray, FloatArray]:
    """Sensitivity and specificity of each judge, prior included: two (judges,) arrays."""
    prior = RELIABILITY_PRIOR
    yes, no = np.bincount(j, chance[u], judges), np.bincount(j, 1 - chance[u], judges)
    right_yes = (np.bincount(j, chance[u] * s, judges) + prior.hits) / (yes + prior.strength)
    right_no = (np.bincount(j, (1 - chance[u]) * (1 - s), judges) + prior.hits) / (no + prior.strength)
    return np.clip(right_yes, _MARGIN, 1 - _MARGIN), np.clip(right_no, _MARGIN, 1 - _MARGIN)


def _temper(u: IntArray, j: IntArray, s: IntArray, succeeded: npt.NDArray[np.bool_]) -> float:
    """How much of the judges' joint word to believe: 1 / (1 + (m - 1) ρ), m voices a unit, ρ their correlation.

    ρ is the correlation of what judges say beyond the unit's label (or majority): the design effect of Kish 1965.
    """
    if not len(u):
        return 1.0
    group = j * 2 + succeeded[u]
    usual = np.bincount(group, s) / np.maximum(np.bincount(group), 1)
    rest = s - usual[group]
    voices, total, square = np.bincount(u), np.bincount(u, rest), np.bincount(u, rest**2)
    room = float(np.sum(np.maximum(voices - 1, 0) * square))
    shared = float(np.sum(total**2 - square)) / room if room else 0.0
    return 1 / (1 + (float(voices[voices > 0].mean()) - 1) * min(max(shared, 0.0), 1.0))


def _reliability(given: Verdicts, chance: FloatArray) -> Reliability:
    u, j, s, judges = given.unit, given.judge, given.success, len(given.gold)
    yes, no = np.bincount(j, chance[u], judges), np.bincount(j, 1 - chance[u], judges)
    said_yes, said_no = np.bincount(j, chance[u] * s, judges), np.bincount(j, (1 - chance[u]) * (1 - s), judges)
    return Reliability(*beta_interval(said_yes, yes, RELIABILITY_PRIOR), *beta_interval(said_no, no, RELIABILITY_PRIOR))


def _corrected_rate(given: Verdicts, label: FloatArray) -> tuple[float, float, float]:
    """Rate and interval from labels, with the judges' word on the other units (Angelopoulos, Duchi & Zrnic 2023).

    θ = mean(label) + λ (mean chance of unlabelled - mean chance of labelled), each labelled unit's chance found
    without its own label; λ is the one of least variance, so the judges can only help.
    """
    labelled, others = np.flatnonzero(~np.isnan(label)), np.isnan(label)
    held_out, elsewhere = np.empty(len(labelled)), np.zeros(int(others.sum()))
    for fold in range(FOLDS):
        hidden = np.arange(len(labelled)) % FOLDS == fold
        partial = label.copy()
        partial[labelled[hidden]] = np.nan
        chance = _dawid_skene(given, partial)
        held_out[hidden] = chance[labelled[hidden]]
        elsewhere += chance[others] / FOLDS
    truth, n, rest = label[labelled], len(labelled), len(elsewhere)
    spread = float(np.var(np.append(held_out, elsewhere))) * (1 + n / rest)
    together = float(np.mean((truth - truth.mean()) * (held_out - held_out.mean())))
    weight = min(max(together / spread, 0.0), 1.0) if spread > 0 else 0.0
    rate = float(truth.mean() + weight * (elsewhere.mean() - held_out.mean()))
    off = truth - weight * held_out
    unseen = (float(np.sum((off - off.mean()) ** 2)) + _UNSEEN * 0.25) / (n - 1 + _UNSEEN)
    variance = unseen / n + weight**2 * float(np.var(elsewhere)) / rest
    heavier = float(student.ppf((1 + LEVEL) / 2, n - 1)) / 1.96
    return _rate_interval(rate, variance * heavier**2, given.units)


def _rate_interval(rate: float, variance: float, units: int) -> tuple[float, float, float]:
    """Rate and the Jeffreys interval of as many units as the variance is worth, at most all of them."""
    inside = min(max(rate, 0.0), 1.0)
    smooth = (inside * units + 0.5) / (units + 1)
    worth = smooth * (1 - smooth) / max(variance, smooth * (1 - smooth) / units)
    _, low, high = beta_interval([inside * worth], [worth])
    return inside, min(float(low[0]), inside), max(float(high[0]), inside)


def _rate_of_new_judge(given: Verdicts) -> tuple[float, float, float]:
    """Rate and interval for a judge like these who has not been heard: without labels, that is what a person is.

    Log odds of the judges' rates are normal; their spread is pulled to `UNHEARD_SPREAD`. The judges share
    the units, so the sampling error of one judge comes on top.
    """
    heard = np.unique(given.judge)
    votes = np.bincount(given.judge, minlength=len(given.gold))[heard]
    odds = logit((np.bincount(given.judge, given.success, len(given.gold))[heard] + 0.5) / (votes + 1))
    freedom = _UNHEARD_JUDGES + len(heard) - 1
    spread = (_UNHEARD_JUDGES * UNHEARD_SPREAD**2 + float(np.sum((odds - odds.mean()) ** 2))) / freedom
    rate = float(expit(odds.mean()))
    sampling = 1 / (given.units * rate * (1 - rate) + 1)
    reach = float(student.ppf((1 + LEVEL) / 2, freedom)) * float(np.sqrt(spread * (1 + 1 / len(heard)) + sampling))
    return rate, float(expit(odds.mean() - reach)), float(expit(odds.mean() + reach))
