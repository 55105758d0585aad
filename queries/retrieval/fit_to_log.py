"""Fitting the search to its own log: the weights of its witnesses, then its confidence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from queries.retrieval.calibration import (
    MIN_SEARCHES,
    PRIOR,
    Calibrator,
    Matrix,
    calibration_error,
    fit,
    write_calibrator,
)
from queries.retrieval.fusion import fit_fusion, write_fusion
from queries.retrieval.matching import Matcher
from queries.retrieval.weighing import Weighed

MAX_SEARCHES: Final = 2_000
MIN_STATED: Final = 200
"""Of fewer searches no calibration error is stated: bins of a few searches are off by chance."""

HITS: Final = 5
"""So many hits of every search are examples for the confidence, right or wrong."""

Examples = tuple[Matrix, npt.NDArray[np.bool_]]
"""Features (n, len(FEATURES)) of hits, best first, and which of them are right (n,)."""


def fit_to_log(folder: Path) -> Calibrator:
    """Fit weights and calibrator of the text index in a folder to its past searches, and write them there.

    Every past intent (`MAX_SEARCHES` spread over all of them) is searched for without its own record; what it chose,
    or was judged relevant to it, is right, other hits are wrong. Weights move as far as the searches speak for it;
    below `MIN_SEARCHES` intents the prior calibrator stays. The error stated is that of a calibrator fitted to every
    second intent, on the others. Returns the calibrator.

    Intents whose texts are withheld cannot be asked again: where some are (an index that was published) and the rest
    are fewer than what the weights were fitted to, all stays as it is.
    """
    matcher = Matcher.open(folder)
    numbers, texts = _texts(matcher)
    count = len(texts)
    if count < min(len(matcher.past), matcher.fusion.searches):
        return matcher.calibrator
    found = [_asked_again(matcher, number, text) for number, text in zip(numbers, texts, strict=True)]
    matcher.fusion = fit_fusion([(weighed.witnesses, right) for weighed, right in found])
    write_fusion(folder, matcher.fusion)
    if count < MIN_SEARCHES:
        return PRIOR
    examples = [_example(matcher, weighed, right) for weighed, right in found]
    calibrator = _fitted(examples)
    if count >= MIN_STATED:
        calibrator = msgspec.structs.replace(calibrator, error=_error(examples))
    write_calibrator(folder, calibrator)
    return calibrator


def _texts(matcher: Matcher) -> tuple[list[int], list[str]]:
    """Return up to `MAX_SEARCHES` past intents, spread over all of which a text is shown, and the texts."""
    shown = [(number, text) for number in range(len(matcher.past)) if (text := matcher.past.describe(number)[1])]
    places = np.unique(np.linspace(0, max(len(shown) - 1, 0), min(len(shown), MAX_SEARCHES)).astype(np.int64))
    kept = [shown[place] for place in places.tolist()]
    return [number for number, _ in kept], [text for _, text in kept]


def _asked_again(matcher: Matcher, intent: int, text: str) -> tuple[Weighed, npt.NDArray[np.bool_]]:
    query = matcher.analyse(text)
    weighed = matcher.weighed(query, HITS, without=intent)
    return weighed, np.isin(weighed.documents, list(matcher.past.chosen(intent)))


def _example(matcher: Matcher, weighed: Weighed, right: npt.NDArray[np.bool_]) -> Examples:
    """Return the best hits under the weights that were fitted."""
    again = matcher.ordered(weighed)
    best = again.order[:HITS]
    return again.features[best], right[best]


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
