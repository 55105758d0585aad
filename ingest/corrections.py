"""Corrections of quarantined rows: a file of what the rows should have been."""

from __future__ import annotations

from pathlib import Path

import msgspec

from graph.errors import BadInput
from graph.line_files import json_lines


class Correction(msgspec.Struct, frozen=True):
    """A line of the file. `quarantine list --jsonl` prints such lines, with more fields, which are not looked at."""

    id: int
    raw: str


def read_corrections(path: Path) -> dict[int, str]:
    """Return the corrected text of each row by its id; raises `BadInput` for the first line that is none."""
    remedy = (
        "A line is a JSON object with a whole number `id` and a text `raw`. Nothing was read again. "
        "Begin with the output of: matchgraph quarantine list --jsonl"
    )
    found: dict[int, str] = {}
    for number, correction in json_lines(path, Correction, remedy):
        if found.setdefault(correction.id, correction.raw) != correction.raw:
            raise BadInput(
                f"{path}, line {number}: the row {correction.id} was corrected otherwise before. "
                "Nothing was read again. Leave one line for each row."
            )
    return found
