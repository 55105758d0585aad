"""Match graph: whether an artifact is chosen when it is shown, and whether it worked. Nothing without matches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import hypot
from typing import Any, Final

from graph.times import iso_date
from queries.ranking.parts.value import PartValue, clip, known, not_known

FORMULA: Final = (
    "(c * min(1, strength / full strength) + o * success rate) / (c + o), "
    "c = (1 - s) * clients / (clients + half clients), o = s * outcomes / (outcomes + half outcomes), s the share of "
    "success; the part carries c + o of its weight; "
    "range: root of the sum of squares of the two weighted 95 % half widths"
)

Half = tuple[float, float, float]
"""Value, low and high of one half of the part."""

_COUNTS: Final = ("times_matched", "clients", "intents", "impressions", "clicks", "successes", "failures")
_RATES: Final = (
    *("strength", "strength_low", "strength_high", "effective_n"),
    *("success_rate", "success_low", "success_high", "success_n"),
)
_NUMBERS: Final = ("full_strength", "success_share", "half_clients", "half_outcomes")
_UNKNOWN: Final[Half] = (0.0, 0.0, 0.0)


def match_graph(evidence: Mapping[str, Any] | None, numbers: Mapping[str, float]) -> PartValue:
    """Return the match-graph part from an artifact's `EVIDENCE` row, or None if it has none.

    `numbers` holds `full_strength`, `success_share`, `half_clients` and `half_outcomes`. What few clients or few
    outcomes say carries little weight: so one of them cannot move a rank far, not even by saying the first thing.
    """
    if evidence is None or not evidence["times_matched"]:
        return not_known("no match is known", times_matched=0)
    chosen, worked = _chosen(evidence, numbers["full_strength"]), _worked(evidence)
    clients, outcomes = evidence["clients"] or 0, evidence["success_n"] or 0.0
    share = numbers["success_share"]
    of_chosen = (1 - share) * _share(clients, numbers["half_clients"]) if chosen else 0.0
    of_worked = share * _share(outcomes, numbers["half_outcomes"]) if worked else 0.0
    inputs = _inputs(evidence, numbers)
    presence = of_chosen + of_worked
    if presence <= 0:
        return not_known("chosen, but never with a list that was shown, and no outcome is known", **inputs)
    a, b = of_chosen / presence, of_worked / presence
    one, two = chosen or _UNKNOWN, worked or _UNKNOWN
    value = a * one[0] + b * two[0]
    below = hypot(a * (one[0] - one[1]), b * (two[0] - two[1]))
    above = hypot(a * (one[2] - one[0]), b * (two[2] - two[0]))
    inputs["presence"] = round(presence, 6)
    return replace(known(value, value - below, value + above, **inputs), presence=inputs["presence"])


def _share(count: float, half: float) -> float:
    return count / (count + half)


def _chosen(evidence: Mapping[str, Any], full: float) -> Half | None:
    if evidence["strength"] is None:
        return None
    low, high = evidence["strength_low"], evidence["strength_high"]
    value = clip(evidence["strength"] / full)
    return value, 0.0 if low is None else clip(low / full), 1.0 if high is None else clip(high / full)


def _worked(evidence: Mapping[str, Any]) -> Half | None:
    if evidence["success_rate"] is None:
        return None
    return evidence["success_rate"], evidence["success_low"], evidence["success_high"]


def _inputs(evidence: Mapping[str, Any], numbers: Mapping[str, float]) -> dict[str, Any]:
    return {
        **{name: evidence[name] for name in _COUNTS},
        **{name: None if evidence[name] is None else round(evidence[name], 6) for name in _RATES},
        **{name: numbers[name] for name in _NUMBERS},
        "first_seen": iso_date(evidence["first_seen"]),
        "last_seen": iso_date(evidence["last_seen"]),
    }
