"""Simplified dynamic Bayesian network: people read top down and stop when a chosen result satisfies them.

Chapelle & Zhang 2009, "A dynamic Bayesian network click model for web search ranking" (section 5, γ = 1).
Everything at or above the last click was looked at; in a list without clicks, everything was. With at most one
click in each list it is the cascade model (Craswell, Zoeter, Taylor & Ramsey 2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.errors import WrongUse
from queries.evidence.click_models.counts import FloatArray, IntArray, place_counts
from queries.evidence.click_models.marginal import usual_depth
from queries.evidence.click_models.pbm import fit_counts
from queries.evidence.intervals import beta_interval, fit_beta_prior


@dataclass(frozen=True)
class ListCounts:
    """What lists say, by (item, position), sorted by both; (rows,) integers that add up over any split of searches."""

    item: IntArray
    position: IntArray
    impressions: IntArray
    examined: IntArray
    """Impressions at or above the last click of their list, or in a list without clicks."""
    clicks: IntArray
    last_clicks: IntArray
    """Clicks that were the lowest of their list: taken as satisfaction."""


def list_counts(
    search: npt.ArrayLike, item: npt.ArrayLike, position: npt.ArrayLike, clicked: npt.ArrayLike
) -> ListCounts:
    """Turn one row for each thing shown into the statistics of SDBN and PBM: four (n,) arrays, rows in any order.

    A search's rows must come in one call, since its last click decides which of them count as examined.
    """
    s, i, k = (np.asarray(column, np.int64) for column in (search, item, position))
    hit = np.asarray(clicked).astype(np.bool_)
    if not len(s) == len(i) == len(k) == len(hit):
        lengths = f"{len(s)}, {len(i)}, {len(k)}, {len(hit)}"
        raise WrongUse(f"search, item, position and clicked must be equally long, not {lengths}.")
    if len(i) and (i.min() < 0 or k.min() < 1):
        raise WrongUse("Items count from 0 and positions from 1; leave out rows with other values.")
    lists, of_list = np.unique(s, return_inverse=True)
    last = np.zeros(len(lists), np.int64)
    np.maximum.at(last, of_list[hit], k[hit])
    last = last[of_list]
    deepest = int(k.max(initial=1)) + 1
    key, row = np.unique(i * deepest + k, return_inverse=True)
    return ListCounts(
        key // deepest,
        key % deepest,
        *(
            np.bincount(row[chosen], minlength=len(key)).astype(np.int64)
            for chosen in (np.ones_like(hit), (last == 0) | (k <= last), hit, hit & (k == last))
        ),
    )


@dataclass(frozen=True)
class SDBNFit:
    """What the model learnt, by item: (items,) arrays."""

    attractiveness: FloatArray
    """Posterior mean of P(chosen when looked at)."""
    low: FloatArray
    high: FloatArray
    effective_exposure: FloatArray
    """Times the item was looked at."""
    satisfaction: FloatArray
    """Posterior mean of P(search ends there once chosen)."""
    satisfaction_low: FloatArray
    satisfaction_high: FloatArray
    warnings: tuple[str, ...]


def fit_sdbn(counts: ListCounts, *, items: int = 0, use_placement: bool = True) -> SDBNFit:
    """Fit by counting, with priors learnt from all items; items are numbered 0 to the highest, or to `items - 1`.

    Attractiveness is clicks / examined under the Beta prior of `pbm` (whose mean may depend on the item's usual
    depth), satisfaction is last clicks / clicks under a Beta prior of its own.
    """
    shown = place_counts(counts.item, counts.position, counts.impressions, counts.clicks, items)
    columns = [usual_depth(shown)[:, None]] if use_placement else []
    anywhere = np.ones(len(counts.item), np.int64)
    examined = place_counts(counts.item, anywhere, counts.examined, counts.clicks, items)
    fit = fit_counts(examined, None, columns, None)
    clicks = np.bincount(counts.item, counts.clicks, len(fit.attractiveness))
    last = np.bincount(counts.item, counts.last_clicks, len(fit.attractiveness))
    satisfied, low, high = beta_interval(last, clicks, fit_beta_prior(last, clicks))
    return SDBNFit(
        fit.attractiveness, fit.low, fit.high, fit.effective_exposure, satisfied, low, high, examined.warnings
    )
