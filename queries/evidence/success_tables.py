"""From counted patterns of votes to tables: successes, failures and the success rate of every edge and artifact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.masking import mask_personal_data
from queries.counting.decay import period_weights
from queries.counting.outcomes import KIND_NAMES, Source, decided, votes_of
from queries.evidence.intervals import BetaPrior
from queries.evidence.outcome_model import OutcomeModel, fit_outcomes
from queries.evidence.strata import ONE_STRATUM, Strata
from queries.evidence.strength import DIGITS, things_of
from queries.evidence.success import cases_of, success_rates

SUCCESS: Final = ("success_rate", "success_low", "success_high", "success_n")
OUTCOMES: Final = ("successes", "failures", *SUCCESS)

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

_JEFFREYS: Final = BetaPrior(0.5, 0.5)


def fit_patterns(counted: pa.Table, named: Sequence[Source]) -> OutcomeModel:
    """Learn how far the sources can be believed. `counted`: pattern and units, one row for each pattern."""
    ordered = counted.sort_by("pattern")
    votes = votes_of(ordered["pattern"].to_numpy(), len(named))
    return fit_outcomes(_label(votes), votes[:, 1:], ordered["units"].to_numpy())


def success_table(
    counted: pa.Table,
    by: Sequence[str],
    model: OutcomeModel,
    named: Sequence[Source],
    strata: Strata = ONE_STRATUM,
) -> pa.Table:
    """Return `by` and `OUTCOMES` of everything with an outcome, in order.

    `counted` from `outcomes.count_patterns`. Successes and failures are whole verdicts, undecayed; the rate
    weighs sources by their reliability and old periods less, and is drawn to that of all things of its stratum (that of
    the last column of `by`). It is null where nothing is left that weighs. `success_n`: how many outcomes it rests on.
    """
    ordered = counted.sort_by([(name, "ascending") for name in (*by, "period", "pattern")])
    columns = {name: ordered[name].to_numpy() for name in ordered.column_names}
    thing, first = things_of([columns[name] for name in by])
    things = len(first)
    votes = votes_of(columns["pattern"], len(named))
    verdict = decided(votes, tuple(named))
    weight = period_weights(columns["period"]) * columns["counted"]
    cases = cases_of(model.read(_label(votes), votes[:, 1:]), weight, thing, things)
    table: dict[str, Any] = {name: pa.array(columns[name][first], pa.int64()) for name in by}
    for name, which in (("successes", 1), ("failures", -1)):
        total = np.bincount(thing, columns["units"] * (verdict == which), things)
        table[name] = pa.array(total.astype(np.int64))
    found = success_rates(cases, model, stratum=strata.of(columns[by[-1]][first]))
    for name, values in zip(SUCCESS, (*found, cases.heard), strict=True):
        table[name] = pa.array(np.round(values, DIGITS), pa.float64(), mask=cases.heard <= 0)
    return pa.table(table)


def outcome_report(counted: pa.Table, model: OutcomeModel, named: Sequence[Source]) -> dict[str, Any]:
    """Return what the manifest says: the success rate of the whole log, and each source with its reliability.

    `counted` as in `fit_patterns`.
    """
    ordered = counted.sort_by("pattern")
    votes, units = votes_of(ordered["pattern"].to_numpy(), len(named)), ordered["units"].to_numpy()
    label, found = _label(votes), model.reliability
    cases = cases_of(model.read(label, votes[:, 1:]), units.astype(np.float64), np.zeros(len(units), np.int64), 1)
    rate, low, high = (round(float(values[0]), 6) for values in success_rates(cases, model, _JEFFREYS))
    labelled = int(units @ ~np.isnan(label))
    total: dict[str, Any] = {"judged": int(units.sum()), "labelled_by_people": labelled}
    if total["judged"]:
        total |= {
            "rate": rate,
            "low": low,
            "high": high,
            "bias": round(model.bias, 6),
            "bias_sd": round(model.bias_sd, 6),
        }
    heard = units @ (votes != 0)
    sources: list[dict[str, Any]] = []
    for place, source in enumerate(named):
        row = {"kind": KIND_NAMES[source.level], "source": mask_personal_data(source.name), "judged": int(heard[place])}
        if place:
            row |= {name: round(float(getattr(found, name)[place - 1]), 6) for name in _RELIABILITY}
            row["compared"] = int(found.compared[place - 1])
        sources.append(row)
    return {"success": total, "outcome_sources": sources}


_RELIABILITY: Final = tuple(f"{name}{end}" for name in ("sensitivity", "specificity") for end in ("", "_low", "_high"))


def _label(votes: IntArray) -> FloatArray:
    """What people say, who come first among the sources: 1, 0, or not a number."""
    label: FloatArray = np.where(votes[:, 0] == 0, np.nan, (votes[:, 0] + 1) / 2)
    return label
