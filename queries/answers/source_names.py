"""Answers for others than the operator: sources go by their names, not by the files on his disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from graph.source_names import source_names
from queries.answers.shapes import HasParameters, SnapshotTables

Row = dict[str, Any]


class NamedSources:
    """A snapshot in which sources go by their names, for `show`, `compare` and `explain`; else it is the same."""

    def __init__(self, snapshot: SnapshotTables) -> None:
        self._snapshot = snapshot

    @property
    def id(self) -> str:
        """The snapshot's id."""
        return self._snapshot.id

    @property
    def now_us(self) -> int:
        """The time for which it was computed."""
        return self._snapshot.now_us

    @property
    def manifest(self) -> HasParameters:
        """What it was computed from."""
        return self._snapshot.manifest

    def table(self, name: str) -> pa.Table:
        """Return a whole table; sources stand in it as they are stored, so it is not to be shown."""
        return self._snapshot.table(name)

    def rows(self, name: str, **equals: str | int) -> list[Row]:
        """Return the rows whose columns have the given values."""
        found = self._snapshot.rows(name, **equals)
        if name == "rank_parts":
            return [row | {"inputs": json.dumps(_named(json.loads(row["inputs"])))} for row in found]
        return [_named(row) for row in found]


def _named(row: Mapping[str, Any]) -> Row:
    return {**row, "sources": source_names(row["sources"])} if row.get("sources") else dict(row)
