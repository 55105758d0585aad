"""Corrections of quarantined rows: a file of what the rows should have been."""

from __future__ import annotations

from pathlib import Path

import msgspec

from graph.errors import BadInput


class Correction(msgspec.Struct, frozen=True):
    """A line of the file. `quarantine list --jsonl` prints such lines, with more fields, which are not looked at."""

    id: int
    raw: str


def read_corrections(path: Path) -> dict[int, str]:
    """Return the corrected text of each row by its id; raises `BadInput` for the first line that is none."""
    decoder = msgspec.json.Decoder(Correction)
    found: dict[int, str] = {}
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            correction = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput(
                f"{path}, line {number}: not a JSON object with a whole number `id` and a text `raw` ({error}). "
                "Nothing was read again. Begin with the output of: matchgraph quarantine list --jsonl"
            ) from error
        if found.setdefault(correction.id, correction.raw) != correction.raw:
            raise BadInput(
                f"{path}, line {number}: the row {correction.id} was corrected otherwise before. "
                "Nothing was read again. Leave one line for each row."
            )
    return found
