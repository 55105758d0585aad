"""How often did it work? Success rates with 95 % intervals, from what sources of unequal reliability said.

Of a thing, let people have labelled n_h cases, h of them successes, and let sources alone have judged n_c cases with
mean chance c of success (`outcome_model`); then r = expit(logit c + bias) is the rate that people would report. With
a Beta(a, b) prior, whose mean is usual in the thing's stratum, and s = h + Σ n_c r, n = n_h + Σ n_c,

    rate = (a + s) / (a + b + n)
    variance = ((a + s)(b + n - s) - v) / ((a + b + n)² (a + b + n + 1))       how few cases there are
               + v / (a + b + n)²                                                which of them succeeded
               + Σ (n_c r (1 - r) bias_sd)² / (a + b + n)²                       how far the sources are off,

v = Σ chance (1 - chance) over the cases without label. The first two are the law of total variance over the unknown
outcomes. `low` and `high` are points of the Beta distribution of that mean and variance. Sums run twice, over cases
whose sources were checked against people and over the others, each with its own bias.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from scipy.stats import beta as beta_distribution

from queries.evidence.intervals import LEVEL, BetaPrior
from queries.evidence.outcome_model import BIAS_SPREAD, OutcomeModel, Verdicts

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

PRIOR_OUTCOMES: Final = 8.0
"""How many outcomes the rate of all things together is worth where one thing has few. A number learnt from how far
things lie apart would be more exact, but one client could make it jump, and with it the rates of all."""
STRATUM_OUTCOMES: Final = 50.0
"""How many outcomes the rate of all things together is worth where a stratum has few. Fixed for the same reason."""
_MARGIN: Final = 1e-6
_LEAST_STRENGTH: Final = 1e-3


@dataclass(frozen=True)
class Cases:
    """What was heard of each thing; (things,) arrays, cases may be fractions where old ones weigh less."""

    labelled: FloatArray
    """Cases that people labelled."""
    succeeded: FloatArray
    """Successes among them."""
    judged: FloatArray
    """Cases that sources alone judged: (2, things), unchecked sources, then checked ones."""
    chance: FloatArray
    """Sum of their chances, (2, things)."""
    doubt: FloatArray
    """Sum of chance × (1 - chance), (things,)."""

    @property
    def heard(self) -> FloatArray:
        """All cases, (things,)."""
        total: FloatArray = self.labelled + self.judged.sum(axis=0)
        return total


def cases_of(verdicts: Verdicts, weight: FloatArray, thing: IntArray, things: int) -> Cases:
    """Add up cases by thing: verdicts and weight of each case, and its thing, counted from 0: (n,) arrays."""
    chance, labelled, checked = verdicts.chance, verdicts.labelled, verdicts.checked

    def total(values: FloatArray) -> FloatArray:
        summed: FloatArray = np.bincount(thing, values, things).astype(np.float64)
        return summed

    groups = (weight * (~labelled & ~checked), weight * (~labelled & checked))
    return Cases(
        labelled=total(weight * labelled),
        succeeded=total(weight * labelled * chance),
        judged=np.stack([total(group) for group in groups]),
        chance=np.stack([total(group * chance) for group in groups]),
        doubt=total(weight * ~labelled * chance * (1 - chance)),
    )


def success_rates(
    cases: Cases, model: OutcomeModel, prior: BetaPrior | None = None, stratum: IntArray | None = None
) -> tuple[FloatArray, ...]:
    """Return rate, low and high of each thing, three (things,) arrays.

    Without `prior`: the rate of all things of its `stratum` together (one for all, if None), worth `PRIOR_OUTCOMES`.
    `stratum`: groups counted from 0, (things,).
    """
    bias, bias_sd = np.array([[0.0], [model.bias]]), np.array([[BIAS_SPREAD], [model.bias_sd]])
    mean_chance = np.divide(cases.chance, cases.judged, out=np.full(cases.judged.shape, 0.5), where=cases.judged > 0)
    as_people = expit(logit(np.clip(mean_chance, _MARGIN, 1 - _MARGIN)) + bias)
    successes, heard = cases.succeeded + (cases.judged * as_people).sum(axis=0), cases.heard
    if prior is None:
        usual = usual_rates(successes, heard, np.zeros(len(heard), np.int64) if stratum is None else stratum)
        hits, total = PRIOR_OUTCOMES * usual + successes, PRIOR_OUTCOMES + heard
    else:
        hits, total = prior.hits + successes, prior.strength + heard
    few = np.maximum(hits * (total - hits) - cases.doubt, 0.0) / (total**2 * (total + 1))
    off = ((cases.judged * as_people * (1 - as_people) * bias_sd) ** 2).sum(axis=0)
    rate, variance = hits / total, few + (cases.doubt + off) / total**2
    strength = np.maximum(rate * (1 - rate) / variance - 1, _LEAST_STRENGTH)
    ends = (beta_distribution.ppf((1 + side * LEVEL) / 2, rate * strength, (1 - rate) * strength) for side in (-1, 1))
    low, high = ends
    return rate, np.minimum(low, rate), np.maximum(high, rate)


def usual_rates(successes: FloatArray, heard: FloatArray, stratum: IntArray) -> FloatArray:
    """Return the usual rate of each thing's stratum; (things,) arrays, strata counted from 0.

    A stratum's rate is drawn to that of all things together, which is worth `STRATUM_OUTCOMES`. One success and one
    failure are added to all, so that a log of one kind stays unsure.
    """
    overall = (successes.sum() + 1) / (heard.sum() + 2)
    worked, known = np.bincount(stratum, successes), np.bincount(stratum, heard)
    usual: FloatArray = ((worked + STRATUM_OUTCOMES * overall) / (known + STRATUM_OUTCOMES))[stratum]
    return usual
