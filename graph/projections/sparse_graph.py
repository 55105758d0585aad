"""The graph as sparse matrices of SciPy, for algorithms on graphs that NetworkX is too slow or too large for.

A node is a row or a column by its number; `ids` says which is which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.errors import WrongUse
from graph.projections.graph_schema import EDGES, NODES, EdgeType
from graph.projections.sql_views import open_sql
from graph.snapshot import Snapshot

if TYPE_CHECKING:
    import duckdb
    from scipy.sparse import csr_array

_NO_WEIGHTS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True)
class GraphArrays:
    """All nodes and edges as numbers."""

    ids: Mapping[str, pa.Array]
    """Label → ids of its nodes, sorted; the number of a node is its place."""
    edges: Mapping[str, csr_array]
    """View of an edge type → matrix, starts on rows and ends on columns; edges of the same two nodes added up."""

    def square(self) -> csr_array:
        """Return one matrix over all nodes, label after label as in `ids`, with the edges of all types added up."""
        from scipy.sparse import block_array, csr_array

        labels = list(self.ids)
        blocks = [[csr_array((len(self.ids[start]), len(self.ids[end]))) for end in labels] for start in labels]
        for edge in EDGES:
            row, column = labels.index(edge.start), labels.index(edge.end)
            blocks[row][column] = blocks[row][column] + self.edges[edge.view]
        return block_array(blocks, format="csr")


def graph_arrays(snapshot: Snapshot, weights: Mapping[str, str] = _NO_WEIGHTS) -> GraphArrays:
    """Return the whole graph; `weights`: view of an edge type → the property that its entries hold, else 1.

    Edges where the property is not known have no entry. Raises `WrongUse` for a view or a property that there is not.
    """
    for view, name in weights.items():
        if not any(edge.view == view and edge.arrow_schema.get_field_index(name) > 1 for edge in EDGES):
            raise WrongUse(f"There are no edges {view} with a property {name}.")
    with open_sql(snapshot) as connection:
        ids = {node.label: _ids(connection, node.view) for node in NODES}
        edges = {edge.view: _matrix(connection, edge, ids, weights.get(edge.view)) for edge in EDGES}
    return GraphArrays(ids, edges)


def _ids(connection: duckdb.DuckDBPyConnection, view: str) -> pa.Array:
    return connection.sql(f'SELECT id FROM graph."{view}" ORDER BY id').to_arrow_table()["id"].combine_chunks()


def _matrix(
    connection: duckdb.DuckDBPyConnection, edge: EdgeType, ids: Mapping[str, pa.Array], weight: str | None
) -> csr_array:
    from scipy.sparse import coo_array

    value = "1" if weight is None else f'"{weight}"'
    text = f'SELECT "start", "end", {value}::DOUBLE AS value FROM graph."{edge.view}" WHERE {value} IS NOT NULL'
    table = connection.sql(text).to_arrow_table()
    starts = pc.index_in(table["start"], ids[edge.start]).to_numpy().astype(np.int64)
    ends = pc.index_in(table["end"], ids[edge.end]).to_numpy().astype(np.int64)
    shape = (len(ids[edge.start]), len(ids[edge.end]))
    return coo_array((table["value"].to_numpy(), (starts, ends)), shape=shape).tocsr()
