"""Files in which people say of pairs whether they are the same thing: columns for the two ids, and `verdict`.

Other columns are kept for the reader. A line without a verdict changes nothing: it waits for one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from graph.errors import BadInput

VERDICTS: Final = ("same", "different")

Review = Mapping[tuple[str, str], bool]
"""(id, id), in alphabetical order → whether they are the same thing."""

NO_REVIEW: Final[Review] = MappingProxyType({})


def read_review(path: Path, ids: tuple[str, str]) -> Review:
    """Read the corrections; none if there is no file. Of two for one pair the later counts.

    `ids`: the columns of the two ids. Raises `BadInput` naming the line that cannot be read.
    """
    if not path.is_file():
        return {}
    columns = (*ids, "verdict")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not set(columns) <= set(reader.fieldnames or ()):
            raise BadInput(f"{path} needs the columns {', '.join(columns)} in its first line.")
        return dict(_corrections(path, reader, columns))


def _corrections(
    path: Path, reader: csv.DictReader[str], columns: tuple[str, str, str]
) -> Iterator[tuple[tuple[str, str], bool]]:
    for row in reader:
        a, b, verdict = ((row[name] or "").strip() for name in columns)
        if a and b and a != b and not verdict:
            continue
        if not a or not b or a == b or verdict not in VERDICTS:
            raise BadInput(
                f"{path}, line {reader.line_num}: give two different ids and the verdict "
                f"{' or '.join(VERDICTS)}, not {a!r}, {b!r}, {verdict!r}."
            )
        yield (min(a, b), max(a, b)), verdict == "same"
