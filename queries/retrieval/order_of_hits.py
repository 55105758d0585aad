"""Scores, order and features of weighed hits by loops: for each search of a large catalogue, which has no time to take
the same steps array by array (`queries.retrieval.matching.Matcher.ordered`). Sorting stays NumPy's: to compile it takes
seconds.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from queries.retrieval.calibration import FEATURES
from queries.retrieval.odds import CERTAIN, COMPETITORS, NOTHING, UTILITIES
from queries.retrieval.weighing import SIBLINGS
from queries.text.machine_code import compiled

Matrix = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


def score_hits(
    witnesses: Matrix,
    weights: Matrix,
    owners: Numbers,
    by_owner: Numbers,
    mass: float,
    from_log: Matrix,
    fused: Matrix,
    score: Matrix,
) -> None:
    """Fill what the log says, the weighed sum and the score of each hit, (n,) each. To be compiled.

    `witnesses` (n, len(WITNESSES)) with their `weights`; `owners` (n,): what each hit belongs to; `by_owner` (n,): the
    hits, those of one owner together.
    """
    count = len(owners)
    for i in range(count):
        from_log[i] = 0.0
        for w in range(2, len(weights)):
            from_log[i] += witnesses[i, w] * weights[w]
        fused[i] = witnesses[i, 0] * weights[0] + witnesses[i, 1] * weights[1] + from_log[i]
    first = 0
    while first < count:
        end, best = first, 0.0
        while end < count and owners[by_owner[end]] == owners[by_owner[first]]:
            best = max(best, fused[by_owner[end]])
            end += 1
        for i in by_owner[first:end]:
            fused[i] = (fused[i] + SIBLINGS * best) / (1 + SIBLINGS)
        first = end
    for i in range(count):
        score[i] = np.rint(fused[i] * mass * 1e6) / 1e6


def describe_hits(
    witnesses: Matrix,
    coverage: Matrix,
    text: Matrix,
    from_log: Matrix,
    fused: Matrix,
    score: Matrix,
    order: Numbers,
    features: Matrix,
) -> None:
    """Fill `features` (n, len(FEATURES)) of hits that were scored and put in order. To be compiled."""
    count = len(order)
    ahead, second = -np.inf, -np.inf
    for i in range(count):
        if fused[i] > ahead:
            ahead, second = fused[i], ahead
        else:
            second = max(second, fused[i])
    utilities = np.empty(count)
    for i in range(count):
        leads = score[i] == score[order[0]]
        utilities[i] = (
            UTILITIES[0] * coverage[i]
            + UTILITIES[1] * witnesses[i, 1]
            + UTILITIES[2] * from_log[i]
            + UTILITIES[3] * np.log1p(text[i])
            + (UTILITIES[4] if leads else 0.0)
        )
        features[i, 1] = min(max(utilities[i] - NOTHING, -CERTAIN), CERTAIN)
        features[i, 2], features[i, 3], features[i, 4] = witnesses[i, 2], witnesses[i, 3], witnesses[i, 4]
        features[i, 5] = 0.0 if count < 2 else ahead - second if fused[i] == ahead else fused[i] - ahead
    if count == 0:
        return
    competing = order[:COMPETITORS]
    likeliest = competing[0]
    for i in competing:
        if utilities[i] > utilities[likeliest]:
            likeliest = i
    highest = NOTHING
    for i in competing:
        if i != likeliest:
            highest = max(highest, utilities[i])
    others = np.exp(NOTHING - highest)
    for i in competing:
        if i != likeliest:
            others += np.exp(utilities[i] - highest)
    others = highest + np.log(others)  # of all but the likeliest: taking that off the sum of all would lose them
    highest = max(highest, utilities[likeliest])
    every = np.exp(others - highest) + np.exp(utilities[likeliest] - highest)
    for i in range(count):
        features[i, 0] = utilities[i] - highest - np.log(every)
    for i in competing:
        rest = every - np.exp(utilities[i] - highest)
        features[i, 0] = utilities[i] - (others if i == likeliest else highest + np.log(rest))
    for i in range(count):
        features[i, 0] = min(max(features[i, 0], -CERTAIN), CERTAIN)


def order_hits(
    witnesses: Matrix, weights: Matrix, owners: Numbers, documents: Numbers, mass: float, coverage: Matrix, text: Matrix
) -> tuple[Matrix, Numbers, Matrix]:
    """Return score (n,), order (n,) and features (n, len(FEATURES)) as the class `Weighed` describes them.

    `documents`, `coverage`, `text` (n,): what is known of each hit; the others as in `score_hits`.
    """
    count = len(documents)
    from_log, fused, score = np.empty(count), np.empty(count), np.empty(count)
    by_owner = np.argsort(owners, kind="stable")
    compiled(score_hits)(witnesses, weights, owners, by_owner, mass, from_log, fused, score)
    order = np.lexsort((documents, -score))
    features = np.empty((count, len(FEATURES)))
    compiled(describe_hits)(witnesses, coverage, text, from_log, fused, score, order, features)
    return score, order, features
