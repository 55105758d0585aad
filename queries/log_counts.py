"""The counts of the whole log: block after block, each kept as Parquet files, then put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Final

import narwhals as nw
import pyarrow as pa

from queries.block_counts import BlockCounts, count_block
from queries.blocks import Block, blocks_of
from queries.decay import UNDATED_PERIOD
from queries.engine import Engine
from queries.exposures import added_up
from queries.log_index import LogIndex
from queries.search_log import read_search_log

TABLES: Final = tuple(field.name for field in fields(BlockCounts))


def count_log(engine: Engine, index: LogIndex, assign: Callable[[pa.Table], pa.Table], folder: Path) -> BlockCounts:
    """Count the whole log. Files are written into `folder`; `assign` as in `block_counts.count_block`."""
    blocks = blocks_of(index.searches, engine.searches_at_once) or [Block((), UNDATED_PERIOD)]
    counted: list[tuple[Block, Path]] = []
    for number, block in enumerate(blocks):
        earlier = [path / "asks" for other, path in counted if other.period == block.period]
        log = read_search_log(engine, index, block.dates)
        counts = count_block(engine, log, block.period, assign, engine.load(earlier) if earlier else None)
        path = folder / str(number)
        path.mkdir(parents=True)
        for name in TABLES:
            engine.save(getattr(counts, name), path / name)
        counted.append((block, path))
    return _together(engine, [path for _, path in counted])


def _together(engine: Engine, paths: list[Path]) -> BlockCounts:
    """Put the tables of blocks one below the other, and add up where they overlap much."""
    tables = {name: engine.load([path / name for path in paths]) for name in TABLES}
    if len(paths) > 1:
        tables["shown"] = engine.materialise("shown", added_up(tables["shown"]))
        texts = tables["texts"].group_by("text_key", "text", "intent_key")
        tables["texts"] = texts.agg(
            nw.col("searches").sum().cast(nw.Int64), nw.col("first_us").min(), nw.col("last_us").max()
        )
    return BlockCounts(**tables)
