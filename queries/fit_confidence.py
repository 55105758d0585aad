"""Fitting the confidence of a text index to its own log."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from queries.calibration import (
    MIN_SEARCHES,
    PRIOR,
    Calibrator,
    Matrix,
    calibration_error,
    fit,
    write_calibrator,
)
from queries.matching import Matcher

MAX_SEARCHES: Final = 2_000
HITS: Final = 5
"""So many hits of every search are examples, right or wrong."""

Examples = tuple[Matrix, npt.NDArray[np.bool_]]
"""Features (n, len(FEATURES)) of hits, best first, and which of them are right (n,)."""


def fit_confidence(folder: Path) -> Calibrator:
    """Fit the calibrator of the text index in a folder to its past searches, write it there, and return it.

    Every past intent (`MAX_SEARCHES` spread over all of them) is searched for without its own record; what it chose,
    or was judged relevant to it, is right, other hits are wrong. Below `MIN_SEARCHES` intents the prior stays. The
    error stated is that of a calibrator fitted to every second intent, on the others.
    """
    matcher = Matcher.open(folder)
    count = len(matcher.past)
    if count < MIN_SEARCHES:
        return PRIOR
    numbers = np.unique(np.linspace(0, count - 1, min(count, MAX_SEARCHES)).astype(np.int64)).tolist()
    examples = [_example(matcher, number) for number in numbers]
    calibrator = msgspec.structs.replace(_fitted(examples), error=_error(examples))
    write_calibrator(folder, calibrator)
    return calibrator


def _example(matcher: Matcher, intent: int) -> Examples:
    query = matcher.analyse(matcher.past.describe(intent)[1] or "")
    neighbours = matcher.past.neighbours(query.stems, without=intent)
    hits, features = matcher.described(query, neighbours, HITS)
    chosen = matcher.past.chosen(intent)
    return features, np.array([hit.document in chosen for hit in hits], dtype=np.bool_)


def _error(examples: Sequence[Examples]) -> float:
    """Fit to every second search; return the calibration error of the first hits of the others."""
    half = _fitted(examples[::2])
    first = [(features[:1], right[:1]) for features, right in examples[1::2]]
    features, right = _joined(first)
    return round(calibration_error(half.confidence(features), right), 4)


def _fitted(examples: Sequence[Examples]) -> Calibrator:
    return fit(*_joined(examples), method="log", searches=len(examples))


def _joined(examples: Sequence[Examples]) -> Examples:
    return np.concatenate([features for features, _ in examples]), np.concatenate([right for _, right in examples])
