"""Rank 0-100: the weighted mean of five parts, with what is missing left out and shown.

Let w_i be the weights of the type (they add up to 1), times the presence of the part (1 for all but the match graph,
whose weight grows with what is known), K the known parts and c = Σ_K w_i the completeness. Then

    contribution_i = 100 (w_i / c) value_i, rounded to 2 decimals,         rank R = Σ_K contribution_i.

The interval holds 95 % of what the score 100 Σ w_i v_i over all parts could be, the unknown ones included
(`queries.ranking.rank_draws`), and R itself: of little-known artifacts R may lie outside the draws. It says what is
known; it is no forecast. Places and their ranges: `queries.ranking.places`.

What others did, the match graph and the ecosystem, is that of the thing: where it has several names, of all of them
together, under each of them. Adoption, quality and freshness are what the name's own source states.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot_schemas import ONE_THING, RANK_PARTS, RANKS
from queries.ranking.one_place import heads
from queries.ranking.parts.adoption import adoption
from queries.ranking.parts.ecosystem import ecosystem
from queries.ranking.parts.freshness import freshness
from queries.ranking.parts.match_graph import match_graph
from queries.ranking.parts.quality import Documents, quality
from queries.ranking.parts.value import PartValue
from queries.ranking.places import Standing, places
from queries.ranking.rank_draws import FloatArray, KnownParts, intervals, score_draws
from queries.ranking.rank_weights import PARTS, RankWeights, load_weights
from queries.ranking.surroundings import Surroundings

Row = dict[str, Any]

_NAMED_BY_SHOWN: Final = 10
_OF_THING: Final = ("ecosystem", "match_graph")
"""Parts of which names of one thing have the same."""
_KNOWN: Final = ("value", "low", "high", "presence")
_PLACES: Final = tuple(f"{name}{end}" for name in ("place", "type_place") for end in ("", "_low", "_high"))


@dataclass(frozen=True)
class Rank:
    """A rank between 0 and 100; None when no part is known."""

    rank: float | None
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
        return Rank(None, 0.0, zeros, zeros)
    shares = {name: carried[name] / completeness if name in known else 0.0 for name in parts}
    contributions = {name: round(100 * shares[name] * (part.value or 0.0), 2) for name, part in parts.items()}
    rank = round(sum(contributions.values()), 2)
    if rank > 100:  # Five roundings may add up to a hundredth too much.
        largest = max(contributions, key=lambda name: contributions[name])
        contributions[largest] = round(contributions[largest] - (rank - 100), 2)
        rank = 100.0
    rounded = {name: round(share, 6) for name, share in shares.items()}
    return Rank(rank, round(completeness, 6), rounded, contributions)


def rank_all(
    artifacts: pa.Table,
    capabilities: pa.Table,
    evidence: pa.Table,
    concepts: pa.Table,
    now_us: int,
    weights: RankWeights | None = None,
    one_thing: pa.Table | None = None,
) -> tuple[pa.Table, pa.Table]:
    """Rank every artifact of the catalogue: a `RANKS` and a `RANK_PARTS` table, ordered by artifact id.

    `artifacts`, `capabilities`, `evidence` and `concepts` are snapshot tables; `now_us` is the snapshot's time in
    microseconds since 1970; without `weights`, the packaged ones. `one_thing`: the snapshot table; names of one thing
    take one place.
    """
    used = weights or load_weights()
    rows = artifacts.sort_by("artifact_id").to_pylist()
    things = {row["artifact_id"]: row for row in (one_thing or ONE_THING.empty_table()).to_pylist()}
    listed = {name: row["listed_as"] for name, row in things.items()}
    around = Surroundings(artifacts, capabilities, concepts, listed)
    of_artifact = _capabilities_by_artifact(capabilities)
    counted = {row["artifact_id"]: row for row in evidence.to_pylist()} | things
    names = _names(listed)
    values = [
        _of_all_names(
            {
                "ecosystem": ecosystem(around.counts(row["artifact_id"]), used.ecosystem, _named_by(around, row)),
                **_parts(row, of_artifact.get(row["artifact_id"], []), counted.get(row["artifact_id"]), now_us, used),
            },
            names.get(row["artifact_id"]),
        )
        for row in rows
    ]
    combined = [combine(each, used.of(row["type"]).weights) for row, each in zip(rows, values, strict=True)]
    number = {row["artifact_id"]: place for place, row in enumerate(rows)}
    found = rank_rows(
        [row["type"] for row in rows],
        values,
        used,
        [number[listed.get(row["artifact_id"], row["artifact_id"])] for row in rows],
    )
    ranks = [{"artifact_id": row["artifact_id"], **one} for row, one in zip(rows, found, strict=True)]
    parts = [
        part
        for row, each, one in zip(rows, values, combined, strict=True)
        for part in _part_rows(row["artifact_id"], each, one, used.of(row["type"]).weights)
    ]
    return pa.Table.from_pylist(ranks, schema=RANKS), pa.Table.from_pylist(parts, schema=RANK_PARTS)


def listed_names(
    same: Iterable[tuple[str, str]],
    artifacts: pa.Table,
    capabilities: pa.Table,
    evidence: pa.Table,
    now_us: int,
    weights: RankWeights | None = None,
) -> dict[str, str]:
    """Return for each id of some pairs that are one thing the id under which it is listed (see `one_place`).

    Tables and the rest as in `rank_all`. Names stand equal among the others, so the ecosystem does not count here.
    """
    same, used = list(same), weights or load_weights()
    named = pa.array(sorted({name for pair in same for name in pair}), pa.string())
    theirs = [table.filter(pc.is_in(table["artifact_id"], named)) for table in (artifacts, capabilities, evidence)]
    of_artifact = _capabilities_by_artifact(theirs[1])
    counted = {row["artifact_id"]: row for row in theirs[2].to_pylist()}
    known = {}
    for row in theirs[0].to_pylist():
        name = row["artifact_id"]
        own = _parts(row, of_artifact.get(name, []), counted.get(name), now_us, used)
        clients = counted.get(name, {}).get("clients") or 0
        known[name] = clients, combine(own, used.of(row["type"]).weights).completeness
    return heads(same, known)


def _names(listed: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for each name of a thing all its names, in alphabetical order."""
    of_thing: dict[str, list[str]] = defaultdict(list)
    for name, head in sorted(listed.items()):
        of_thing[head].append(name)
    return {name: of_thing[head] for name, head in listed.items()}


