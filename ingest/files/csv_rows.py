"""CSV, one record at a time: quoted fields may hold line ends, and a bad record never takes the next ones with it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import msgspec

from ingest.files.contract import Note, Rejection
from ingest.files.head import split_header
from ingest.files.source import Source
from ingest.files.text_lines import byte_lines, refused, undecodable

MAX_RECORD_BYTES: Final = 1 << 20
"""A quoted field may run over several lines, but no record over more than this."""

CsvRow = tuple[int, dict[str, Any], bytes]
"""Line on which the record begins, cell texts by column name, and those written as JSON."""


def csv_rows(source: Source) -> Iterator[CsvRow | Rejection | Note]:
    """Yield the records of a CSV file (RFC 4180; comma, semicolon or tab; header line) and rejections for the bad ones.

    Empty cells come as None. A column name that stands twice gets `#2` and so on, and a note says so. What is kept
    of a row is readable by itself: JSON, or, where it could not be cut into cells, the header line and its own.
    """
    names: list[str] | None = None
    header = b""
    for record in _Records(source):
        if isinstance(record, Rejection):
            yield replace(record, raw=header + record.raw)
        elif names is None:
            _, cells, raw = record
            stated = [cell.strip() for cell in cells]
            names, header = _unique(stated), raw + b"\n"
            if names != stated:
                yield Note("duplicate-column", "A column name stands twice; the later columns were renamed.")
        else:
            yield _row(names, header, *record)


def _row(names: list[str], header: bytes, line: int, cells: list[str], raw: bytes) -> CsvRow | Rejection:
    if len(cells) == len(names):
        values = dict(zip(names, [cell or None for cell in cells], strict=True))
        return line, values, msgspec.json.encode(values)
    reason = f"{len(cells)} fields where the header has {len(names)}"
    remedy = "Quote fields that hold the separator, or fill in the missing ones."
    return refused(line, "wrong-field-count", reason, remedy, header + raw)


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique


class _Records:
    """Iterator of (line, cells, bytes) or rejections.

    Python's csv reader decides where a record ends. When it fails, only the first line that went into the record
    is refused; the others are read again, so that one stray quote costs one row.
    """

    def __init__(self, source: Source) -> None:
        self._lines = byte_lines(source)
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._taken: list[tuple[int, bytes]] = []
        self._taken_bytes = 0
        self._refused: deque[Rejection] = deque()
        self._delimiter = ""
        self._reader: Iterator[list[str]] | None = None

    def __iter__(self) -> Iterator[tuple[int, list[str], bytes] | Rejection]:
        while True:
            try:
                cells = next(self._csv())
            except StopIteration:
                yield from self._refusals()
                return
            except csv.Error as error:
                yield from self._refusals()
                yield self._refuse_first(str(error))
                continue
            taken, self._taken, self._taken_bytes = self._taken, [], 0
            yield from self._refusals()
            raw = b"\n".join(raw for _, raw in taken)
            if raw.strip():
                yield taken[0][0], cells, raw

    def _refusals(self) -> Iterator[Rejection]:
        while self._refused:
            yield self._refused.popleft()

    def _csv(self) -> Iterator[list[str]]:
        if self._reader is None:
            if not self._delimiter:
                self._delimiter = self._find_delimiter()
            self._reader = csv.reader(self._texts(), delimiter=self._delimiter, strict=True)
        return self._reader

    def _find_delimiter(self) -> str:
        while (line := self._next_line()) is not None:
            self._waiting.append(line)
            if line[1].strip():
                break
        return split_header(self._waiting[-1][1].decode("utf-8", "replace") if self._waiting else "")[0]

    def _next_line(self) -> tuple[int, bytes] | None:
        """Return the next line that can be decoded; what stands in between is refused."""
        for line in self._lines:
            if isinstance(line, Rejection):
                self._refused.append(line)
            elif (bad := undecodable(*line)) is not None:
                self._refused.append(bad)
            else:
                return line
        return None

    def _texts(self) -> Iterator[str]:
        while True:
            line = self._waiting.popleft() if self._waiting else self._next_line()
            if line is None:
                return
            self._taken.append(line)
            self._taken_bytes += len(line[1])
            if self._taken_bytes > MAX_RECORD_BYTES and len(self._taken) > 1:
                raise csv.Error("a quoted field does not end")
            yield line[1].decode("utf-8") + "\n"

    def _refuse_first(self, reason: str) -> Rejection:
        (number, raw), others = self._taken[0], self._taken[1:]
        self._waiting.extendleft(reversed(others))
        self._taken, self._taken_bytes, self._reader = [], 0, None
        code = "unclosed-quote" if others or "unexpected end" in reason else "invalid-csv"
        remedy = 'Close every quote, and double quotes within quoted fields ("").'
        return refused(number, code, f"not CSV: {reason}", remedy, raw)
