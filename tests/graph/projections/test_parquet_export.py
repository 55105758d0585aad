from pathlib import Path

import pyarrow.parquet as pq

from graph.projections.graph_schema import EDGES, NODES, NodeType
from graph.projections.parquet_export import write_parquet
from graph.projections.sql_views import graph_table
from graph.snapshot import Snapshot


def test_every_kind_has_a_file_with_its_rows(demo_snapshot: Snapshot, tmp_path: Path):
    write_parquet(demo_snapshot, tmp_path / "graph")
    write_parquet(demo_snapshot, tmp_path / "graph")  # again: the files are replaced
    kinds = (*NODES, *EDGES)
    assert sorted(path.name for path in (tmp_path / "graph").iterdir()) == sorted(f"{k.view}.parquet" for k in kinds)
    for kind in kinds:
        identity = ["id"] if isinstance(kind, NodeType) else ["start", "end", *kind.key]
        found = pq.read_table(tmp_path / "graph" / f"{kind.view}.parquet")
        assert found.sort_by([(name, "ascending") for name in identity]).equals(graph_table(demo_snapshot, kind))
