"""The counts of the whole log: block after block, those of earlier runs where nothing changed, then put together."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import narwhals as nw

from queries.counting.asks import Earlier
from queries.counting.block_counts import BlockCounts, count_block
from queries.counting.blocks import Block, blocks_of
from queries.counting.decay import UNDATED_PERIOD
from queries.counting.duels import Contestants, duels
from queries.counting.engine import Engine, Frame
from queries.counting.exposures import added_up
from queries.counting.intents import Intents
from queries.counting.kept_counts import KeptCounts, rows_digest
from queries.counting.log_index import LogIndex
from queries.counting.search_log import read_search_log
from queries.counting.totals import Totals

TABLES: Final = tuple(field.name for field in fields(BlockCounts))


@dataclass(frozen=True)
class LogCounts(BlockCounts):
    """The counts of the whole log."""

    totals: Totals
    """Counts what can be counted of `chosen` and `askers` without looking through all of it again."""
    blocks: list[Path]
    """Where the tables of each block lie."""


def count_log(engine: Engine, index: LogIndex, intents: Intents, kept: KeptCounts) -> LogCounts:
    """Count the whole log, as far as its counts are not kept; what was counted is kept.

    `kept` still has what nothing uses any more; sweep it when all totals are counted.
    """
    paths = _count_blocks(engine, index, intents, kept)
    totals = Totals(engine, kept, {"chosen": paths, "askers": paths})
    return LogCounts(**_together(engine, paths), totals=totals, blocks=paths)


def duel_totals(engine: Engine, blocks: list[Path], contestants: Contestants, kept: KeptCounts) -> Totals:
    """Return what counts duels: what `faced` means for two artifacts each (`queries.counting.duels`).

    They are kept apart, as they follow from the catalogue too: a new description leaves all other counts alone.
    """
    return Totals(engine, kept, {"duels": _find_duels(engine, blocks, contestants, kept)})


def _count_blocks(engine: Engine, index: LogIndex, intents: Intents, kept: KeptCounts) -> list[Path]:
    """Count block after block; return the folders with `TABLES`."""
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
            before = _earlier(engine, [path for path, _ in earlier])
            counts = count_block(engine, log, block.period, intents, before)
            for name in TABLES:
                engine.save(getattr(counts, name), folder / name)
            digest = rows_digest(engine.arrow(counts.asks))
            kept.note(folder, digest)
        counted.append((block, kept.path(fingerprint), digest))
    return [path for _, path, _ in counted]


def _earlier(engine: Engine, paths: list[Path]) -> Earlier:
    if not paths:
        return Earlier.none(engine)
    return Earlier(engine.load([path / "asks" for path in paths]), engine.load([paths[-1] / "said"]))


def _find_duels(engine: Engine, paths: list[Path], contestants: Contestants, kept: KeptCounts) -> list[Path]:
    """Return where the duels of each block lie; those that are not kept are made from what the block showed."""
    numbers = engine.register("contestants", contestants.numbers)
    found = []
    for path in paths:
        (fingerprint,) = kept.fingerprints_of([path], "duels", contestants.numbers)
        if kept.find(fingerprint) is None:
            with kept.making(fingerprint) as folder:
                made = duels(engine.load([path / "faced"]), numbers, len(contestants.ids))
                engine.save(made, folder / "duels")
                kept.note(folder)
        found.append(kept.path(fingerprint))
    return found


def _together(engine: Engine, paths: list[Path]) -> dict[str, Frame]:
    """Put the tables of blocks one below the other, and add up where they overlap much."""
    tables = {name: engine.load([path / name for path in paths]) for name in TABLES}
    if len(paths) > 1:
        tables["shown"] = engine.materialise("shown", added_up(tables["shown"]))
        texts = tables["texts"].group_by("text_key", "text", "intent_key")
        tables["texts"] = texts.agg(
            nw.col("searches").sum().cast(nw.Int64), nw.col("first_us").min(), nw.col("last_us").max()
        )
    return tables
