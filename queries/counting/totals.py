"""Counts over all blocks, from those over all but the newest one.

Most of a log is as it was when the last run counted it. Rows fall into groups, and counts are added up over groups: the
clients of a match edge over what each client chose, the duels of two artifacts over what each client said. Then

    F(old and new) = F(old) + Σ (f(old and new rows of g) - f(old rows of g))  over the groups g with new rows,

so that old rows are only looked through for the groups of new ones (Gupta, Mumick & Subrahmanian 1993, "Maintaining
views incrementally"). All counts are integers: the result is that of counting everything, to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq

from queries.counting.engine import Engine, Frame
from queries.counting.kept_counts import KeptCounts

TIMES: Final = ("first_us", "last_us")
"""Columns of which the smallest and the largest value is taken; all others but the names of what is counted add up."""

NOTHING_GIVEN: Final = pa.table({})

AT_ONCE_ROWS: Final = 300_000
"""So few rows are counted at once: bringing their counts forward means three counts, and takes twice the time."""


@dataclass(frozen=True)
class Sums:
    """One table of counts."""

    by: tuple[str, ...]
    """What is counted: columns of integers."""
    present: str
    """A count that is above zero wherever there is anything."""


@dataclass(frozen=True)
class Gathered:
    """A table of counts that follows from another one of them: its rows counted, and its counts added up."""

    of: str
    by: tuple[str, ...]
    """What it is gathered by: some of the columns by which the other one counts."""
    rows: str
    """The name for the number of rows of the other one: how many different things were counted."""

    def made(self, counts: Frame, sums: Sums) -> Frame:
        """Return `by`, the sums of all counts, and the number of rows."""
        added = [name for name in counts.collect_schema().names() if name not in sums.by]
        total = [nw.col(name).sum().cast(nw.Int64) for name in added]
        return counts.group_by(*self.by).agg(*total, nw.len().cast(nw.Int64).alias(self.rows))


@dataclass(frozen=True)
class Counting:
    """How rows of a table are counted."""

    name: str
    table: str
    """The table of blocks whose rows are counted."""
    group: tuple[str, ...]
    """What is counted of rows that differ in one of these columns adds up."""
    tables: Mapping[str, Sums]
    count: Callable[[Engine, Frame], Mapping[str, Frame]]
    """Makes these tables from rows; it may keep frames by the engine."""
    gathered: Mapping[str, Gathered] = field(default_factory=dict)
    """More tables, which follow from these."""

    def everything(self, engine: Engine, rows: Frame) -> dict[str, Frame]:
        """Count rows: all tables."""
        found = dict(self.count(engine, rows))
        return found | {name: each.made(found[each.of], self.tables[each.of]) for name, each in self.gathered.items()}


class Totals:
    """Counts over the whole log. Those over all blocks but the newest are kept for the next run."""

    def __init__(self, engine: Engine, kept: KeptCounts, folders: Mapping[str, Sequence[Path]]) -> None:
        """Use `kept`, if it lasts. `folders`: where blocks have a table that can be counted, in order."""
        self._engine = engine
        self._kept = kept
        self._folders = folders

    def of(
        self, counting: Counting, rows: Callable[[Frame], Frame] | None = None, given: pa.Table = NOTHING_GIVEN
    ) -> Mapping[str, Frame]:
        """Return the tables of `counting`. `rows` makes what is counted from what blocks hold and from `given`."""
        folders = self._folders[counting.table]

        def read(some: Sequence[Path]) -> Frame:
            loaded = self._engine.load([folder / counting.table for folder in some])
            return loaded if rows is None else rows(loaded)

        if len(folders) < 2 or not self._kept.lasting or _are_few(counting.table, folders):
            return counting.everything(self._engine, read(folders))
        before = self._earlier(counting, folders[:-1], read, given)
        return self._forward(counting, before, read(folders[:-1]), read(folders[-1:]))

    def _earlier(
        self, counting: Counting, folders: Sequence[Path], read: Callable[[Sequence[Path]], Frame], given: pa.Table
    ) -> Path:
        """Return the folder with the counts of some blocks; what is kept of the first of them is gone on from."""
        prints = self._kept.fingerprints_of(folders, counting.name, given)
        start = next((n for n in range(len(folders), 0, -1) if self._kept.find(prints[n - 1])), 0)
        if start < len(folders):
            with self._kept.making(prints[-1]) as folder:
                if start:
                    before = self._kept.path(prints[start - 1])
                    found = self._forward(counting, before, read(folders[:start]), read(folders[start:]))
                else:
                    found = counting.count(self._engine, read(folders))
                for name, frame in found.items():
                    self._engine.save(frame, folder / name)
                for name in counting.gathered.keys() - found.keys():
                    each = counting.gathered[name]
                    saved = self._engine.load([folder / each.of])
                    self._engine.save(each.made(saved, counting.tables[each.of]), folder / name)
                self._kept.note(folder)
        return self._kept.path(prints[-1])

    def _forward(self, counting: Counting, before: Path, old: Frame, new: Frame) -> Mapping[str, Frame]:
        """Bring the counts in the folder `before`, those of the rows `old`, forward to those of `old` and `new`."""
        engine, group = self._engine, list(counting.group)
        touched = old.join(new.select(*group).unique(), on=group, how="semi")
        touched = engine.materialise(f"{counting.name}_touched", touched)
        more = self._counted(counting, "more", nw.concat([touched, new.select(*touched.columns)]))
        less = self._counted(counting, "less", touched)
        found = {
            name: _added(sums, engine.load([before / name]), more[name], less[name])
            for name, sums in counting.tables.items()
        }
        return found | {
            name: self._gathered(before / name, each, counting.tables[each.of], more[each.of], less[each.of])
            for name, each in counting.gathered.items()
        }

    def _gathered(self, before: Path, each: Gathered, sums: Sums, more: Frame, less: Frame) -> Frame:
        """Bring what was gathered `before` forward: only what `more` and `less` count is looked up in what it is of."""
        engine, by = self._engine, list(sums.by)
        changed = nw.concat([more.select(*by), less.select(*by)]).unique()
        there = engine.load([before.parent / each.of]).join(changed, on=by, how="semi")
        there = engine.materialise(f"{before.name}_there", there)
        now = engine.materialise(f"{before.name}_now", _added(sums, there, more, less))
        return _added(Sums(each.by, each.rows), engine.load([before]), each.made(now, sums), each.made(there, sums))

    def _counted(self, counting: Counting, part: str, rows: Frame) -> dict[str, Frame]:
        found = counting.count(self._engine, rows)
        return {name: self._engine.materialise(f"{counting.name}_{name}_{part}", found[name]) for name in found}


def _are_few(table: str, folders: Sequence[Path]) -> bool:
    rows: int = sum(pq.read_metadata(folder / table).num_rows for folder in folders)
    return rows <= AT_ONCE_ROWS


def _added(sums: Sums, before: Frame, more: Frame, less: Frame) -> Frame:
    """Return `before` + `more` - `less`. Rows of `less` are rows of `before` too, so times can only grow apart."""
    columns = before.collect_schema().names()
    counts = [name for name in columns if name not in (*sums.by, *TIMES)]
    taken = less.with_columns(
        *(-nw.col(name) for name in counts),
        *(nw.lit(None).cast(nw.Int64).alias(name) for name in TIMES if name in columns),
    )
    added = nw.concat([part.select(*columns) for part in (before, more, taken)]).group_by(*sums.by)
    smallest_and_largest = {"first_us": nw.col("first_us").min(), "last_us": nw.col("last_us").max()}
    found = added.agg(
        *(nw.col(name).sum().cast(nw.Int64) for name in counts),
        *(each for name, each in smallest_and_largest.items() if name in columns),
    )
    return found.filter(nw.col(sums.present) > 0).select(*columns)
