"""The catalogue: all revisions of a description brought into one row, and which object id means what.

Of every field the newest known value counts: a later revision that lacks a field does not delete it. Revisions
follow each other by their own date (else the time of import), then time of import, row in the file, content hash.
"""

from __future__ import annotations

from typing import Final

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from graph.keys import KeyCache
from graph.schemas import INT, TEXT, content_schema
from graph.snapshot_schemas import ARTIFACT_TABLE, CAPABILITY_TABLE
from queries.counting.engine import Engine, Frame

TARGETS: Final = pa.schema(
    [
        pa.field("object_key", INT),
        pa.field("artifact_key", INT),
        pa.field("artifact_id", TEXT),
        pa.field("capability_id", TEXT),
        pa.field("catalogued", pa.bool_()),
    ]
)
"""What an object of the log stands for."""


def artifact_table(engine: Engine) -> pa.Table:
    """Return one row for each artifact, in the columns of `ARTIFACT_TABLE`, by id. A nameless one is called its id."""
    return _entries(engine, "artifacts", "artifact_id").select(ARTIFACT_TABLE.names).cast(ARTIFACT_TABLE)


def capability_table(engine: Engine) -> pa.Table:
    """Return one row for each capability, in the columns of `CAPABILITY_TABLE`, by id."""
    entries = _entries(engine, "capabilities", "capability_id")
    known_at = pc.coalesce(entries["revised_at"], entries["ingested_at"])
    return entries.append_column("known_at", known_at).select(CAPABILITY_TABLE.names).cast(CAPABILITY_TABLE)


def capability_names(engine: Engine) -> pa.Table:
    """Return every name and stated URI that a capability has borne: columns `capability_id`, `name`, `uri`, `since`.

    `since`: when it first came into the ledger, in microseconds since 1970. By id, then time.
    """
    borne = engine.table("capabilities").group_by("capability_id", "name", "uri")
    found = engine.arrow(borne.agg(nw.col("ingested_at").min().alias("since")))
    return found.sort_by([(name, "ascending") for name in ("capability_id", "since", "name", "uri")])


def _entries(engine: Engine, table: str, id_column: str) -> pa.Table:
    revisions = engine.table(table)
    newest = engine.arrow(newest_values(revisions, id_column, content_schema(table).names))
    newest = newest.sort_by(id_column)
    newest = newest.append_column("object_key", _keys(newest[id_column]))
    named = pc.coalesce(newest["name"], newest[id_column])
    newest = newest.set_column(newest.column_names.index("name"), "name", named)
    return newest.append_column("sources", _sources(engine, revisions, id_column, newest[id_column]))


def newest_values(revisions: Frame, id_column: str, fields: list[str]) -> Frame:
    """Return one row for each id: of every field the newest value that is not null, and the count of revisions.

    `ingested_at` is that of the first revision: since when it is known.
    """
    dated = revisions.with_columns(nw.coalesce("revised_at", "ingested_at").alias("at"))
    values = [name for name in fields if name != id_column]
    order = ["at", "ingested_at", "source_row", "content_hash"]
    filled = dated.with_columns(
        *(nw.col(name).fill_null(strategy="forward").over(id_column, order_by=order) for name in values),
        nw.col("content_hash").cum_count().over(id_column, order_by=order).cast(nw.Int64).alias("place"),
    )
    counts = revisions.group_by(id_column).agg(
        nw.len().cast(nw.Int64).alias("revisions"), nw.col("ingested_at").min().alias("known_since")
    )
    last = filled.join(counts, on=id_column, how="inner").filter(nw.col("place") == nw.col("revisions"))
    return last.select(id_column, *values, "revisions", nw.col("known_since").alias("ingested_at"))


def _keys(ids: pa.ChunkedArray) -> pa.Array:
    return pa.array(KeyCache().keys(ids.to_pylist()), INT)


def _sources(engine: Engine, revisions: Frame, id_column: str, ids: pa.ChunkedArray) -> pa.Array:
    """Return the distinct sources of every id, sorted, in the order of `ids`."""
    pairs = engine.arrow(revisions.select(id_column, "source").unique())
    found: dict[str, list[str]] = {}
    for name, source in zip(pairs[id_column].to_pylist(), pairs["source"].to_pylist(), strict=True):
        found.setdefault(name, []).append(source)
    return pa.array([sorted(found[name]) for name in ids.to_pylist()], pa.list_(TEXT))


def targets(artifacts: pa.Table, capabilities: pa.Table) -> pa.Table:
    """Return what each object id of the catalogue stands for, in the columns of `TARGETS`.

    An id that names both an artifact and a capability stands for the artifact. A capability whose artifact is not
    described stands for that artifact all the same, which is then not catalogued.
    """
    described = set(artifacts["artifact_id"].to_pylist())
    cache = KeyCache()
    rows: dict[int, tuple[int, int, str, str | None, bool]] = {}
    columns = (capabilities[name].to_pylist() for name in ("object_key", "artifact_id", "capability_id"))
    for key, artifact_id, capability_id in zip(*columns, strict=True):
        rows[key] = (key, cache.key(artifact_id), artifact_id, capability_id, artifact_id in described)
    for key, artifact_id in zip(artifacts["object_key"].to_pylist(), artifacts["artifact_id"].to_pylist(), strict=True):
        rows[key] = (key, key, artifact_id, None, True)
    return pa.Table.from_pylist([dict(zip(TARGETS.names, row, strict=True)) for row in rows.values()], TARGETS)
