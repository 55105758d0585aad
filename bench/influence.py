"""How far can clients move a strength, a success rate, a rank? The bounds of `docs/robustness.md`, as functions.

Those of strengths and success rates hold for given shared parameters (examination of the places, priors, reliability of
the sources); what these move is measured by `bench.attacks` and `bench.shared_influence`. `ceiling` holds whatever
becomes of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from queries.counting.decay import HALF_LIFE_PERIODS
from queries.evidence.click_models.counts import place_counts
from queries.evidence.click_models.marginal import Prior, first_positions, posterior
from queries.evidence.click_models.pbm import PBMFit
from queries.ranking.parts.match_graph import match_graph
from queries.ranking.parts.value import PartValue
from queries.ranking.rank import combine

FloatArray = npt.NDArray[np.float64]
Counts = tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike, npt.ArrayLike]


def most_at_once(limit: int) -> float:
    """Effective number of a client's asks (or verdicts), `limit` in each period, all periods weighed: (n,).

    limit × (1 + 2^(-1/2) + 2^(-2/2) + ...): it is reached only by who goes on for years.
    """
    return limit / (1 - 2 ** (-1 / HALF_LIFE_PERIODS))


def strength_bounds(
    item: npt.ArrayLike,
    position: npt.ArrayLike,
    impressions: npt.ArrayLike,
    clicks: npt.ArrayLike,
    fit: PBMFit,
    asks: float,
) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest strength of each item that `asks` more effective asks can bring about: two (items,) arrays.

    Counts as `fit` learnt from. Highest: the item is chosen in all of them. Lowest: it is skipped in all of them, at
    the most looked-at place.
    """
    counts = place_counts(item, position, impressions, clicks, len(fit.attractiveness))
    first = first_positions(counts.place_of_position).astype(np.int64)
    log_examination = np.log(fit.examination[first - 1])
    ends = (
        Prior(fit.prior_hits, fit.prior_misses + asks),
        Prior(fit.prior_hits + asks, fit.prior_misses),
    )
    low, high = (known.expect(known.node) for known in (posterior(counts, log_examination, end, None) for end in ends))
    return low, high


def surprise(base: Counts, added: Counts, fit: PBMFit) -> float:
    """How unexpected `added` is to who knows `base` and the shared parameters of `fit`: -log of its probability, nats.

    Item, position, impressions and clicks each.
    """
    both = [np.concatenate([np.asarray(column, float) for column in pair]) for pair in zip(base, added, strict=True)]
    before, after = (log_evidence((rows[0], rows[1], rows[2], rows[3]), fit) for rows in (base, both))
    return float((before - after).sum())


def log_evidence(rows: Counts, fit: PBMFit) -> FloatArray:
    """Log probability of each item's clicks under the shared parameters of `fit`, attractiveness integrated out."""
    counts = place_counts(*rows, len(fit.attractiveness))
    first = first_positions(counts.place_of_position).astype(np.int64)
    prior = Prior(fit.prior_hits, fit.prior_misses)
    return posterior(counts, np.log(fit.examination[first - 1]), prior, None).log_evidence


def success_bounds(rate: float, weight: float, verdicts: float) -> tuple[float, float]:
    """Lowest and highest success rate after `verdicts` more; `weight`: outcomes and prior outcomes before."""
    total = weight + verdicts
    return rate * weight / total, (rate * weight + verdicts) / total


def rank_bounds(
    parts: Mapping[str, PartValue],
    weights: Mapping[str, float],
    evidence: Mapping[str, Any],
    numbers: Mapping[str, float],
    *,
    strength: tuple[float, float],
    success: tuple[float, float],
    clients: int,
    verdicts: float,
) -> tuple[float, float]:
    """Lowest and highest rank when strength and success rate may lie anywhere between their bounds.

    Up to `clients` more chose it, and up to `verdicts` more outcomes count. The rank is monotone in each of the four,
    so its extremes lie at their ends.
    """
    found = []
    for rate, worked, more, heard in product(strength, success, (0, clients), (0.0, verdicts)):
        moved = {
            **evidence,
            "strength": rate,
            "success_rate": worked,
            "clients": evidence["clients"] + more,
            "success_n": (evidence["success_n"] or 0.0) + heard,
        }
        part = replace(match_graph(moved, numbers), low=0.0, high=1.0)
        found.append(combine({**parts, "match_graph": part}, weights).rank or 0.0)
    return min(found), max(found)


def ceiling(
    parts: Mapping[str, PartValue],
    weights: Mapping[str, float],
    evidence: Mapping[str, Any],
    numbers: Mapping[str, float],
    *,
    clients: int,
    verdicts: float,
) -> float:
    """Most points that a rank can move by, whatever becomes of its strength and success rate.

    A rank is (1 - a) B + 100 a v, B what the other parts say, a the share of the match graph and v its value, both
    between 0 and 1. B stays, a grows to a' at most, so the rank moves by at most 100 a'.
    """
    chose, heard = evidence["clients"] + clients, (evidence["success_n"] or 0.0) + verdicts
    of_chosen = (1 - numbers["success_share"]) * chose / (chose + numbers["half_clients"])
    of_worked = numbers["success_share"] * heard / (heard + numbers["half_outcomes"])
    carried = weights["match_graph"] * (of_chosen + of_worked)
    others = sum(weights[name] for name, part in parts.items() if name != "match_graph" and part.value is not None)
    return float(100 * carried / (others + carried))
