"""Strength: the probability of being chosen under equal exposure, with a 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.keys import combine_keys
from queries.counting.decay import period_weights
from queries.counting.exposures import SAID
from queries.evidence.click_models import strength_of_counts
from queries.evidence.strata import ONE_STRATUM, Strata

METHOD: Final = "click-model-6"
DIGITS: Final = 9
"""Results are rounded to this many decimals, so that the order of additions does not show."""

STRENGTH: Final = ("strength", "strength_low", "strength_high", "effective_n")

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Strengths:
    """Strength of everything that was shown, and how it was found."""

    rates: pa.Table
    """The columns that name the thing, and `STRENGTH`: one row for each, in order."""
    model: str
    """The click model that was used; "none" where nothing was shown."""
    warnings: tuple[str, ...]


def strengths(shown: pa.Table, by: Sequence[str], strata: Strata = ONE_STRATUM) -> Strengths:
    """Estimate the strength of everything shown from its impressions and choices by position.

    `shown`: the integer columns `by`, which name a thing, and position, period (see `queries.counting.decay`),
    impressions, clicks, taught_impressions, taught_clicks, as `queries.counting.exposures` counts them; rows may be
    split. What all things share is learnt from what is taught, or from everything where the last two are not given.
    Rows at position 0 (unknown) say nothing here. Older periods weigh less. `strata` of the last of `by`: groups whose
    priors may differ.
    `effective_n` is how many certain looks would say as much. Which click model is used, and its formulas:
    `queries.evidence.click_models.choose`.
    """
    order = [(name, "ascending") for name in (*by, "position")]
    placed = shown.filter(pc.greater(shown["position"], 0)).sort_by(order)
    columns = {name: placed[name].to_numpy() for name in placed.column_names}
    item, first = things_of([columns[name] for name in by])
    names = {name: pa.array(columns[name][first], pa.int64()) for name in by}
    if not len(first):
        nothing = pa.array([], pa.float64())
        return Strengths(pa.table({**names, **dict.fromkeys(STRENGTH, nothing)}), "none", ())
    weight = period_weights(columns["period"])
    taught = tuple(columns[name] * weight for name in SAID[2:] if name in columns)
    stratum = strata.of(columns[by[-1]][first])
    found = strength_of_counts(
        *(item, columns["position"], columns["impressions"] * weight, columns["clicks"] * weight),
        items=len(first),
        stratum=stratum if len(np.unique(stratum)) > 1 else None,
        taught=(taught[0], taught[1]) if taught else None,
        draw=combine_keys({name: columns[name][first] for name in by}),
    )
    results = (found.strength, found.low, found.high, found.effective_exposure)
    rates: dict[str, Any] = {name: np.round(values, DIGITS) for name, values in zip(STRENGTH, results, strict=True)}
    return Strengths(pa.table({**names, **rates}), found.model, found.warnings)


def things_of(keys: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """Number the things of rows sorted by their keys: thing of each row, from 0, and the first row of each thing."""
    starts = np.zeros(len(keys[0]), np.bool_)
    for key in keys:
        starts[1:] |= key[1:] != key[:-1]
    starts[:1] = True
    return np.cumsum(starts) - 1, np.flatnonzero(starts)
