"""Pairs to be judged by people, as lines of a review file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.cli.output import emit, emit_json, tell
from graph.phrasing import counted


def give_to_review(rows: Sequence[dict[str, Any]], out: Path | None, as_json: bool, nothing: str) -> None:
    """Write pairs as CSV to a file or to stdout, or as JSON to stdout; `nothing` is said where there is none.

    Raises `WrongUse` where the file cannot be written.
    """
    if as_json:
        emit_json({"pairs": rows})
        return
    text = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    if out is None:
        emit(text.getvalue().rstrip("\n")) if rows else tell(nothing)
        return
    from graph.durable import whole_file
    from graph.errors import WrongUse

    try:
        with whole_file(out) as partial:
            partial.write_text(text.getvalue(), encoding="utf-8")
    except OSError as error:
        raise WrongUse(f"{out} cannot be written: {error.strerror}.") from error
    tell(f"{counted(len(rows), 'pair')} written to {out}.")
