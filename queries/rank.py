"""Rank 0-100: the weighted mean of five parts, with what is missing left out and shown.

Let w_i be the weights of the type (they add up to 1), times the presence of the part (1 for all but the match graph,
whose weight grows with what is known), K the known parts and c = Σ_K w_i the completeness. Then

    contribution_i = 100 (w_i / c) value_i, rounded to 2 decimals,         rank R = Σ_K contribution_i
    below = sqrt(Σ_K (100 (w_i / c) (value_i - low_i))²),   above likewise with high_i
    low  = c max(0, R - below)
    high = min(100, c (R + above) + 100 (1 - c)).

The parts' ranges are taken as independent, hence the root of the sum of squares. Parts that are not known may lie
anywhere between 0 and 1: at worst they would add nothing to c R, at best 100 (1 - c). So 0 ≤ low ≤ R ≤ high ≤ 100, and
an artifact of which little is known has a wide interval. The interval says what is known; it is no forecast.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

import pyarrow as pa

from graph.snapshot_schemas import RANK_PARTS, RANKS
from queries.mentions import mentions
from queries.parts.adoption import adoption
from queries.parts.ecosystem import ecosystem
from queries.parts.freshness import freshness
from queries.parts.match_graph import match_graph
from queries.parts.quality import Documents, quality
from queries.parts.value import PartValue
from queries.rank_weights import PARTS, RankWeights, load_weights

Row = dict[str, Any]

_NAMED_BY_SHOWN: Final = 10


@dataclass(frozen=True)
class Rank:
    """A rank with its interval, all between 0 and 100; None when no part is known."""

    rank: float | None
    low: float | None
    high: float | None
    completeness: float
    weights: Mapping[str, float]
    """After leaving out the unknown parts: known ones add up to 1."""
    contributions: Mapping[str, float]


def combine(parts: Mapping[str, PartValue], weights: Mapping[str, float]) -> Rank:
    """Put parts together as the module describes; `weights` are the type's own and add up to 1."""
    carried = {name: weights[name] * part.presence for name, part in parts.items() if part.value is not None}
    known = {name: parts[name] for name, weight in carried.items() if weight > 0}
    completeness = sum(carried[name] for name in known)
    if not known:
        zeros = dict.fromkeys(parts, 0.0)
        return Rank(None, None, None, 0.0, zeros, zeros)
    shares = {name: carried[name] / completeness if name in known else 0.0 for name in parts}
    contributions = {name: round(100 * shares[name] * (part.value or 0.0), 2) for name, part in parts.items()}
    rank = round(sum(contributions.values()), 2)
    if rank > 100:  # Five roundings may add up to a hundredth too much.
        largest = max(contributions, key=lambda name: contributions[name])
        contributions[largest] = round(contributions[largest] - (rank - 100), 2)
        rank = 100.0
    below = 100 * sqrt(sum((shares[name] * ((part.value or 0) - (part.low or 0))) ** 2 for name, part in known.items()))
    above = 100 * sqrt(
        sum((shares[name] * ((part.high or 0) - (part.value or 0))) ** 2 for name, part in known.items())
    )
    low = completeness * max(0.0, rank - below)
    high = min(100.0, completeness * (rank + above) + 100 * (1 - completeness))
    low, high = min(rank, round(low, 2)), max(rank, round(high, 2))
    rounded = {name: round(share, 6) for name, share in shares.items()}
    return Rank(rank, low, high, round(completeness, 6), rounded, contributions)


def rank_all(
    artifacts: pa.Table,
    capabilities: pa.Table,
    evidence: pa.Table,
    concepts: pa.Table,
    now_us: int,
    weights: RankWeights | None = None,
) -> tuple[pa.Table, pa.Table]:
    """Rank every artifact of the catalogue: a `RANKS` and a `RANK_PARTS` table, ordered by artifact id.

    `artifacts`, `capabilities`, `evidence` and `concepts` are snapshot tables; `now_us` is the snapshot's time in
    microseconds since 1970; without `weights`, the packaged ones.
    """
    used = weights or load_weights()
    rows = artifacts.sort_by("artifact_id").to_pylist()
    surroundings = _Surroundings(artifacts, capabilities, evidence, concepts)
    ranks: list[Row] = []
    parts: list[Row] = []
    for row in rows:
        values = _parts(row, surroundings, now_us, used)
        combined = combine(values, used.of(row["type"]).weights)
        ranks.append(_rank_row(row, combined, used))
        parts.extend(_part_rows(row["artifact_id"], values, combined))
    _set_places(ranks)
    return pa.Table.from_pylist(ranks, schema=RANKS), pa.Table.from_pylist(parts, schema=RANK_PARTS)


