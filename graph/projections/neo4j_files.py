"""The graph as files for Neo4j's own importer, which writes a database's files itself, beside any transaction.

For the first load of a large graph: `neo4j-admin database import` takes about as much work as a server that has been
running for long, and less than half of that of one just started. It wants a database that is not in use. The result
is what `graph.projections.neo4j_export` leaves, but for constraints, indexes and lists that files cannot say, all of
which its next run makes; from then on it writes the differences.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from graph.durable import whole_file
from graph.projections.graph_form import graph_form
from graph.projections.graph_schema import EDGES, NODES, EdgeType, NodeType
from graph.projections.graph_types import BOOL, TIME
from graph.projections.neo4j_lists import BETWEEN, unsayable
from graph.projections.sql_views import graph_batches
from graph.schemas import INT, TEXT, TEXTS
from graph.snapshot import Snapshot
from graph.snapshot_schemas import FLOAT

ARGUMENTS: Final = "import.args"
BATCH: Final = 50_000
_TYPES: Final = {TEXT: "string", INT: "long", FLOAT: "double", BOOL: "boolean", TEXTS: "string[]", TIME: "datetime"}
_LINE_END: Final = "[\r\n]"


def write_neo4j_files(snapshot: Snapshot, folder: Path) -> None:
    """Write a file of CSV for each kind of node and edge and, at last, the importer's arguments into the folder.

    An empty list is left out, and in a list a unit separator (U+001F) within a text becomes a blank; the next export
    over Bolt puts both right. All else arrives as it is. Raises `DiskFull` where there is no room.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ARGUMENTS).unlink(missing_ok=True)
    written = {kind: _write(snapshot, kind, folder) for kind in (*NODES, *EDGES)}
    # The importer is told of line ends within texts only where there are some: it reads such files more slowly.
    lines = any(each.line_ends for each in written.values())
    arguments = ["--array-delimiter=U+001F", *(["--multiline-fields=true"] if lines else [])]
    arguments += [_argument(kind) for kind, each in written.items() if each.rows]
    lists_missing = str(any(each.lists_missing for each in written.values())).lower()
    with whole_file(folder / "snapshot.csv") as partial:
        partial.write_text(
            "name:ID(MatchgraphSnapshot),snapshot_id,complete:boolean,form,lists_missing:boolean\n"
            f'current,{snapshot.id},true,"{graph_form()}",{lists_missing}\n'
        )
    arguments.append("--nodes=MatchgraphSnapshot=snapshot.csv")
    with whole_file(folder / ARGUMENTS) as partial:
        partial.write_text("\n".join([*arguments, ""]))


def _argument(kind: NodeType | EdgeType) -> str:
    if isinstance(kind, NodeType):
        return f"--nodes={kind.label}={kind.view}.csv"
    return f"--relationships={kind.type}={kind.view}.csv"


class _Written(NamedTuple):
    rows: int
    line_ends: bool
    """Whether a text has any."""
    lists_missing: bool
    """Whether there is a list that the file cannot say."""


def _write(snapshot: Snapshot, kind: NodeType | EdgeType, folder: Path) -> _Written:
    rows, line_ends, lists_missing = 0, False, False
    with whole_file(folder / f"{kind.view}.csv") as partial, partial.open("wb") as file:
        file.write(",".join(_header(kind)).encode() + b"\n")
        for batch in graph_batches(snapshot, kind, BATCH):
            if batch.num_rows:
                columns = [*map(_as_written, batch.columns), pa.repeat(pa.scalar(snapshot.id), batch.num_rows)]
                csv.write_csv(pa.table(columns, names=_header(kind)), file, csv.WriteOptions(include_header=False))
                rows += batch.num_rows
                line_ends = line_ends or any(map(_has_line_ends, columns))
                lists = (column for column in batch.columns if column.type == TEXTS)
                lists_missing = lists_missing or any(pc.any(unsayable(column)).as_py() for column in lists)
    return _Written(rows, line_ends, lists_missing)


def _has_line_ends(column: pa.Array) -> bool:
    return column.type == TEXT and bool(pc.any(pc.match_substring_regex(column, _LINE_END)).as_py())


def _header(kind: NodeType | EdgeType) -> list[str]:
    if isinstance(kind, NodeType):
        identity = [f"id:ID({kind.label})"]
    else:
        identity = [f":START_ID({kind.start})", f":END_ID({kind.end})"]
    return [*identity, *(f"{own.name}:{_TYPES[own.type]}" for own in kind.properties), "snapshot_id"]


def _as_written(column: pa.Array) -> pa.Array:
    if column.type == TIME:
        return pc.strftime(column, format="%Y-%m-%dT%H:%M:%SZ")
    if column.type != TEXTS:
        return column
    joined = pc.binary_join(column, BETWEEN)
    if not pc.any(pc.match_substring(column.flatten(), BETWEEN)).as_py():
        return joined
    plain = [None if texts is None else [text.replace(BETWEEN, " ") for text in texts] for texts in column.to_pylist()]
    return pc.binary_join(pa.array(plain, TEXTS), BETWEEN)
