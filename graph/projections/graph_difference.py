"""What differs between the graphs of two snapshots."""

from __future__ import annotations

import duckdb
import msgspec
import pyarrow as pa

from graph.projections.graph_schema import EDGES, NODES, NodeType
from graph.projections.sql_views import graph_table
from graph.snapshot import Snapshot


class Difference(msgspec.Struct, frozen=True):
    """What must be written and removed to come from one snapshot to another, by kind."""

    written: dict[str, pa.Table]
    gone: dict[str, pa.Table]

    @property
    def size(self) -> int:
        """Number of elements."""
        return sum(table.num_rows for table in (*self.written.values(), *self.gone.values()))


def difference_of(before: Snapshot, after: Snapshot) -> Difference:
    """Compare two snapshots, kind by kind."""
    written, gone = {}, {}
    for kind in (*NODES, *EDGES):
        identity = ["id"] if isinstance(kind, NodeType) else ["start", "end", *kind.key]
        with duckdb.connect(":memory:") as connection:
            connection.register("old", graph_table(before, kind))
            connection.register("new", graph_table(after, kind))
            columns = ", ".join(f'"{name}"' for name in identity)
            order = f"ORDER BY {columns}"
            changed = connection.sql(f"SELECT * FROM new EXCEPT SELECT * FROM old {order}").to_arrow_table()
            written[kind.view] = changed.cast(kind.arrow_schema)
            gone[kind.view] = connection.sql(
                f"SELECT {columns} FROM old EXCEPT SELECT {columns} FROM new {order}"
            ).to_arrow_table()
    return Difference(written, gone)
