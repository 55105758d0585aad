"""The reasons of alternatives as they are stored: one JSON list for each pair, the weightiest sign first."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from queries.alternatives.alternative_reasons import Reasons
from queries.alternatives.common_entries import IntArray
from queries.alternatives.joined_score import WEIGHTS
from queries.text.bytes_of_texts import texts_of
from queries.text.similarity import FloatArray

_TO_ORDER, _OF_WEIGHT, _OF_VALUE = 9, 4, 6
"""Decimals."""
_DOUBTFUL: Final = 1e-4
"""So near to a half the product with a power of ten may be on the wrong side of it."""
_LINE_END: Final = ord("\n")


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
    totals = sum(weighed.values(), np.zeros(len(left)))
    rows, shares, told = [np.zeros(0, np.int64)], [np.zeros(0)], []
    for kind, value in sorted(values.items()):
        found = np.flatnonzero(value > 0)
        texts = reasons.lines(kind, left[found], right[found], value[found])
        weights = rounded(weighed[kind][found] / totals[found], _OF_WEIGHT).tolist()
        owns = rounded(np.minimum(1.0, value[found]), _OF_VALUE).tolist()
        told += [
            {"kind": kind, "text": text, "weight": weight, "value": own}
            for text, weight, own in zip(texts, weights, owns, strict=True)
        ]
        rows.append(found)
        shares.append(rounded(weighed[kind][found], _TO_ORDER))
    row = np.concatenate(rows)
    order = np.lexsort((-np.concatenate(shares), row))  # of equal ones the first kind, by the alphabet
    ordered = [told[place] for place in order.tolist()]
    ends = np.cumsum(np.bincount(row, minlength=len(left))).tolist()
    listed = [ordered[start:end] for start, end in pairwise([0, *ends])]
    if variants:
        _add_variants(listed, variants, left, right)
    return encoded(listed)


def rounded(values: FloatArray, decimals: int) -> FloatArray:
    """Return what Python's `round` gives for each value between 0 and 1: decimals of the number as it is written.

    >>> rounded(np.array([0.00005, 0.00015, 1.0]), 4).tolist()
    [0.0001, 0.0001, 1.0]
    """
    scaled = values * 10.0**decimals
    found = np.rint(scaled) / 10.0**decimals
    for place in np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < _DOUBTFUL).tolist():
        found[place] = round(float(values[place]), decimals)
    return np.asarray(found)


def _add_variants(
    listed: list[list[dict[str, Any]]], variants: Mapping[tuple[int, int], str], left: IntArray, right: IntArray
) -> None:
    for reasons, pair in zip(listed, zip(left.tolist(), right.tolist(), strict=True), strict=True):
        if pair in variants:
            reasons.append({"kind": "variant", "text": variants[pair], "weight": 0.0})


def encoded(listed: list[list[dict[str, Any]]]) -> pa.Array:
    """Return each list as JSON, all of them encoded in one go: no line end stands within one."""
    lines = msgspec.json.Encoder().encode_lines(listed)
    ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == _LINE_END)
    starts = np.concatenate([np.zeros(1, np.int64), ends - np.arange(len(ends))])
    return texts_of(np.frombuffer(lines.replace(b"\n", b""), np.uint8), starts)
