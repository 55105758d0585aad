"""Scores, order and features of weighed hits in one loop: for each search of a large catalogue, which has no time to
take the same steps array by array (`queries.retrieval.matching.Matcher.ordered`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from queries.retrieval.odds import CERTAIN, COMPETITORS, NOTHING, UTILITIES
from queries.retrieval.weighing import SIBLINGS

Matrix = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


def order_hits(
    witnesses: Matrix,
    weights: Matrix,
    owners: Numbers,
    documents: Numbers,
    mass: float,
    coverage: Matrix,
    text: Matrix,
    score: Matrix,
    order: Numbers,
    features: Matrix,
) -> None:
    """Fill `score` (n,), `order` (n,) and `features` (n, len(FEATURES)) as the class `Weighed` describes them.

    The other arrays: witnesses (n, len(WITNESSES)) and their weights, what each hit belongs to, and what is known of
    it (n,). To be compiled.
    """
    count = len(documents)
    fused, from_log = np.zeros(count), np.zeros(count)
    for i in range(count):
        for w in range(2, len(weights)):
            from_log[i] += witnesses[i, w] * weights[w]
        fused[i] = witnesses[i, 0] * weights[0] + witnesses[i, 1] * weights[1] + from_log[i]
    by_owner = np.argsort(owners, kind="mergesort")
    first = 0
    while first < count:
        end, best = first, 0.0
        while end < count and owners[by_owner[end]] == owners[by_owner[first]]:
            best = max(best, fused[by_owner[end]])
            end += 1
        for i in by_owner[first:end]:
            fused[i] = (fused[i] + SIBLINGS * best) / (1 + SIBLINGS)
        first = end
    ahead, second = -np.inf, -np.inf
    for i in range(count):
        score[i] = np.rint(fused[i] * mass * 1e6) / 1e6
        if fused[i] > ahead:
            ahead, second = fused[i], ahead
        else:
            second = max(second, fused[i])
    by_number = np.argsort(documents)
    order[:] = by_number[np.argsort(-score[by_number], kind="mergesort")]
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