def _of_all_names(parts: dict[str, PartValue], names: list[str] | None) -> dict[str, PartValue]:
    """Say of the parts that are those of the thing which names it has."""
    if names is None or len(names) == 1:
        return parts
    return parts | {each: replace(parts[each], inputs=parts[each].inputs | {"names": names}) for each in _OF_THING}


def rank_rows(
    types: Sequence[str | None],
    values: Sequence[Mapping[str, PartValue]],
    weights: RankWeights,
    listed: Sequence[int] | None = None,
) -> list[Row]:
    """Return a `RANKS` row without its id for each artifact of a catalogue, given by its type and its parts.

    `listed`: for each the number of the artifact whose place it shares, by default its own.
    """
    rows: list[Row] = []
    for kind, parts in zip(types, values, strict=True):
        one = combine(parts, weights.of(kind).weights)
        rows.append({"type": kind, "rank": one.rank, "completeness": one.completeness, "method": weights.method})
    ranked = [place for place, row in enumerate(rows) if row["rank"] is not None]
    shared = list(range(len(rows)) if listed is None else listed)
    in_type = _in_types(types, shared)
    if ranked:
        parts_of = [values[place] for place in ranked]
        own = (np.array([each[place] == place for place in ranked]) for each in (shared, in_type))
        _set_intervals_and_places([rows[place] for place in ranked], parts_of, weights, *own)
    for place in ranked:
        rows[place] |= {name: rows[shared[place]][name] for name in _PLACES[:3]}
        rows[place] |= {name: rows[in_type[place]][name] for name in _PLACES[3:]}
    return rows


