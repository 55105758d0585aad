"""Match graph: whether an artifact is chosen when it is shown, and whether it worked. Nothing without matches."""

from __future__ import annotations

from collections.abc import Mapping
from math import hypot
from typing import Any, Final

from queries.intervals import BetaPrior, beta_interval
from queries.parts.value import PartValue, clip, known, not_known
from queries.times import iso_date

FORMULA: Final = (
    "(1 - s) * min(1, strength / full strength) + s * success rate, s the share of success; "
    "success rate = (k * pooled rate + successes) / (k + successes + failures); "
    "range: root of the sum of squares of the two weighted 95 % half widths; a half that is not known "
    "leaves the value to the other and widens the range as if it lay anywhere between 0 and 1"
)

Half = tuple[float, float, float]
"""Value, low and high of one half of the part."""


def pooled_success(successes: int, failures: int, prior_outcomes: float) -> BetaPrior:
    """Return the prior of success rates: the rate of all artifacts together, worth `prior_outcomes` outcomes.

    One success and one failure are added to the pool, so that a pool of one kind stays unsure.
    """
    rate = (successes + 1) / (successes + failures + 2)
    return BetaPrior(rate * prior_outcomes, (1 - rate) * prior_outcomes)


def match_graph(evidence: Mapping[str, Any] | None, prior: BetaPrior, numbers: Mapping[str, float]) -> PartValue:
    """Return the match-graph part from an artifact's `EVIDENCE` row, or None if it has none.

    `numbers` holds `full_strength` and `success_share`.
    """
    if evidence is None or not evidence["times_matched"]:
        return not_known("no match is known", times_matched=0)
    chosen, worked = _chosen(evidence, numbers["full_strength"]), _worked(evidence, prior)
    inputs = _inputs(evidence, prior, numbers)
    share = numbers["success_share"]
    if chosen and worked:
        value = (1 - share) * chosen[0] + share * worked[0]
        below = hypot((1 - share) * (chosen[0] - chosen[1]), share * (worked[0] - worked[1]))
        above = hypot((1 - share) * (chosen[2] - chosen[0]), share * (worked[2] - worked[0]))
        return known(value, value - below, value + above, **inputs)
    if chosen:
        return known(chosen[0], (1 - share) * chosen[1], (1 - share) * chosen[2] + share, **inputs)
    if worked:
        return known(worked[0], share * worked[1], share * worked[2] + (1 - share), **inputs)
    return not_known("chosen, but never with a list that was shown, and no outcome is known", **inputs)


def _chosen(evidence: Mapping[str, Any], full: float) -> Half | None:
    if evidence["strength"] is None:
        return None
    low, high = evidence["strength_low"], evidence["strength_high"]
    value = clip(evidence["strength"] / full)
    return value, 0.0 if low is None else clip(low / full), 1.0 if high is None else clip(high / full)


def _worked(evidence: Mapping[str, Any], prior: BetaPrior) -> Half | None:
    outcomes = (evidence["successes"] or 0) + (evidence["failures"] or 0)
    if not outcomes:
        return None
    mean, low, high = beta_interval([evidence["successes"] or 0], [outcomes], prior)
    return float(mean[0]), float(low[0]), float(high[0])


def _inputs(evidence: Mapping[str, Any], prior: BetaPrior, numbers: Mapping[str, float]) -> dict[str, Any]:
    counts = ("times_matched", "clients", "intents", "impressions", "clicks", "successes", "failures")
    strength = ("strength", "strength_low", "strength_high", "effective_n")
    return {
        **{name: evidence[name] for name in counts},
        **{name: None if evidence[name] is None else round(evidence[name], 6) for name in strength},
        "full_strength": numbers["full_strength"],
        "success_share": numbers["success_share"],
        "pooled_success_rate": round(prior.mean, 6),
        "prior_outcomes": round(prior.strength, 6),
        "first_seen": iso_date(evidence["first_seen"]),
        "last_seen": iso_date(evidence["last_seen"]),
    }
