"""The graph in SQL: a DuckDB connection over one snapshot that can read it and nothing else.

Schema `main` has the snapshot's tables, schema `graph` a view for every kind of node and edge of
`graph.projections.graph_schema`, and `graph.nodes` and `graph.edges` over all of them. Tables are read from Parquet
when a query asks for them, by Arrow: DuckDB itself runs without access to files, network and extensions, and its
settings are locked.
"""

from __future__ import annotations

import secrets
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.dataset

from graph.progress_bar import without_progress_bar
from graph.projections.graph_schema import EDGES, NODES, EdgeType, NodeType
from graph.snapshot import Snapshot
from graph.snapshot_schemas import SNAPSHOT_TABLES
from graph.source_names import source_names_sql

DEFAULT_MEMORY_MB: Final = 1024
_NAMES: Final = f"{source_names_sql('sources')} AS sources"
_NAMES_IN_JSON: Final = source_names_sql("json_extract_string(inputs, '$.sources[*]')")
_NAMED: Final = {
    "artifacts": _NAMES,
    "capabilities": _NAMES,
    "rank_parts": "CASE WHEN json_exists(inputs, '$.sources') "
    f"THEN json_merge_patch(inputs, json_object('sources', {_NAMES_IN_JSON}))::VARCHAR ELSE inputs END AS inputs",
}
"""Table → its column that names files of the operator, with names of sources in their place."""


def open_sql(
    snapshot: Snapshot,
    *,
    memory_mb: int | None = DEFAULT_MEMORY_MB,
    threads: int = 2,
    reads_files: bool = False,
    for_operator: bool = True,
) -> duckdb.DuckDBPyConnection:
    """Open the snapshot for SQL. Larger intermediate results than `memory_mb` end the query, nothing is spilled.

    `memory_mb` None: most of the machine's memory.

    `reads_files`: DuckDB reads the tables itself, in far less memory than Arrow, which reads ahead; for queries of
    ours alone, since it can then read other files too. `for_operator`: else sources go by their names, not by the
    files on his disk; for one query a connection.
    """
    connection = _open_tables(snapshot, memory_mb, threads, reads_files=reads_files, for_operator=for_operator)
    connection.execute("CREATE SCHEMA graph")
    for kind in (*NODES, *EDGES):
        connection.execute(f'CREATE VIEW graph."{kind.view}" AS {view_sql(kind)}')
    connection.execute(f"CREATE VIEW graph.nodes AS {_all_nodes()}")
    connection.execute(f"CREATE VIEW graph.edges AS {_all_edges()}")
    connection.execute("SET lock_configuration = true")
    return connection


def _open_tables(
    snapshot: Snapshot,
    memory_mb: int | None = DEFAULT_MEMORY_MB,
    threads: int = 2,
    *,
    reads_files: bool = False,
    for_operator: bool = True,
) -> duckdb.DuckDBPyConnection:
    """Open the tables without the views, which take half of the time to open: for queries of ours alone."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "enable_external_access": str(reads_files).lower(),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",  # a table name must not reach the caller's variables
            "temp_directory": "",  # nothing is spilled
            "threads": str(threads),
            **({} if memory_mb is None else {"memory_limit": f"{memory_mb}MB"}),
        },
    )
    without_progress_bar(connection)
    for name in SNAPSHOT_TABLES:
        path = snapshot.path / "tables" / f"{name}.parquet"
        if reads_files and path.is_file():
            source = str(path).replace("'", "''")  # a view takes no parameters
            connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet('{source}')")
        elif for_operator or name not in _NAMED:
            connection.register(name, _dataset(snapshot, name))
        else:
            _register_named(connection, name, _dataset(snapshot, name))
    return connection


def _register_named(
    connection: duckdb.DuckDBPyConnection, table: str, content: pa.Table | pyarrow.dataset.Dataset
) -> None:
    """Register a table with names instead of files; what holds the files has a name that no query can know."""
    hidden = f"{table}_{secrets.token_hex(16)}"
    connection.register(hidden, content)
    connection.execute(f'CREATE TEMP VIEW {table} AS SELECT * REPLACE ({_NAMED[table]}) FROM "{hidden}"')


def view_sql(kind: NodeType | EdgeType) -> str:
    """Return the query of a kind's view; without rows where a table it needs is not part of snapshots."""
    if isinstance(kind, NodeType) or all(table in SNAPSHOT_TABLES for table in kind.tables):
        return kind.sql
    nothing = ", ".join(f'CAST(NULL AS {_SQL_TYPES[field.type]}) AS "{field.name}"' for field in kind.arrow_schema)
    return f"SELECT {nothing} WHERE false"


def graph_table(snapshot: Snapshot, kind: NodeType | EdgeType) -> pa.Table:
    """Return all nodes or edges of a kind, with the columns of its `arrow_schema`, in the order of their identity."""
    connection = _open_tables(snapshot, memory_mb=None)  # what is returned is held in memory as a whole
    try:
        return _sorted(connection, kind).to_arrow_table().cast(kind.arrow_schema)
    finally:
        connection.close()


def graph_batches(snapshot: Snapshot, kind: NodeType | EdgeType, rows: int) -> pa.RecordBatchReader:
    """Return the same as `graph_table`, unsorted, in batches of at most `rows`, so that memory stays bounded."""
    reader = _open_tables(snapshot).sql(view_sql(kind)).to_arrow_reader(rows)
    batches = (batch.cast(kind.arrow_schema) for batch in reader)
    return pa.RecordBatchReader.from_batches(kind.arrow_schema, batches)


def _sorted(connection: duckdb.DuckDBPyConnection, kind: NodeType | EdgeType) -> duckdb.DuckDBPyRelation:
    identity = ("id",) if isinstance(kind, NodeType) else ("start", "end", *kind.key)
    order = ", ".join(f'"{name}"' for name in identity)
    return connection.sql(f"SELECT * FROM ({view_sql(kind)}) ORDER BY {order}")


def _dataset(snapshot: Snapshot, table: str) -> pa.Table | pyarrow.dataset.Dataset:
    path = snapshot.path / "tables" / f"{table}.parquet"
    if not path.is_file():  # a snapshot made before this table existed
        return SNAPSHOT_TABLES[table].empty_table()
    return pyarrow.dataset.dataset(path, schema=SNAPSHOT_TABLES[table])


def _all_nodes() -> str:
    return " UNION ALL ".join(f"SELECT '{node.label}' AS label, id, name FROM graph.\"{node.view}\"" for node in NODES)


def _all_edges() -> str:
    return " UNION ALL ".join(
        f"SELECT '{edge.type}' AS type, '{edge.start}' AS start_label, \"start\", '{edge.end}' AS end_label, \"end\" "
        f'FROM graph."{edge.view}"'
        for edge in EDGES
    )


_SQL_TYPES: Final = {
    pa.string(): "VARCHAR",
    pa.list_(pa.string()): "VARCHAR[]",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.timestamp("us", "UTC"): "TIMESTAMP",
}
"""DuckDB's types. Times are TIMESTAMP in UTC: TIMESTAMPTZ would need an extension."""