def _in_types(types: Sequence[str | None], listed: Sequence[int]) -> list[int]:
    """Return whose place each shares among its type: where the name that is listed has another, the first's of it."""
    first: dict[tuple[str | None, int], int] = {}
    for number, (kind, head) in enumerate(zip(types, listed, strict=True)):
        first.setdefault((kind, head), head if types[head] == kind else number)
    return [first[each] for each in zip(types, listed, strict=True)]


def _set_intervals_and_places(
    rows: Sequence[Row],
    values: Sequence[Mapping[str, PartValue]],
    weights: RankWeights,
    placed: npt.NDArray[np.bool_],
    placed_in_type: npt.NDArray[np.bool_],
) -> None:
    """Set intervals of all rows, and places of those that take one of their own: the others share one of theirs."""
    known = KnownParts(*(_array([[getattr(each[name], key) for name in PARTS] for each in values]) for key in _KNOWN))
    own = _array([[weights.of(row["type"]).weights[name] for name in PARTS] for row in rows])
    scores = score_draws(known, own)
    for row, lower, upper in zip(rows, *intervals(scores), strict=True):
        row["low"], row["high"] = min(row["rank"], round(lower, 2)), max(row["rank"], round(upper, 2))
    told = ~np.isnan(known.value).all(axis=0)
    if not told.all():  # A part that is known of no artifact cannot put one before the other.
        scores = score_draws(known, own * told)
    _set_places([row for row, one in zip(rows, placed, strict=True) if one], scores[placed], "place")
    by_type: dict[str | None, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if placed_in_type[place]:
            by_type[row["type"]].append(place)
    for members in by_type.values():
        _set_places([rows[place] for place in members], scores[members], "type_place")


def _set_places(rows: Sequence[Row], scores: FloatArray, name: str) -> None:
    standings = [Standing(row["rank"], row["low"], row["completeness"]) for row in rows]
    for row, found in zip(rows, places(standings, scores), strict=True):
        row |= {name: found.place, f"{name}_low": found.low, f"{name}_high": found.high}


def _array(rows: Sequence[Sequence[float | None]]) -> FloatArray:
    return np.array(rows, dtype=np.float64)


def _capabilities_by_artifact(capabilities: pa.Table) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in capabilities.sort_by("capability_id").to_pylist():
        found[row["artifact_id"]].append(row)
    return found


def _named_by(around: Surroundings, row: Row) -> list[str]:
    return around.named_by(row["artifact_id"])[:_NAMED_BY_SHOWN]


def _parts(
    row: Row, capabilities: list[Row], evidence: Row | None, now_us: int, weights: RankWeights
) -> dict[str, PartValue]:
    """Return the parts of an artifact that do not depend on others."""
    own = weights.of(row["type"])
    uncertainty = weights.uncertainty
    return {
        "adoption": adoption(row, own.adoption, uncertainty["single_figure"]),
        "quality": quality(Documents(row, capabilities, weights.quality)),
        "match_graph": match_graph(evidence, weights.match_graph),
        "freshness": freshness(row, now_us, own.half_life_days, uncertainty["half_life_factor"]),
    }


def _part_rows(
    artifact_id: str, values: Mapping[str, PartValue], rank: Rank, weights: Mapping[str, float]
) -> list[Row]:
    return [
        {
            "artifact_id": artifact_id,
            "part": name,
            "value": values[name].value,
            "low": values[name].low,
            "high": values[name].high,
            "weight": rank.weights[name],
            "contribution": rank.contributions[name],
            "inputs": json.dumps(
                {**values[name].inputs, "type_weight": weights[name]}, ensure_ascii=False, sort_keys=True
            ),
        }
        for name in PARTS
    ]
