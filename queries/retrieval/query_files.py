"""Files of queries and of judgments, as `search --batch` and `evaluate` take them. Plain or gzipped."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from graph.errors import BadInput
from graph.line_files import json_lines, lines

OBJECT_COLUMNS: Final = ("capability_id", "artifact_id", "object_id")


class QueryLine(msgspec.Struct, frozen=True):
    """One line of a file of queries."""

    id: str | int
    """Given back as it came."""
    text: str
    candidates: list[str] | None = None
    """Ids of artifacts or capabilities; the answer chooses among them."""


Judgments = dict[str, dict[str, float]]
"""Query id → object id → grade."""


def read_queries(path: Path) -> Iterator[QueryLine]:
    """Yield the queries of a JSON Lines file; blank lines are skipped. Raises `BadInput` naming file and line."""
    remedy = 'Every line must be a JSON object such as {"id": "q1", "text": "resize images"}.'
    return (query for _, query in json_lines(path, QueryLine, remedy))


def read_judgments(path: Path) -> Judgments:
    """Read graded judgments: CSV with query_id, capability_id or artifact_id or object_id, grade; or TREC qrels.

    Raises `BadInput` naming file and line.
    """
    rows = b"".join(lines(path)).decode("utf-8-sig", "replace").splitlines()
    header = [name.strip() for name in rows[0].split(",")] if rows else []
    column = next((name for name in OBJECT_COLUMNS if name in header), None)
    if "query_id" in header and "grade" in header and column is not None:
        return _graded(path, ((row["query_id"], row[column], row["grade"]) for row in csv.DictReader(rows)), 2)
    if rows and len(rows[0].split()) == 4:
        return _graded(path, ((part[0], part[2], part[3]) for part in map(_trec_row, rows)), 1)
    raise BadInput(
        f"{path} does not begin like judgments. Expected the columns query_id, artifact_id or capability_id, grade; "
        "or TREC qrels (query, 0, object, grade)."
    )


def _trec_row(row: str) -> list[str]:
    return [*row.split(), "", "", "", ""]


def _graded(path: Path, rows: Iterator[tuple[str, str, str]], first_line: int) -> Judgments:
    found: Judgments = {}
    for number, (query_id, object_id, grade) in enumerate(rows, start=first_line):
        try:
            value = float(grade)
        except (TypeError, ValueError):
            value = math.nan
        if not math.isfinite(value):
            raise BadInput(f"{path}, line {number}: the grade {grade!r} is not a number.")
        found.setdefault(query_id, {})[object_id] = value
    return found
