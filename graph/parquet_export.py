"""The graph as Parquet: a file for every kind of node and edge."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from graph.graph_schema import EDGES, NODES
from graph.snapshot import Snapshot
from graph.sql_views import graph_batches

BATCH: Final = 50_000


def write_parquet(snapshot: Snapshot, folder: Path) -> None:
    """Write `<view>.parquet` for each kind into the folder, made if need be; each file appears when it is complete."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in (*NODES, *EDGES):
        partial = folder / f".{kind.view}.partial"
        try:
            with pq.ParquetWriter(partial, kind.arrow_schema) as writer:
                for batch in graph_batches(snapshot, kind, BATCH):
                    writer.write_batch(batch)
            partial.replace(folder / f"{kind.view}.parquet")
        finally:
            partial.unlink(missing_ok=True)
