"""Fitting the search to its own log: the weights of its witnesses, then its confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec
import numpy as np

from queries.retrieval.asked_again import HITS, Again, asked_again, asked_among, best_hits, past_needs
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
from queries.retrieval.judged import Judged
from queries.retrieval.matching import Matcher
from queries.retrieval.odds import anything
from queries.retrieval.own_record import own_records
from queries.retrieval.past_pulls import concave

MIN_STATED: Final = 200
"""Of fewer searches no calibration error is stated: bins of a few searches are off by chance."""

NO_JUDGMENTS: Final[Mapping[int, Judged]] = MappingProxyType({})


def fit_to_log(folder: Path, needs_per_client: float = 1.0, judged: Mapping[int, Judged] = NO_JUDGMENTS) -> Calibrator:
    """Fit weights and calibrator of the text index in a folder to its past searches, and write them there.

    Every past intent is searched for without its own record (`queries.retrieval.asked_again`). An intent counts as much
    as its edges pull, at most once, so that many of one client do not count like many of many; and those of a client,
    who made `needs_per_client` on the average, count like 1 + ln of them: how one asks says little of how others ask,
    and a log of one agent is one opinion. Intents with a judgment (`judged`, by key) are nobody's habit and count
    whole. So do those of which all that was judged is wrong: they tell nothing of the weights, but of the confidence.
    Weights move as far as the searches speak for it; below `MIN_SEARCHES` intents the prior calibrator stays. The error
    stated is that of a calibrator fitted to every second intent, on the others. Returns the calibrator.

    Intents whose texts are withheld cannot be asked again: where some are (an index that was published) and the rest
    are fewer than what the weights were fitted to, all stays as it is.
    """
    matcher = Matcher.open(folder)
    needs = past_needs(matcher, judged)
    if sum(need.number is not None for need in needs) < min(len(matcher.past), matcher.fusion.searches):
        return matcher.calibrator
    opinions = concave(max(1.0, needs_per_client))
    found = [asked_again(matcher, need, opinions) for need in needs]
    examples = [(again.weighed.witnesses, again.right) for again in found]
    matcher.fusion = fit_fusion(examples, [again.count for again in found])
    write_fusion(folder, matcher.fusion)
    reordered = [replace(again, weighed=matcher.ordered(again.weighed)) for again in found]
    of_judged = [again for again, need in zip(reordered, needs, strict=True) if need.judged.documents]
    calibrator = _calibrated([again for again in reordered if again.telling], _among(matcher, judged, of_judged))
    if calibrator is not PRIOR:
        write_calibrator(folder, calibrator)
    return calibrator


def _calibrated(found: Sequence[Again], among: Calibrator | None) -> Calibrator:
    calibrator = _fitted(found) if len(found) >= MIN_SEARCHES else PRIOR
    if len(found) >= MIN_STATED:
        calibrator = msgspec.structs.replace(calibrator, error=_error(found))
    return calibrator if among is None else msgspec.structs.replace(calibrator, among=among)


def _among(matcher: Matcher, judged: Mapping[int, Judged], of_everything: Sequence[Again]) -> Calibrator | None:
    """Fit to choices among what was judged, if something was judged wrong for at least `MIN_SEARCHES` needs.

    What was judged may be all that was offered, or what a search showed of more. So each need counts there, where all
    rivals were judged, and as it was asked of everything (`of_everything`), where there are as many as can be.
    """
    if sum(bool(each.wrong) for each in judged.values()) < MIN_SEARCHES:
        return None
    found = asked_among(matcher, judged)
    if len(found) < MIN_SEARCHES:
        return None
    return msgspec.structs.replace(_fitted([*found, *of_everything]), searches=len(found), served=())


def _error(found: Sequence[Again]) -> float | None:
    """Fit to every second search; return the calibration error of the first hits of the others, None without any."""
    calibrator = _fitted(found[::2])
    others = [again for again in found[1::2] if again.known[again.weighed.order[:1]].any()]
    if not others:
        return None
    features, right, _, documents = best_hits(others, 1)
    familiar = [familiarity(odds, calibrator.served) for odds in _anything(others).tolist()]
    return round(calibration_error(calibrator.confidence(features, documents) * np.array(familiar), right), 4)


def _fitted(found: Sequence[Again]) -> Calibrator:
    served = [again for again in found if again.served]
    worst = lowest(_anything(served), np.array([again.count for again in served]))
    features, right, counts, documents = best_hits(found, HITS)
    fitted = fit(features, right, counts, method="log", searches=len(found))
    records = own_records(fitted.log_odds(features, documents), right, counts, documents)
    return msgspec.structs.replace(fitted, served=worst, records=records)


def _anything(found: Sequence[Again]) -> Matrix:
    """Return of each search the log odds that anything fits (n,)."""
    place = FEATURES.index("alone")
    return np.array([anything(again.weighed.features[:, place], again.weighed.order) for again in found])
