"""What would raise a rank: how many points each missing fact, and each rule that is not met, could add at most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from queries.ranking.parts.value import PartValue
from queries.ranking.rank import combine
from queries.ranking.rank_weights import PARTS

_ADVICE = {
    "adoption": "if it had more stars, downloads or likes (on a logarithmic scale)",
    "ecosystem": "if more others named it, built on it or shared concepts with it",
    "match_graph": "if it were chosen more often where it is shown, and worked whenever it was chosen",
    "freshness": "if it changed, and stated the date",
}
_MISSING = {
    "adoption": "if its stars, downloads or likes were stated",
    "quality": "if it were described",
    "ecosystem": "if its capabilities were listed, so that they could be compared",
    "match_graph": "if searches led to it",
    "freshness": "if it were stated when it last changed",
}


class Improvement(msgspec.Struct, frozen=True):
    """Something that would raise a rank."""

    part: str
    text: str
    points_at_most: float
    """How far the rank would rise if the part, or the rule, were at its best and all else as it is."""
    points_at_worst: float
    """A missing part can also lower the rank: how far, as a negative number; 0 for what is known."""


def improvements(values: Mapping[str, float | None], inputs: Mapping[str, Mapping[str, Any]]) -> list[Improvement]:
    """Return what would raise a rank, the most points first.

    `values` and `inputs` (as JSON-like data, of the table `rank_parts`) of every part. Points are the difference of the
    rank with the part at its best, everything else as it is; a missing part can also lower the rank, by up to
    `points_at_worst`. Nothing for artifacts without a rank, and of snapshots made before inputs held the type's weight.
    """
    if any("type_weight" not in inputs[name] for name in PARTS):
        return []
    weights = {name: float(inputs[name]["type_weight"]) for name in PARTS}
    parts = {name: PartValue(values[name], None, None, presence=inputs[name].get("presence", 1.0)) for name in PARTS}
    now = combine(parts, weights).rank
    if now is None:
        return []

    def change(name: str, value: float, presence: float) -> float:
        changed = combine({**parts, name: PartValue(value, value, value, presence=presence)}, weights).rank
        return round((changed or 0.0) - now, 2)

    found: list[Improvement] = []
    for name in PARTS:
        part = parts[name]
        if part.value is None:
            found.append(Improvement(name, _MISSING[name], change(name, 1.0, 1.0), change(name, 0.0, 1.0)))
        elif name == "quality":
            for rule in inputs[name]["rules"]:
                better = _with_rule(inputs[name], rule)
                found.append(Improvement(name, f"if it met the rule “{rule['text']}”", change(name, better, 1.0), 0.0))
        else:
            found.append(Improvement(name, _ADVICE[name], change(name, 1.0, 1.0), 0.0))
    useful = [each for each in found if each.points_at_most > 0]
    return sorted(useful, key=lambda each: (-each.points_at_most, each.part, each.text))


def _with_rule(inputs: Mapping[str, Any], rule: Mapping[str, Any]) -> float:
    """Return the quality part if this rule were met in full; a rule that did not apply then does."""
    applied = rule["met"] is not None
    reached = inputs["reached"] + rule["points"] * (1 - (rule["met"] or 0.0))
    return float(reached / (inputs["points"] + (0 if applied else rule["points"])))
