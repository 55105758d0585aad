"""What people have corrected: artifacts that are one thing under two names, or are not, whatever their sources say.

The file `duplicate_review.csv` in the home has the columns `artifact_a`, `artifact_b` and `verdict`
(`queries.alternatives.review_file`). Recompute reads it: what is called the same is listed as one thing, what is called
different is no pair any more, and without the line all is as before. `to_review` lists the pairs to look at.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pyarrow as pa

from graph.snapshot_schemas import DUPLICATES
from queries.alternatives.review_file import Review

FILE: Final = "duplicate_review.csv"
IDS: Final = ("artifact_a", "artifact_b")
REASON: Final = f"a person says so ({FILE})"

_SAID: Final = ("artifact_id", "name", "type", "url")


def reviewed_duplicates(duplicates: pa.Table, artifacts: pa.Table, review: Review) -> pa.Table:
    """Return a `DUPLICATES` table with the corrections; ids that the catalogue does not describe change nothing."""
    if not review:
        return duplicates
    described = set(artifacts["artifact_id"].to_pylist())
    rows = {(row["artifact_id"], row["other_id"]): row for row in duplicates.to_pylist()}
    reasons = json.dumps([{"kind": "same", "text": REASON, "weight": 1.0}])
    for pair, is_same in review.items():
        for a, b in (pair, pair[::-1]):
            rows.pop((a, b), None)
            if is_same and {a, b} <= described:
                ends = {"artifact_id": a, "other_id": b}
                rows[a, b] = {**ends, "kind": "same", "score": 1.0, "reasons": reasons}
    return pa.Table.from_pylist([rows[pair] for pair in sorted(rows)], schema=DUPLICATES)


def to_review(artifacts: pa.Table, duplicates: pa.Table, review: Review, limit: int) -> list[dict[str, Any]]:
    """Return the pairs that may be the same and that nobody has judged: the least sure first.

    Rows of a review file with an empty verdict: `IDS`, how sure it is and why, and what both are called. Tables of the
    snapshot in.
    """
    said = {row["artifact_id"]: row for row in artifacts.select(list(_SAID)).to_pylist()}
    found = [
        row
        for row in duplicates.to_pylist()
        if row["kind"] == "same"
        and row["artifact_id"] < row["other_id"]
        and (row["artifact_id"], row["other_id"]) not in review
    ]
    found.sort(key=lambda row: (row["score"], row["artifact_id"], row["other_id"]))
    return [
        {"artifact_a": row["artifact_id"], "artifact_b": row["other_id"], "verdict": "", "score": row["score"]}
        | {"reason": json.loads(row["reasons"])[0]["text"]}
        | {
            f"{field}_{end}": said[row[key]][field] or ""
            for end, key in (("a", "artifact_id"), ("b", "other_id"))
            for field in _SAID[1:]
        }
        for row in found[:limit]
    ]
