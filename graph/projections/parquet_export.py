"""The graph as Parquet: a file for every kind of node and edge."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from graph.durable import whole_file
from graph.projections.graph_schema import EDGES, NODES
from graph.projections.sql_views import graph_batches
from graph.snapshot import Snapshot

BATCH: Final = 50_000


def write_parquet(snapshot: Snapshot, folder: Path) -> None:
    """Write `<view>.parquet` for each kind into the folder, made if need be; each file appears when it is complete."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in (*NODES, *EDGES):
        with (
            whole_file(folder / f"{kind.view}.parquet") as partial,
            pq.ParquetWriter(partial, kind.arrow_schema) as writer,
        ):
            for batch in graph_batches(snapshot, kind, BATCH):
                writer.write_batch(batch)
