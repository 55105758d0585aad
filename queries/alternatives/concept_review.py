"""What people have corrected: pairs of capabilities that are the same thing, or are not, whatever their texts say.

The file `concept_review.csv` in the home has the columns `capability_a`, `capability_b`, `verdict` (same or different)
and any others, which are kept for the reader. Recompute reads it; a capability that is not described changes nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pyarrow as pa

from graph.errors import BadInput
from graph.snapshot_schemas import CAPABILITY_PAIRS

FILE: Final = "concept_review.csv"
VERDICTS: Final = ("same", "different")
COLUMNS: Final = ("capability_a", "capability_b", "verdict")

Review = Mapping[tuple[str, str], bool]
"""(capability, capability), the ids in alphabetical order → whether they are the same thing."""

NO_REVIEW: Final[Review] = MappingProxyType({})


def read_review(path: Path) -> Review:
    """Read the corrections; none if there is no file. Of two for one pair the later counts.

    Raises `BadInput` naming the line that cannot be read.
    """
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not set(COLUMNS) <= set(reader.fieldnames or ()):
            raise BadInput(f"{path} needs the columns {', '.join(COLUMNS)} in its first line.")
        return dict(_corrections(path, reader))


def _corrections(path: Path, reader: csv.DictReader[str]) -> Iterator[tuple[tuple[str, str], bool]]:
    for row in reader:
        a, b, verdict = ((row[name] or "").strip() for name in COLUMNS)
        if not a or not b or a == b or verdict not in VERDICTS:
            raise BadInput(
                f"{path}, line {reader.line_num}: give two different capability ids and the verdict "
                f"{' or '.join(VERDICTS)}, not {a!r}, {b!r}, {verdict!r}."
            )
        yield (min(a, b), max(a, b)), verdict == "same"


def reviewed(pairs: pa.Table, capabilities: pa.Table, review: Review) -> pa.Table:
    """Return a `CAPABILITY_PAIRS` table with the corrections: what is the same has similarity 1, the rest is gone."""
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