class _Surroundings:
    """What the parts of one artifact need to know of the others, looked up by artifact id."""

    def __init__(self, artifacts: pa.Table, capabilities: pa.Table, evidence: pa.Table, concepts: pa.Table) -> None:
        self.capabilities: dict[str, list[Row]] = defaultdict(list)
        for row in capabilities.sort_by("capability_id").to_pylist():
            self.capabilities[row["artifact_id"]].append(row)
        self.evidence = {row["artifact_id"]: row for row in evidence.to_pylist()}
        self.size = len(artifacts)
        self.named_by: dict[str, set[str]] = defaultdict(set)
        for mention in mentions(artifacts, capabilities):
            self.named_by[mention.other_id].add(mention.artifact_id)
        self.sharers = _sharers(concepts)

    def ecosystem_counts(self, artifact_id: str) -> dict[str, int | None]:
        """Return the counts of others; None where the catalogue cannot tell.

        A catalogue in which nobody names anybody says nothing about who would be named.
        """
        others = self.size > 1
        named = len(self.named_by.get(artifact_id, ())) if others and self.named_by else None
        shared = len(self.sharers.get(artifact_id, ())) if others and artifact_id in self.capabilities else None
        return {"named_by": named, "shares_concepts_with": shared}


def _sharers(concepts: pa.Table) -> dict[str, set[str]]:
    """Return for each artifact the others with which it shares a concept."""
    members: dict[str, set[str]] = defaultdict(set)
    for uri, artifact_id in zip(*(concepts.column(n).to_pylist() for n in ("concept_uri", "artifact_id")), strict=True):
        members[uri].add(artifact_id)
    sharers: dict[str, set[str]] = defaultdict(set)
    for group in members.values():
        for artifact_id in group:
            sharers[artifact_id].update(group - {artifact_id})
    return sharers


def _parts(row: Row, around: _Surroundings, now_us: int, weights: RankWeights) -> dict[str, PartValue]:
    artifact_id = row["artifact_id"]
    own = weights.of(row["type"])
    uncertainty = weights.uncertainty
    named_by = sorted(around.named_by.get(artifact_id, ()))[:_NAMED_BY_SHOWN]
    documents = Documents(row, around.capabilities.get(artifact_id, []), weights.quality)
    return {
        "adoption": adoption(row, own.adoption, uncertainty["single_figure"]),
        "quality": quality(documents),
        "ecosystem": ecosystem(around.ecosystem_counts(artifact_id), weights.ecosystem, named_by),
        "match_graph": match_graph(around.evidence.get(artifact_id), weights.match_graph),
        "freshness": freshness(row, now_us, own.half_life_days, uncertainty["half_life_factor"]),
    }


def _rank_row(row: Row, rank: Rank, weights: RankWeights) -> Row:
    return {
        "artifact_id": row["artifact_id"],
        "type": row["type"],
        "rank": rank.rank,
        "low": rank.low,
        "high": rank.high,
        "completeness": rank.completeness,
        "place": None,
        "method": weights.method,
    }


def _part_rows(artifact_id: str, values: Mapping[str, PartValue], rank: Rank) -> list[Row]:
    return [
        {
            "artifact_id": artifact_id,
            "part": name,
            "value": values[name].value,
            "low": values[name].low,
            "high": values[name].high,
            "weight": rank.weights[name],
            "contribution": rank.contributions[name],
            "inputs": json.dumps(values[name].inputs, ensure_ascii=False, sort_keys=True),
        }
        for name in PARTS
    ]


def _set_places(ranks: list[Row]) -> None:
    """Number the ranks from the highest on; equal ranks share a place, and the next place is left out."""
    ordered = sorted((row for row in ranks if row["rank"] is not None), key=lambda row: -row["rank"])
    for place, row in enumerate(ordered, start=1):
        before = ordered[place - 2] if place > 1 else None
        row["place"] = before["place"] if before and before["rank"] == row["rank"] else place
