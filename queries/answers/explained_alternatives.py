"""Explain alternatives and complements: every score opened to its signs, what each counts, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np

from queries.alternatives.complements import FORMULA as COMPLEMENTS_FORMULA
from queries.alternatives.joined_score import FULL_ADOPTION, METHOD, WEIGHTS, has_figures, type_factors, use_factors
from queries.answers.compare import shared_needs
from queries.answers.list_shapes import WEAK_ALTERNATIVE, Related
from queries.answers.one_thing import one_each
from queries.answers.related import related
from queries.answers.shapes import SnapshotTables

Row = dict[str, Any]

SHOWN: Final = 5

FORMULA: Final = (
    "score = f u (1 - product of (1 - weight * value) over the signs), f lower for another type, u between 0.9 and 1 "
    "by adoption; share of a reason = weight * value / their sum"
)


def explained_alternatives(snapshot: SnapshotTables, artifact_id: str) -> Row:
    """Open the scores of the best alternatives: formula, weights of the signs, and what each sign rests on.

    Each has its factors `type` (f) and `use` (u), its reasons with the value of their sign, and the needs for which
    both were chosen, with the clients of each. Weak ones are left out; `explain A B` opens the score of any two.
    """
    every = one_each(snapshot, related(snapshot, artifact_id, "alternative"))
    found = [each for each in every if each.score >= WEAK_ALTERNATIVE][:SHOWN]
    factors = _factors(snapshot, artifact_id, found)
    return {
        "formula": FORMULA,
        "method": METHOD,
        "weights": WEIGHTS,
        "found": [
            {
                "artifact_id": each.artifact_id,
                "name": each.name,
                "score": each.score,
                "factors": own,
                "reasons": msgspec.to_builtins(each.reasons),
                "shared_needs": msgspec.to_builtins(shared_needs(snapshot, artifact_id, each.artifact_id)),
            }
            for each, own in zip(found, factors, strict=True)
        ],
    }


def explained_complements(snapshot: SnapshotTables, artifact_id: str) -> Row:
    """Open the scores of the best complements; their reasons hold the counts."""
    found = one_each(snapshot, related(snapshot, artifact_id, "complement"))[:SHOWN]
    return {
        "formula": COMPLEMENTS_FORMULA,
        "found": [
            {
                "artifact_id": each.artifact_id,
                "name": each.name,
                "score": each.score,
                "reasons": msgspec.to_builtins(each.reasons),
            }
            for each in found
        ],
    }


def _factors(snapshot: SnapshotTables, artifact_id: str, found: Sequence[Related]) -> list[Row]:
    ids = [artifact_id, *(each.artifact_id for each in found)]
    rows = [snapshot.rows("artifacts", artifact_id=each)[0] for each in ids]
    told = any(map(has_figures, snapshot.table("artifacts").select(list(FULL_ADOPTION)).to_pylist()))
    others = np.arange(1, len(rows))
    f = type_factors([row["type"] for row in rows], np.zeros_like(others), others)
    u = use_factors(rows[1:], told=told)
    return [{"type": one, "use": round(two, 6)} for one, two in zip(f.tolist(), u.tolist(), strict=True)]
