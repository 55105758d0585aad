"""A ledger to which files come, and what is found in it: from what earlier looks kept, or anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.dataset as ds

from graph.keys import stable_key
from graph.schemas import LEDGER_TABLES, PARTITION_COLUMN
from queries.counting.catalogue import TARGETS
from queries.counting.choices import MATCHES, with_targets
from queries.counting.duel_counts import MET
from queries.counting.duels import Contestants
from queries.counting.engine import Engine, Frame
from queries.counting.engines.duckdb_engine import DuckDBEngine
from queries.counting.indexing import index_log
from queries.counting.intents import ASKING, Intents
from queries.counting.kept_counts import KeptCounts
from queries.counting.limits import Limits
from queries.counting.log_counts import TABLES, count_log, duel_totals
from queries.counting.log_index import LogIndex
from queries.counting.together import SESSIONS, of_catalogue
from tests.queries.ledger_rows import PolarsEngine, ledger, write_table

Rows = dict[str, list[dict[str, Any]]]

DESCRIBED: Final = pa.Table.from_pylist(
    [
        {
            "object_key": stable_key(name),
            "artifact_key": stable_key(name.partition("/")[0]),
            "artifact_id": name.partition("/")[0],
            "capability_id": name if "/" in name else None,
            "catalogued": True,
        }
        for name in ("big", "big/zoom", "small")
    ],
    TARGETS,
)


class PolarsOverFiles(PolarsEngine):
    """Polars over the files of a ledger: what is counted of a few rows costs a tenth of what it costs on DuckDB."""

    searches_at_once = 1

    def __init__(self, files: Callable[[str], list[str]]) -> None:
        self._files = files

    def table(self, name: str, files: Sequence[str] | None = None) -> Frame:
        schema = LEDGER_TABLES[name]
        dated = [schema.field(PARTITION_COLUMN[name])] if name in PARTITION_COLUMN else []
        parts = ds.partitioning(pa.schema(dated), flavor="hive")
        files = self._files(name) if files is None else files
        rows = ds.dataset(list(files), schema, "parquet", partitioning=parts).to_table() if files else None
        return self.register(name, schema.empty_table() if rows is None else rows)


class Growing:
    """A ledger in a folder, looked at by DuckDB or by Polars."""

    def __init__(self, folder: Path, *, polars: bool = False) -> None:
        self._folder = folder
        self._polars = polars
        self._imports = 0

    def add(self, rows: Rows) -> None:
        """Import rows as new files."""
        self._imports += 1
        for name, table in ledger(**rows).items():
            write_table(self._folder / name, name, table, f"{self._imports}-{{i}}.parquet")

    def index(self, now_us: int, kept: str | None = None) -> dict[str, Any]:
        """Look over the log: the fields of `LogIndex`. `kept`: the folder with what earlier looks kept, if any."""
        with self._engine() as engine:
            return _sorted(asdict(index_log(engine, now_us, self._kept(kept))))

    def counts(self, now_us: int, kept: str | None = None) -> dict[str, Any]:
        """Count the log, a block for each date: the index, the tables of blocks and all totals."""
        with self._engine() as engine:
            keeping = self._kept(kept)
            index = index_log(engine, now_us, keeping)
            found = _counted(engine, index, keeping)
            if kept is not None:
                keeping.sweep()
            return _sorted({**asdict(index), **found})

    def _engine(self) -> AbstractContextManager[Engine]:
        if self._polars:
            return nullcontext(PolarsOverFiles(self._files))
        engine = DuckDBEngine(self._files, self._folder / "scratch", Limits("512MB", threads=1))
        engine.searches_at_once = 1  # type: ignore[misc]
        return engine

    def _kept(self, folder: str | None) -> KeptCounts:
        path = self._folder / (folder or f"anew-{self._imports}")
        return KeptCounts(path, self._files, lambda _sentence: None, lasting=folder is not None)

    def _files(self, table: str) -> list[str]:
        return sorted(str(path) for path in (self._folder / table).rglob("*.parquet"))


def _counted(engine: Engine, index: LogIndex, keeping: KeptCounts) -> dict[str, Any]:
    contestants = Contestants.of(DESCRIBED)
    counts = count_log(engine, index, Intents(), keeping)
    known, numbers = engine.register("known", DESCRIBED), engine.register("numbers", contestants.numbers)
    keys = DESCRIBED.select(["object_key", "artifact_key"])
    totals = {
        "matches": counts.totals.of(MATCHES, lambda chosen: with_targets(chosen, known), keys),
        "asking": counts.totals.of(ASKING),
        "sessions": counts.totals.of(SESSIONS, lambda chosen: of_catalogue(chosen, numbers), contestants.numbers),
        "met": duel_totals(engine, counts.blocks, contestants, keeping).of(MET),
    }
    found = {name: {table: engine.arrow(frame) for table, frame in each.items()} for name, each in totals.items()}
    # What clients said up to a block does not add up.
    return found | {name: engine.arrow(getattr(counts, name)) for name in TABLES if name != "said"}


def _sorted(value: Any) -> Any:
    if isinstance(value, pa.Table):
        return sorted(tuple(map(str, row.items())) for row in value.select(sorted(value.column_names)).to_pylist())
    return {name: _sorted(each) for name, each in value.items()} if isinstance(value, dict) else value
