"""Complements: unlike artifacts that were chosen in the same sessions more often than by chance.

For two artifacts chosen in n_a and n_b of N sessions, and together in n_ab, the sign is Dunning's log-likelihood ratio
G² of the 2 x 2 table (Dunning 1993, "Accurate methods for the statistics of surprise and coincidence"), which stays
honest for rare ones. A pair counts if G² ≥ `MIN_G2` (about p = .001), n_ab exceeds its expectation, at least
`MIN_CLIENTS` clients stand behind it, and neither is an alternative of the other. score = G² / (G² + `HALF_G2`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import combinations
from math import log
from typing import Any, Final

import pyarrow as pa

from queries.purposes import Catalogue

Row = dict[str, Any]

MIN_G2: Final = 10.83
HALF_G2: Final = 20.0
MIN_CLIENTS: Final = 2
KEPT: Final = 20
MAX_IN_SESSION: Final = 50
"""A session with more different choices is a test or a crawler, not a task."""


def complements(catalogue: Catalogue, together: pa.Table, alternatives: set[tuple[str, str]]) -> list[Row]:
    """Return the complements of each artifact as `RELATED` rows.

    `together`: one row for each session (`unit`, integer), client (`client`, integer) and artifact (`artifact_id`)
    chosen in it; repeated rows change nothing. `alternatives`: pairs that stand in for each other, in either direction.
    """
    sessions, client_of = _sessions(catalogue, together)
    alone: dict[str, int] = defaultdict(int)
    both: dict[tuple[str, str], int] = defaultdict(int)
    clients: dict[tuple[str, str], set[int]] = defaultdict(set)
    for unit, chosen in sessions.items():
        for artifact_id in chosen:
            alone[artifact_id] += 1
        for pair in combinations(sorted(chosen), 2):
            both[pair] += 1
            clients[pair].add(client_of[unit])
    found: dict[str, list[tuple[float, str, int, int]]] = defaultdict(list)
    for (a, b), count in both.items():
        unlike = (a, b) not in alternatives and (b, a) not in alternatives
        g2 = log_likelihood_ratio(count, alone[a], alone[b], len(sessions))
        if unlike and g2 >= MIN_G2 and len(clients[a, b]) >= MIN_CLIENTS:
            found[a].append((-round(g2, 9), b, count, len(clients[a, b])))
            found[b].append((-round(g2, 9), a, count, len(clients[a, b])))
    return [
        _row(artifact_id, place, *each)
        for artifact_id, others in found.items()
        for place, each in enumerate(sorted(others)[:KEPT], start=1)
    ]


def _sessions(catalogue: Catalogue, together: pa.Table) -> tuple[dict[int, set[str]], dict[int, int]]:
    sessions: dict[int, set[str]] = defaultdict(set)
    client_of: dict[int, int] = {}
    for row in together.select(["unit", "client", "artifact_id"]).to_pylist():
        if row["artifact_id"] in catalogue.place:
            sessions[row["unit"]].add(row["artifact_id"])
            client_of[row["unit"]] = min(client_of.get(row["unit"], row["client"]), row["client"])
    return {unit: chosen for unit, chosen in sessions.items() if len(chosen) <= MAX_IN_SESSION}, client_of


def log_likelihood_ratio(both: int, left: int, right: int, total: int) -> float:
    """Return G² of two events counted in `total` trials, zero where they meet no more often than by chance.

    >>> log_likelihood_ratio(1, 2, 2, 4)
    0.0
    """
    if both * total <= left * right:
        return 0.0
    cells = (both, left - both, right - both, total - left - right + both)
    rows, columns = (left, total - left), (right, total - right)
    expected = [row * column / total for row in rows for column in columns]
    return 2 * sum(seen * log(seen / mean) for seen, mean in zip(cells, expected, strict=True) if seen)


def _row(artifact_id: str, place: int, minus_g2: float, other: str, sessions: int, clients: int) -> Row:
    text = f"chosen together in {sessions} sessions by {clients} clients"
    return {
        "artifact_id": artifact_id,
        "relation": "complement",
        "other_id": other,
        "score": round(-minus_g2 / (-minus_g2 + HALF_G2), 6),
        "place": place,
        "reasons": json.dumps([{"kind": "together", "text": text, "weight": 1.0}], ensure_ascii=False),
    }
