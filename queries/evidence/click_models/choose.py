"""Which click model for which data: the one that best foretells choices it has not seen, with a stated fallback.

1. Whole lists are known: position-based model (PBM) and SDBN are fitted to every other search and compared by the
   log-likelihood of the remaining lists. If SDBN is the better one, it is fitted to all of them.
2. Otherwise, or if only counts are known: PBM if its factors can be told apart (`identifiability`).
3. Otherwise COEC, with a warning that says why. Never raw click-through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from queries.evidence.click_models.coec import fit_coec
from queries.evidence.click_models.counts import FloatArray, IntArray, Taught, place_counts
from queries.evidence.click_models.identifiability import identifiability
from queries.evidence.click_models.pbm import PBMFit, fit_pbm
from queries.evidence.click_models.sdbn import SDBNFit, fit_sdbn, list_counts
from queries.evidence.intervals import BetaPrior

ModelName = Literal["pbm", "sdbn", "coec"]

MAX_COMPARED_ROWS: Final = 1_000_000
"""Models are compared on at most about this many shown things: every n-th search."""


@dataclass(frozen=True)
class Strength:
    """Position-corrected strength of each item, (items,) arrays, and the model that gave it."""

    model: ModelName
    strength: FloatArray
    low: FloatArray
    high: FloatArray
    effective_exposure: FloatArray
    log_likelihood: dict[str, float]
    """Mean log-likelihood of unseen impressions by model, nats; empty if nothing was compared."""
    warnings: tuple[str, ...]


def strength_of_lists(
    search: npt.ArrayLike, item: npt.ArrayLike, position: npt.ArrayLike, clicked: npt.ArrayLike, *, items: int = 0
) -> Strength:
    """Choose a model by what it foretells and fit it: one row for each thing shown, four (n,) arrays."""
    s, i, k, c = (np.asarray(column, np.int64) for column in (search, item, position, clicked))
    items = max(items, int(i.max(initial=-1)) + 1)
    compared = compare_models(s, i, k, c, items)
    counts = list_counts(s, i, k, c)
    if compared and max(compared, key=lambda name: (compared[name], name)) == "sdbn":
        fit = fit_sdbn(counts, items=items)
        return Strength("sdbn", fit.attractiveness, fit.low, fit.high, fit.effective_exposure, compared, fit.warnings)
    chosen = strength_of_counts(counts.item, counts.position, counts.impressions, counts.clicks, items=items)
    return Strength(
        chosen.model, chosen.strength, chosen.low, chosen.high, chosen.effective_exposure, compared, chosen.warnings
    )


def strength_of_counts(
    item: npt.ArrayLike,
    position: npt.ArrayLike,
    impressions: npt.ArrayLike,
    clicks: npt.ArrayLike,
    *,
    items: int = 0,
    stratum: npt.ArrayLike | None = None,
    taught: Taught | None = None,
    draw: IntArray | None = None,
    prior: BetaPrior | None = None,
) -> Strength:
    """Fit PBM if the counts that teach identify it, else COEC: four (n,) arrays, the rest as in `fit_pbm`."""
    rows = (item, position, impressions, clicks)
    checked = identifiability(place_counts(item, position, *(taught or (impressions, clicks)), items))
    if checked.identifiable:
        fit = fit_pbm(*rows, items=items, stratum=stratum, taught=taught, draw=draw, prior=prior)
        return Strength("pbm", fit.attractiveness, fit.low, fit.high, fit.effective_exposure, {}, fit.warnings)
    ratio = fit_coec(*rows, items=items, taught=taught)
    mean, low, high = ratio.strength()
    warning = "Position and attractiveness cannot be told apart here, so strength is clicks over expected clicks."
    top = max(float(ratio.position_rate.max(initial=0.0)), 1e-12)
    return Strength(
        "coec", mean, low, high, ratio.expected_clicks / top, {}, (*ratio.warnings, *checked.reasons, warning)
    )


def compare_models(
    search: IntArray, item: IntArray, position: IntArray, clicked: IntArray, items: int
) -> dict[str, float]:
    """Fit PBM and SDBN to every other search; return the mean log-likelihood of the other half's impressions.

    Searches are taken in the order of their numbers. Empty if either half has no clicks. PBM foretells well even
    where its two factors cannot be told apart, so it always takes part.
    """
    _, of_row = np.unique(search, return_inverse=True)
    every = -(-len(search) // MAX_COMPARED_ROWS) or 1
    kept = of_row % every == 0
    fitted = kept & (of_row // every % 2 == 0)
    tested = kept & ~fitted
    if not clicked[fitted].any() or not clicked[tested].any():
        return {}
    counts = list_counts(search[fitted], item[fitted], position[fitted], clicked[fitted])
    unseen = (search[tested], item[tested], position[tested], clicked[tested])
    fit = fit_pbm(counts.item, counts.position, counts.impressions, counts.clicks, items=items)
    return {
        "pbm": float(np.mean(pbm_log_likelihood(fit, *unseen[1:]))),
        "sdbn": float(np.mean(sdbn_log_likelihood(fit_sdbn(counts, items=items), *unseen))),
    }


def pbm_log_likelihood(fit: PBMFit, item: IntArray, position: IntArray, clicked: IntArray) -> FloatArray:
    """Log probability of each impression's outcome: (n,). Positions deeper than any fitted count as the deepest."""
    deepest = len(fit.examination)
    chance = fit.examination[np.minimum(position, deepest) - 1] * fit.attractiveness[item]
    return log_outcome(chance, clicked)


def sdbn_log_likelihood(
    fit: SDBNFit, search: IntArray, item: IntArray, position: IntArray, clicked: IntArray
) -> FloatArray:
    """Log probability of each impression's outcome given what was chosen above it: (n,), in the given order.

    Forward recursion of Chapelle & Zhang 2009, section 4 with γ = 1: after a choice the reader goes on with
    probability 1 - satisfaction; after a skip, how likely he still reads follows from Bayes' rule.
    """
    order = np.lexsort((position, search))
    starts = np.flatnonzero(np.diff(search[order], prepend=search[order][:1] - 1))
    lengths = np.diff(np.append(starts, len(order)))
    result = np.empty(len(order))
    reading = np.ones(len(starts))
    for step in range(int(lengths.max(initial=0))):
        alive = lengths > step
        row = order[starts[alive] + step]
        attracted, hit = fit.attractiveness[item[row]], clicked[row] > 0
        chance = reading[alive] * attracted
        result[row] = log_outcome(chance, clicked[row])
        after_skip = reading[alive] * (1 - attracted) / np.maximum(1 - chance, 1e-12)
        reading[alive] = np.where(hit, 1 - fit.satisfaction[item[row]], after_skip)
    return result


def log_outcome(chance: FloatArray, clicked: IntArray) -> FloatArray:
    """Log probability of a choice or a skip, chances kept a millionth away from 0 and 1."""
    safe = np.clip(chance, 1e-6, 1 - 1e-6)
    return np.where(clicked > 0, np.log(safe), np.log1p(-safe))
