"""The counts of the whole log: block after block, those of earlier runs where nothing changed, then put together."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import narwhals as nw

from queries.counting.block_counts import BlockCounts, count_block
from queries.counting.blocks import Block, blocks_of
from queries.counting.decay import UNDATED_PERIOD
from queries.counting.engine import Engine, Frame
from queries.counting.exposures import added_up
from queries.counting.intents import Intents
from queries.counting.kept_counts import KeptCounts
from queries.counting.log_index import LogIndex
from queries.counting.search_log import read_search_log

TABLES: Final = tuple(field.name for field in fields(BlockCounts))


@dataclass(frozen=True)
class LogCounts(BlockCounts):
    """The counts of the whole log."""

    faced_by_block: tuple[Frame, ...]
    """`faced`, of which no search lies in two blocks: what is joined within searches needs the room of one block."""


def count_log(engine: Engine, index: LogIndex, intents: Intents, kept: KeptCounts) -> LogCounts:
    """Count the whole log, as far as its counts are not kept; what was counted is kept."""
    counted: list[tuple[Block, Path, str]] = []
    for block in blocks_of(index.searches, engine.searches_at_once) or [Block((), UNDATED_PERIOD)]:
        earlier = [(path, asks) for other, path, asks in counted if other.period == block.period]
        fingerprint = kept.fingerprint(index, block, [asks for _, asks in earlier])
        found = kept.find(fingerprint)
        if found is not None and intents.still_hold(engine.arrow(engine.load([found[0] / "texts"]))):
            counted.append((block, found[0], found[1].asks))
            continue
        with kept.making(fingerprint) as folder, engine.passing():
            log = read_search_log(engine, index, block.dates)
            before = engine.load([path / "asks" for path, _ in earlier]) if earlier else None
            counts = count_block(engine, log, block.period, intents, before)
            for name in TABLES:
                engine.save(getattr(counts, name), folder / name)
            digest = kept.note(folder, engine.arrow(counts.asks))
        counted.append((block, kept.path(fingerprint), digest))
    kept.sweep()
    return _together(engine, [path for _, path, _ in counted])


def _together(engine: Engine, paths: list[Path]) -> LogCounts:
    """Put the tables of blocks one below the other, and add up where they overlap much."""
    tables = {name: engine.load([path / name for path in paths]) for name in TABLES}
    if len(paths) > 1:
        tables["shown"] = engine.materialise("shown", added_up(tables["shown"]))
        texts = tables["texts"].group_by("text_key", "text", "intent_key")
        tables["texts"] = texts.agg(
            nw.col("searches").sum().cast(nw.Int64), nw.col("first_us").min(), nw.col("last_us").max()
        )
    return LogCounts(**tables, faced_by_block=tuple(engine.load([path / "faced"]) for path in paths))
