"""Rows of the graph as the texts of `graph.projections.neo4j_text` take them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from graph.projections.graph_types import TIME, EdgeType, NodeType

Rows = list[list[Any]]


def with_values(kind: NodeType | EdgeType, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Leave out the properties that no row has: a null costs the server as much as a value, until it drops it."""
    needed = {"id"} if isinstance(kind, NodeType) else {"start", "end", *kind.key}
    names = zip(batch.schema.names, batch.columns, strict=True)
    return batch.select([name for name, column in names if name in needed or column.null_count < len(column)])


def plain_rows(batch: pa.RecordBatch) -> Rows:
    """Return rows as lists of values: a time is [seconds, nanoseconds] since 1970."""
    return [list(row) for row in zip(*map(_plain_values, batch.columns), strict=True)]


def _plain_values(column: pa.Array) -> list[Any]:
    if column.type != TIME:
        values: list[Any] = column.to_pylist()
        return values
    since_1970 = column.cast(pa.int64()).to_pylist()
    return [None if us is None else (us // 1_000_000, us % 1_000_000 * 1000) for us in since_1970]
