"""Counts of blocks kept from one run to the next, and when they can be used again.

Counts are filed under a fingerprint of everything they were made from: the ledger's files with the block's searches
and with the events on them (files never change, they are only added and replaced), which of their rows do not count,
the asks of earlier days of the period that count, and the code. So nothing has to know what an import brought: what was
made from other facts is not found. One thing is checked apart, as it follows from texts and catalogue: the intents of
the block's texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.keys import combine_keys
from graph.ledger import files_by_date
from queries.counting.blocks import Block
from queries.counting.log_index import LogIndex

_ABOUT = "about.json"
_CODE = Path(__file__).parent


@dataclass(frozen=True)
class About:
    """What is noted beside the files of a block."""

    checksums: dict[str, int]
    asks: str = ""
    """Digest of the asks of the block, whatever their order; nothing beside what is no block."""


class KeptCounts:
    """A folder of counts, one folder in it for each block."""

    def __init__(
        self, folder: Path, files: Callable[[str], list[str]], report: Callable[[str], None], *, lasting: bool = True
    ) -> None:
        """Use `folder`, which need not exist. `files`: the ledger's files of a table; `report` gets what is odd.

        `lasting`: whether the folder is there for the next run.
        """
        self.lasting = lasting
        self._folder = folder
        self._report = report
        self._code = _digest(path.read_bytes() for path in sorted(_CODE.rglob("*.py")))
        self._all_files = {table: files(table) for table in ("searches", "events")}
        self._files = {table: files_by_date(each) for table, each in self._all_files.items()}
        self._used: set[str] = set()

    def files_of(self, table: str) -> list[str]:
        """Return the ledger's files of searches or events."""
        return self._all_files[table]

    def fingerprint_of(self, name: str) -> str:
        """Name what there is one of, made by this code."""
        return _digest([self._code.encode(), name.encode()])[:32]

    def fingerprint(self, index: LogIndex, block: Block, earlier: Iterable[str]) -> str:
        """Name what the counts of a block depend on. `earlier`: digests of the asks of the period before it."""
        dates = set(block.dates)
        linked = set().union(*(index.event_dates[date] for date in dates))
        adopted = _of_dates(index.adopted.searches, dates)
        theirs = pc.is_in(index.adopted.events["search_key"], adopted["search_key"].combine_chunks())
        parts = [
            self._code,
            *sorted(Path(file).name for date in dates for file in self._files["searches"].get(date, ())),
            *sorted(Path(file).name for date in linked for file in self._files["events"].get(date, ())),
            *sorted(dates),
            *sorted(linked),
            str(index.now_us) if index.future_dates & (dates | linked) else "",
            rows_digest(_of_dates(index.repeated, dates).select(["search_key", "content_hash"])),
            rows_digest(index.adopted.events.filter(theirs).select(["search_key", "content_hash"])),
            *earlier,
        ]
        return _digest(part.encode() for part in parts)[:32]

    def fingerprints_of(self, folders: Sequence[Path], name: str, given: pa.Table) -> list[str]:
        """Name what follows, as `name`, from the first one, two, three ... of some folders and a table of integers."""
        found = [f"{self._code} {name} {rows_digest(given) if given.num_columns else ''}"]
        for folder in folders:
            found.append(_digest([found[-1].encode(), (folder / _ABOUT).read_bytes()])[:32])
        return found[1:]

    def find(self, fingerprint: str) -> tuple[Path, About] | None:
        """Return the folder of counts and what is noted of them; None if there are none, or they are damaged."""
        path = self._folder / fingerprint
        if not path.exists():
            return None
        try:
            about = About(**json.loads((path / _ABOUT).read_text("utf-8")))
            if about.checksums == _checksums(path):
                self._used.add(fingerprint)
                return path, about
        except (OSError, ValueError, TypeError):
            pass
        self._report(f"Counts kept in {path} are damaged: counting them anew")
        return None

    @contextmanager
    def making(self, fingerprint: str) -> Iterator[Path]:
        """Give a folder to write the counts of a block into; it counts as written when the block ends."""
        partial = self._folder / f".{fingerprint}"
        rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        yield partial
        rmtree(self._folder / fingerprint, ignore_errors=True)
        partial.rename(self._folder / fingerprint)

    def note(self, folder: Path, asks: str = "") -> None:
        """Note what lies in a folder of `making`. `asks`: the digest of the asks in it."""
        about = About(_checksums(folder), asks)
        (folder / _ABOUT).write_text(json.dumps(asdict(about)), "utf-8")

    def path(self, fingerprint: str) -> Path:
        """Return the folder of counts that were made, and remember that it is used."""
        self._used.add(fingerprint)
        return self._folder / fingerprint

    def sweep(self) -> None:
        """Delete the counts that this run had no use for."""
        for path in self._folder.iterdir():
            if path.name not in self._used:
                rmtree(path, ignore_errors=True)


def rows_digest(table: pa.Table) -> str:
    """Digest rows of integers (null counts as 0) whatever their order.

    >>> rows_digest(pa.table({"a": [1, 2]})) == rows_digest(pa.table({"a": [2, 1]}))
    True
    """
    columns = {name: table[name].fill_null(0).to_numpy() for name in table.column_names}
    keys = np.sort(combine_keys(columns))
    return sha256(keys.tobytes()).hexdigest()[:16]


def _of_dates(table: pa.Table, dates: Collection[str]) -> pa.Table:
    return table.filter(pc.is_in(table["event_date"], pa.array(sorted(dates), pa.string())))


def _checksums(folder: Path) -> dict[str, int]:
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: crc32(path.read_bytes()) for name, path in sorted(files.items()) if name != _ABOUT}


def _digest(parts: Iterable[bytes]) -> str:
    made = sha256()
    for part in parts:
        made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()
