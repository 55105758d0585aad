"""Measures of ranked lists against graded judgments, as functions of grades in rank order.

An object is relevant if its grade is above 0. Formulas as in trec_eval (checked against it in the tests): nDCG with the
grade as gain and log2(rank + 1) as discount (Järvelin & Kekäläinen 2002, ACM TOIS 20(4)).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log2


def ndcg(grades: Sequence[float], judged: Iterable[float], k: int) -> float:
    """Return the normalised discounted cumulative gain of the first k; NaN without a relevant object.

    `grades` of the hits in rank order (0 = not judged), `judged`: all grades of the query.
    """
    ideal = _gain(sorted((grade for grade in judged if grade > 0), reverse=True)[:k])
    return _gain(grades[:k]) / ideal if ideal else float("nan")


def _gain(grades: Sequence[float]) -> float:
    return sum(max(grade, 0.0) / log2(place + 1) for place, grade in enumerate(grades, start=1))


def recall(grades: Sequence[float], judged: Iterable[float], k: int) -> float:
    """Return the share of the relevant objects among the first k hits; NaN without a relevant object."""
    relevant = sum(grade > 0 for grade in judged)
    return sum(grade > 0 for grade in grades[:k]) / relevant if relevant else float("nan")


def completeness(grades: Sequence[float], judged: Iterable[float], k: int) -> float:
    """Return 1 if all relevant objects are among the first k hits, else 0 (COMP@k); NaN without a relevant object."""
    found = recall(grades, judged, k)
    return found if found != found else float(found == 1.0)


def reciprocal_rank(grades: Sequence[float]) -> float:
    """Return 1 / rank of the first relevant hit, 0 if there is none."""
    return next((1 / place for place, grade in enumerate(grades, start=1) if grade > 0), 0.0)


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Return the probability that a positive scores above a negative, ties half; NaN if either is missing."""
    pairs = sorted(zip(scores, positive, strict=True))
    positives = sum(positive)
    negatives = len(pairs) - positives
    if not positives or not negatives:
        return float("nan")
    below, wins, i = 0, 0.0, 0
    while i < len(pairs):
        j = i
        while j < len(pairs) and pairs[j][0] == pairs[i][0]:
            j += 1
        ups = sum(label for _, label in pairs[i:j])
        wins += ups * (below + (j - i - ups) / 2)
        below += j - i - ups
        i = j
    return wins / (positives * negatives)
