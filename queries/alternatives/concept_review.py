"""What people have corrected: pairs of capabilities that are the same thing, or are not, whatever their texts say.

The file `concept_review.csv` in the home has the columns `capability_a`, `capability_b`, `verdict` (same or different)
and any others, which are kept for the reader. Recompute reads it; a capability that is not described changes nothing,
nor does a line without a verdict: `uncertain` lists pairs that wait for one.
"""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa

from graph.snapshot_schemas import CAPABILITY_PAIRS
from queries.alternatives.review_file import Review
from queries.text.capability_similarity import SAME_CAPABILITY, capability_pairs

FILE: Final = "concept_review.csv"
IDS: Final = ("capability_a", "capability_b")

UNCERTAIN_FROM: Final = 0.4
"""Of less similar pairs next to none are the same thing."""

_SAID: Final = ("capability_id", "name", "description")


def reviewed(pairs: pa.Table, capabilities: pa.Table, review: Review) -> pa.Table:
    """Return a `CAPABILITY_PAIRS` table with the corrections: what is the same has similarity 1, the rest is gone.

    Of what a similarity is made is not known where a person decided.
    """
    if not review:
        return pairs
    owner = dict(zip(*(capabilities[name].to_pylist() for name in ("capability_id", "artifact_id")), strict=True))
    rows = {(row["capability_a"], row["capability_b"]): row for row in pairs.to_pylist()}
    for (a, b), is_same in review.items():
        rows.pop((a, b), None)
        if is_same and a in owner and b in owner and owner[a] != owner[b]:
            ends = {"capability_a": a, "capability_b": b, "artifact_a": owner[a], "artifact_b": owner[b]}
            rows[a, b] = {**ends, "similarity": 1.0}
    return pa.Table.from_pylist([rows[pair] for pair in sorted(rows)], schema=CAPABILITY_PAIRS)


def uncertain(capabilities: pa.Table, review: Review, limit: int) -> list[dict[str, Any]]:
    """Return the pairs nearest to the threshold, on either side of it, that nobody has judged: the nearest first.

    Rows of a review file with an empty verdict: `IDS`, the similarity, and what both say of themselves.
    `capabilities` is the snapshot table.
    """
    said = {row["capability_id"]: row for row in capabilities.select(list(_SAID)).to_pylist()}
    pairs = capability_pairs(capabilities, UNCERTAIN_FROM).to_pylist()
    open_ = [row for row in pairs if (row["capability_a"], row["capability_b"]) not in review]
    open_.sort(key=lambda row: (round(abs(row["similarity"] - SAME_CAPABILITY), 6), row["capability_a"]))
    return [
        {"capability_a": row["capability_a"], "capability_b": row["capability_b"], "verdict": ""}
        | {"similarity": round(row["similarity"], 4), "linked": row["similarity"] >= SAME_CAPABILITY}
        | {f"{field}_{end}": said[row[f"capability_{end}"]][field] or "" for end in "ab" for field in _SAID[1:]}
        for row in open_[:limit]
    ]
