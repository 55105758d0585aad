"""The reasons of alternatives as they are stored: one JSON list for each pair, the weightiest sign first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from queries.alternatives.alternative_reasons import Reasons
from queries.alternatives.common_entries import IntArray
from queries.alternatives.joined_score import WEIGHTS
from queries.text.similarity import FloatArray


def listed_reasons(
    reasons: Reasons,
    variants: Mapping[tuple[int, int], str],
    left: IntArray,
    right: IntArray,
    values: Mapping[str, FloatArray],
) -> pa.Array:
    """Return the reasons of every pair of places `left[i]` and `right[i]`: an array of strings.

    `values`: kind of sign → its value for every pair, 0 where there is none. A reason's weight is the sign's share in
    the score: weight times value / their sum. `variants`: the pairs that are variants of one thing, and why.
    """
    weighed = {kind: WEIGHTS[kind] * np.minimum(1.0, value) for kind, value in values.items()}
    totals = sum(weighed.values())
    signs: list[list[tuple[float, str, dict[str, Any]]]] = [[] for _ in range(len(left))]
    for kind, value in values.items():
        found = np.flatnonzero(value > 0)
        told = reasons.lines(kind, left[found], right[found], value[found])
        figures = (each[found] for each in (weighed[kind], weighed[kind] / totals, np.minimum(1.0, value)))
        for row, text, *rest in zip(found.tolist(), told, *(each.tolist() for each in figures), strict=True):
            share, weight, own = rest
            reason = {"kind": kind, "text": text, "weight": round(weight, 4), "value": round(own, 6)}
            signs[row].append((-round(share, 9), kind, reason))
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return pa.array([_encoded(each, variants.get(pair)) for each, pair in zip(signs, pairs, strict=True)], pa.string())


def _encoded(signs: list[tuple[float, str, dict[str, Any]]], variant: str | None) -> str:
    listed = [reason for _, _, reason in sorted(signs)]
    if variant is not None:
        listed.append({"kind": "variant", "text": variant, "weight": 0.0})
    return msgspec.json.encode(listed).decode()
