"""Alternatives, complements and duplicates of artifacts as answers show them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final

import msgspec

from queries.answers.list_shapes import Duplicate, Related, Sign
from queries.answers.one_thing import one_each
from queries.answers.shapes import Reason, SnapshotTables

Row = dict[str, Any]

ALTERNATIVES_SHOWN: Final = 6
DIFFERENT_SHOWN: Final = 5
GOOD_ALTERNATIVE: Final = 0.25
"""Score from which an alternative is offered unasked."""


def related(snapshot: SnapshotTables, artifact_id: str, relation: str) -> list[Related]:
    """Return the alternatives or complements of an artifact, the best first."""
    rows = [row for row in snapshot.rows("related", artifact_id=artifact_id) if row["relation"] == relation]
    return [_related(snapshot, row) for row in sorted(rows, key=lambda row: int(row["place"]))]


def related_to_all(snapshot: SnapshotTables, names: Sequence[str], relation: str) -> list[Related]:
    """Return the alternatives or complements of a thing given by the ids of all its names, the best first.

    Each is there once, with its best score and that for every name of which it is one.
    """
    found = _to_any(snapshot, names, relation)
    return one_each(snapshot, sorted(found, key=lambda each: -each.score))


def duplicates_of(snapshot: SnapshotTables, artifact_id: str) -> list[Duplicate]:
    """Return what is the same as an artifact under another name, then its variants."""
    rows = snapshot.rows("duplicates", artifact_id=artifact_id)
    return [
        Duplicate(
            artifact_id=row["other_id"],
            name=snapshot.rows("artifacts", artifact_id=row["other_id"])[0]["name"],
            kind=row["kind"],
            score=row["score"],
            reasons=[Reason(**reason) for reason in json.loads(row["reasons"])],
        )
        for row in sorted(rows, key=lambda row: (row["kind"], row["other_id"]))
    ]


def _related(snapshot: SnapshotTables, row: Row) -> Related:
    other_id = row["other_id"]
    other = snapshot.rows("artifacts", artifact_id=other_id)
    rank = snapshot.rows("ranks", artifact_id=other_id)
    evidence = snapshot.rows("evidence", artifact_id=other_id)
    return Related(
        artifact_id=other_id,
        name=(other[0]["name"] if other else None) or other_id,
        type=other[0]["type"] if other else None,
        score=round(row["score"], 4),
        reasons=[Sign(**reason) for reason in json.loads(row["reasons"])],
        rank=rank[0]["rank"] if rank else None,
        times_matched=(evidence[0]["times_matched"] or 0) if evidence else 0,
        clients=(evidence[0]["clients"] or 0) if evidence else 0,
        to=[row["artifact_id"]],
        to_scores=[round(row["score"], 4)],
        description=other[0]["description"] if other else None,
    )


def alternative_score(snapshot: SnapshotTables, artifact_id: str, other_id: str) -> float:
    """Return how far the other is an alternative to the artifact, 0 if it is not among those kept."""
    rows = snapshot.rows("related", artifact_id=artifact_id)
    found = [row["score"] for row in rows if row["relation"] == "alternative" and row["other_id"] == other_id]
    return float(found[0]) if found else 0.0


def alternatives_to_either(snapshot: SnapshotTables, a_id: str, b_id: str) -> list[Related]:
    """Return the good alternatives to either, each once with its best score, without A and B themselves."""
    found = _to_any(snapshot, (a_id, b_id), "alternative", GOOD_ALTERNATIVE)
    ordered = sorted(found, key=lambda each: (-each.score, each.artifact_id))
    return one_each(snapshot, ordered)[:ALTERNATIVES_SHOWN]


def _to_any(snapshot: SnapshotTables, ids: Sequence[str], relation: str, least: float = 0.0) -> list[Related]:
    """Return what is related to any of some artifacts, each once, without these themselves and lower scores."""
    best: dict[str, Related] = {}
    for one in ids:
        for each in related(snapshot, one, relation):
            if each.artifact_id not in ids and each.score >= least:
                known = best.get(each.artifact_id)
                best[each.artifact_id] = each if known is None else both(known, each)
    return list(best.values())


def both(first: Related, second: Related) -> Related:
    """Return one entry for an alternative to two artifacts, with the better score and the scores for each."""
    best = first if first.score >= second.score else second
    both = {"to": [*first.to, *second.to], "to_scores": [*first.to_scores, *second.to_scores]}
    return msgspec.structs.replace(best, **both)


def different_from_both(snapshot: SnapshotTables, a_id: str, b_id: str) -> list[Related]:
    """Answer "Need something different?": what stands in for both; if nothing does, the best of each in turn."""
    of_a, of_b = (
        {
            each.artifact_id: each
            for each in related(snapshot, one_id, "alternative")
            if each.artifact_id not in (a_id, b_id) and each.score >= GOOD_ALTERNATIVE
        }
        for one_id in (a_id, b_id)
    )
    joint = [both(of_a[key], of_b[key]) for key in of_a.keys() & of_b.keys()]
    if joint:
        joint.sort(key=lambda each: (-(of_a[each.artifact_id].score + of_b[each.artifact_id].score), each.artifact_id))
        return one_each(snapshot, joint)[:DIFFERENT_SHOWN]
    turns = [each for pair in zip_longest(of_a.values(), of_b.values()) for each in pair if each is not None]
    return one_each(snapshot, turns)[:DIFFERENT_SHOWN]
