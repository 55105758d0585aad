"""Counts brought forward block by block are those of counting all rows at once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.counting import totals
from queries.counting.choices import CHOOSERS, MATCHES
from queries.counting.duel_counts import MET
from queries.counting.engine import Engine, Frame
from queries.counting.intents import ASKING
from queries.counting.kept_counts import KeptCounts
from queries.counting.together import SESSIONS
from queries.counting.totals import Counting, Totals
from tests.queries.ledger_rows import ledger, polars_engine

Row = dict[str, int]
Drawn = Callable[[random.Random], Row]


def choice(chance: random.Random) -> Row:
    first = chance.randrange(100)
    target = chance.randrange(3)
    return {
        "object_key": 10 * target + chance.randrange(2),
        "target": target,
        "intent_key": chance.randrange(3),
        "client": chance.randrange(4),
        "day": chance.randrange(3),
        "agent": chance.randrange(2),
        "first_us": first,
        "last_us": first + chance.randrange(5),
    }


def asker(chance: random.Random) -> Row:
    text = chance.randrange(6)
    return {"text_key": text, "intent_key": text // 2, "client": chance.randrange(5)}


def duel(chance: random.Random) -> Row:
    return {"client": chance.randrange(5), "intent_key": chance.randrange(2), "pair": chance.randrange(3)} | {
        "kind": chance.randrange(6)
    }


def session(chance: random.Random) -> Row:
    return {"unit": chance.randrange(12), "client": chance.randrange(4), "number": chance.randrange(5)}


KINDS: list[tuple[Counting, Drawn]] = [
    (MATCHES, choice),
    (CHOOSERS, choice),
    (ASKING, asker),
    (MET, duel),
    (SESSIONS, session),
]


@pytest.fixture(scope="module", autouse=True)
def no_rows_are_few() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(totals, "AT_ONCE_ROWS", -1)
        yield


class Blocks:
    """Blocks of rows in a folder, and the counts of them that are kept."""

    def __init__(self, engine: Engine, folder: Path, counting: Counting, rows: Sequence[Sequence[Row]]) -> None:
        self.engine, self.folder, self.counting = engine, folder, counting
        schema = pa.schema(
            [(name, pa.int64()) for name in {name: None for block in rows for row in block for name in row}]
        )
        self.tables = [pa.Table.from_pylist(list(block), schema) for block in rows]
        self.folders = [folder / f"block-{number}" for number in range(len(rows))]
        for block, table in zip(self.folders, self.tables, strict=True):
            block.mkdir()
            pq.write_table(table, block / counting.table)
            (block / "about.json").write_text(str(table.to_pylist()))
        self.said: list[str] = []

    def kept(self) -> KeptCounts:
        return KeptCounts(self.folder / "kept", lambda _table: [], self.said.append)

    def counted(self, blocks: int) -> dict[str, list[tuple[int, ...]]]:
        """The first blocks, with what an earlier call has kept."""
        kept = self.kept()
        found = self._rows(Totals(self.engine, kept, {self.counting.table: self.folders[:blocks]}).of(self.counting))
        if blocks > 1:
            kept.sweep()
        return found

    def at_once(self, blocks: int) -> dict[str, list[tuple[int, ...]]]:
        rows = self.engine.register("all_rows", pa.concat_tables(self.tables[:blocks]))
        return self._rows(self.counting.everything(self.engine, rows))

    def _rows(self, tables: Mapping[str, Frame]) -> dict[str, list[tuple[int, ...]]]:
        found = {name: self.engine.arrow(frame) for name, frame in tables.items()}
        return {
            name: sorted(tuple(row[column] for column in sorted(row)) for row in table.to_pylist())
            for name, table in found.items()
        }


def drawn_blocks(draw: Drawn, seed: int, sizes: Sequence[int]) -> list[list[Row]]:
    chance = random.Random(seed)
    return [[draw(chance) for _ in range(size)] for size in sizes]


@pytest.mark.parametrize(("counting", "draw"), KINDS, ids=lambda each: getattr(each, "name", ""))
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), sizes=st.lists(st.integers(1, 25), min_size=2, max_size=5), first=st.integers(1, 5))
def test_brought_forward_is_counted_at_once(
    counting: Counting, draw: Drawn, seed: int, sizes: list[int], first: int
) -> None:
    with TemporaryDirectory() as folder, polars_engine(ledger()) as engine:
        blocks = Blocks(engine, Path(folder), counting, drawn_blocks(draw, seed, sizes))
        # Some blocks were there in the last run; then all, then the same again.
        for known in (min(first, len(sizes)), len(sizes), len(sizes)):
            assert blocks.counted(known) == blocks.at_once(known)


def test_what_was_kept_is_used(tmp_path: Path) -> None:
    with polars_engine(ledger()) as engine:
        blocks = Blocks(engine, tmp_path, ASKING, drawn_blocks(asker, 1, [20, 20, 20]))
        right = blocks.counted(3)
        (kept,) = (tmp_path / "kept").iterdir()
        before = pq.read_table(kept / "intent_key")
        more = before.set_column(1, "clients", pa.array([count + 100 for count in before["clients"].to_pylist()]))
        pq.write_table(more, kept / "intent_key")
        blocks.kept().note(kept)
        wrong = blocks.counted(3)
        assert [clients for clients, _ in wrong["intent_key"]] == [c + 100 for c, _ in right["intent_key"]]
        assert blocks.said == []


def test_few_rows_are_counted_at_once_and_nothing_is_kept_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with polars_engine(ledger()) as engine:
        blocks = Blocks(engine, tmp_path, ASKING, drawn_blocks(asker, 1, [20, 20]))
        found = Totals(engine, blocks.kept(), {"askers": blocks.folders})
        monkeypatch.setattr(totals, "AT_ONCE_ROWS", 40)
        found.of(ASKING)
        assert not (tmp_path / "kept").exists()
        monkeypatch.setattr(totals, "AT_ONCE_ROWS", 39)
        found.of(ASKING)
        assert len(list((tmp_path / "kept").iterdir())) == 1


def test_what_was_kept_of_other_rows_is_not_used(tmp_path: Path) -> None:
    with polars_engine(ledger()) as engine:
        blocks = Blocks(engine, tmp_path, ASKING, drawn_blocks(asker, 1, [20, 20, 20]))
        blocks.counted(3)
        blocks.tables[0] = blocks.tables[0].slice(0, 2)
        pq.write_table(blocks.tables[0], blocks.folders[0] / "askers")
        (blocks.folders[0] / "about.json").write_text("other")
        assert blocks.counted(3) == blocks.at_once(3)


def test_damaged_counts_are_counted_anew(tmp_path: Path) -> None:
    with polars_engine(ledger()) as engine:
        blocks = Blocks(engine, tmp_path, ASKING, drawn_blocks(asker, 1, [20, 20, 20]))
        right = blocks.counted(3)
        (kept,) = (tmp_path / "kept").iterdir()
        (kept / "intent_key").write_bytes(b"torn")
        assert blocks.counted(3) == right
        assert len(blocks.said) == 1
        assert "damaged" in blocks.said[0]
