"""Fitting the search to its own log: the weights of its witnesses, then its confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from queries.retrieval.calibration import (
    FEATURES,
    MIN_SEARCHES,
    PRIOR,
    Calibrator,
    Matrix,
    calibration_error,
    fit,
    write_calibrator,
)
from queries.retrieval.familiarity import familiarity, lowest
from queries.retrieval.fusion import fit_fusion, write_fusion
from queries.retrieval.matching import Matcher
from queries.retrieval.odds import anything
from queries.retrieval.own_record import own_records
from queries.retrieval.past_pulls import concave
from queries.retrieval.weighing import Weighed

MAX_SEARCHES: Final = 2_000
MIN_STATED: Final = 200
"""Of fewer searches no calibration error is stated: bins of a few searches are off by chance."""

HITS: Final = 5
"""So many hits of every search are examples for the confidence, right or wrong."""


@dataclass(frozen=True)
class Again:
    """A past search asked as if it had not been logged."""

    weighed: Weighed
    right: npt.NDArray[np.bool_]
    """(n,) which hits it chose."""
    count: float
    """For how many searches it counts, 0 to 1: as much as its edges pull, and as its clients are many."""


def fit_to_log(folder: Path, needs_per_client: float = 1.0, judged: frozenset[int] = frozenset()) -> Calibrator:
    """Fit weights and calibrator of the text index in a folder to its past searches, and write them there.

    Every past intent (`MAX_SEARCHES` spread over all of them) is searched for without its own record; what it chose,
    or was judged relevant to it, is right, other hits are wrong. An intent counts as much as its edges pull, at most
    once, so that many of one client do not count like many of many; and those of a client, who made
    `needs_per_client` on the average, count like 1 + ln of them: how one asks says little of how others ask, and a
    log of one agent is one opinion. Intents with a judgment (`judged`: their keys) are nobody's habit and count whole.
    Weights move as far as the searches speak for it; below `MIN_SEARCHES` intents the prior calibrator stays. The error
    stated is that of a calibrator fitted to every second intent, on the others. Returns the calibrator.

    Intents whose texts are withheld cannot be asked again: where some are (an index that was published) and the rest
    are fewer than what the weights were fitted to, all stays as it is.
    """
    matcher = Matcher.open(folder)
    numbers, texts = _texts(matcher)
    count = len(texts)
    if count < min(len(matcher.past), matcher.fusion.searches):
        return matcher.calibrator
    opinions, keys = concave(max(1.0, needs_per_client)), matcher.past.keys()
    found = [
        _asked_again(matcher, number, text, 1.0 if int(keys[number]) in judged else opinions)
        for number, text in zip(numbers, texts, strict=True)
    ]
    examples = [(again.weighed.witnesses, again.right) for again in found]
    matcher.fusion = fit_fusion(examples, [again.count for again in found])
    write_fusion(folder, matcher.fusion)
    if count < MIN_SEARCHES:
        return PRIOR
    reordered = [replace(again, weighed=matcher.ordered(again.weighed)) for again in found]
    calibrator = _fitted(reordered)
    if count >= MIN_STATED:
        calibrator = msgspec.structs.replace(calibrator, error=_error(reordered))
    write_calibrator(folder, calibrator)
    return calibrator


def _texts(matcher: Matcher) -> tuple[list[int], list[str]]:
    """Return up to `MAX_SEARCHES` past intents, spread over all of which a text is shown, and the texts."""
    shown = [(number, text) for number in range(len(matcher.past)) if (text := matcher.past.describe(number)[1])]
    places = np.unique(np.linspace(0, max(len(shown) - 1, 0), min(len(shown), MAX_SEARCHES)).astype(np.int64))
    kept = [shown[place] for place in places.tolist()]
    return [number for number, _ in kept], [text for _, text in kept]


def _asked_again(matcher: Matcher, intent: int, text: str, opinions: float) -> Again:
    weighed = matcher.weighed(matcher.analyse(text), HITS, without=intent)
    pulls = matcher.past.pulls_of(intent)
    count = opinions * min(1.0, sum(pulls.values()) / len(pulls))
    return Again(weighed, np.isin(weighed.documents, list(pulls)), count)


def _error(found: Sequence[Again]) -> float:
    """Fit to every second search; return the calibration error of the first hits of the others."""
    calibrator, others = _fitted(found[::2]), found[1::2]
    features, right, _, documents = _best(others, 1)
    stood = zip(others, _anything(others).tolist(), strict=True)
    familiar = [familiarity(odds, calibrator.served) for again, odds in stood if len(again.right)]
    return round(calibration_error(calibrator.confidence(features, documents) * np.array(familiar), right), 4)


def _fitted(found: Sequence[Again]) -> Calibrator:
    served = lowest(_anything(found), np.array([again.count for again in found]))
    features, right, counts, documents = _best(found, HITS)
    fitted = fit(features, right, counts, method="log", searches=len(found))
    records = own_records(fitted.log_odds(features, documents), right, counts, documents)
    return msgspec.structs.replace(fitted, served=served, records=records)


def _anything(found: Sequence[Again]) -> Matrix:
    """Return of each search the log odds that anything fits (n,)."""
    place = FEATURES.index("alone")
    return np.array([anything(again.weighed.features[:, place], again.weighed.order) for again in found])


def _best(found: Sequence[Again], hits: int) -> tuple[Matrix, npt.NDArray[np.bool_], Matrix, npt.NDArray[np.int64]]:
    """Return features (n, len(FEATURES)) of the best hits of each, whether right, how often each counts, whose."""
    best = [again.weighed.order[:hits] for again in found]
    return (
        np.concatenate([again.weighed.features[places] for again, places in zip(found, best, strict=True)]),
        np.concatenate([again.right[places] for again, places in zip(found, best, strict=True)]),
        np.concatenate([np.full(len(places), again.count) for again, places in zip(found, best, strict=True)]),
        np.concatenate([again.weighed.documents[places] for again, places in zip(found, best, strict=True)]),
    )
