"""Lists that the files of `graph.projections.neo4j_files` cannot say, and that the export over Bolt writes afterwards.

Neo4j's importer takes a list as one field with a sign between its texts: a list that is empty, or has one empty text,
is none to it, and the sign itself cannot stand in a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graph.projections.graph_schema import NODES, NodeType
from graph.projections.sql_views import graph_batches
from graph.schemas import TEXTS
from graph.snapshot import Snapshot

BETWEEN: Final = "\x1f"
"""Between the texts of a list: the unit separator, the sign that is made for it."""


def unsayable(column: pa.Array) -> pa.Array:
    """Return for each list whether the files cannot say it; false where there is none."""
    nothing_written = pc.equal(pc.binary_join(column, BETWEEN), "").fill_null(False)
    holds_sign = pc.match_substring(column.flatten(), BETWEEN)
    if not pc.any(holds_sign).as_py():
        return nothing_written
    of_those = pc.list_parent_indices(column).filter(holds_sign)
    return pc.or_(nothing_written, pc.is_in(pa.array(range(len(column)), of_those.type), value_set=of_those))


def unsayable_lists(snapshot: Snapshot, rows: int) -> Iterator[tuple[NodeType, str, list[list[Any]]]]:
    """Yield kinds of nodes and names of properties with [id, list] of at most `rows` nodes. Edges have no lists."""
    for node in NODES:
        names = [own.name for own in node.properties if own.type == TEXTS]
        for batch in graph_batches(snapshot, node, rows) if names else ():
            for name in names:
                wanted = unsayable(batch[name])
                ids, lists = batch["id"].filter(wanted).to_pylist(), batch[name].filter(wanted).to_pylist()
                if ids:
                    yield node, name, [list(pair) for pair in zip(ids, lists, strict=True)]
