"""A file as a stream: opened again at will, unpacked as it is read, cut into lines of bounded length."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import file_digest
from pathlib import Path
from typing import Final

import numpy as np

from ingest.files.head import PARQUET_MAGIC, Head

BLOCK_BYTES: Final = 1 << 22
HEAD_BYTES: Final = 1 << 16
MAX_LINE_BYTES: Final = 16 << 20
MAX_KEPT_BYTES: Final = 1 << 16
"""What is kept of a row that is too long to be read."""
MAX_DOCUMENT_BYTES: Final = 64 << 20
"""The largest file that is read as one document (YAML, JSON, Markdown)."""
MAX_RATIO: Final = 500
MIN_BOMB_BYTES: Final = 256 << 20
"""gzip data that grows more than `MAX_RATIO` times, and beyond this size, is taken for a decompression bomb."""

_LINE_END: Final = ord("\n")
GZIP_MAGIC: Final = b"\x1f\x8b"


class StreamBroken(Exception):
    """The stream ends before its time; `code` says why. What came before is good."""

    line: int = 0
    """Number of the line that the damage cuts off, where the stream was read as lines."""
    unfinished: bytes = b""
    """The readable beginning of that line. It is no row: half a number is a wrong number."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        self.code = code
        self.reason = reason
        self.remedy = remedy
        super().__init__(reason)


@dataclass(frozen=True)
class Lines:
    """A block of whole lines. `first` is the number of its first line, counted from 1."""

    first: int
    data: bytes
    """The lines with their ends; the last line of a file may lack its end."""

    @cached_property
    def count(self) -> int:
        """Number of lines, blank ones included."""
        ends = int(np.count_nonzero(np.frombuffer(self.data, np.uint8) == _LINE_END))
        return ends + (not self.data.endswith(b"\n"))

    def line(self, index: int) -> bytes:
        """Return the i-th line of the block without its end."""
        return self._cut[index].removesuffix(b"\r")

    @cached_property
    def _cut(self) -> list[bytes]:
        return self.data.split(b"\n")


@dataclass(frozen=True)
class LongLine:
    """A line longer than `MAX_LINE_BYTES`; only its beginning is kept."""

    number: int
    beginning: bytes
    length: int


@dataclass
class Meter:
    """How far into a file the reading has come."""

    bytes_read: int = 0


@dataclass(frozen=True)
class Source:
    """One file to import. `label` is the name that goes into the ledger's `source` column."""

    path: Path
    label: str
    meter: Meter = field(default_factory=Meter, compare=False)
    """Set while the file is read, in bytes as they lie on the disk."""

    @cached_property
    def is_gzip(self) -> bool:
        """Whether the content is gzip, whatever the name says."""
        with self.path.open("rb") as file:
            return file.read(2) == GZIP_MAGIC

    @cached_property
    def bytes_on_disk(self) -> int:
        """Size of the file as it lies on the disk."""
        return self.path.stat().st_size

    def sha256(self) -> str:
        """Return the SHA-256 of the file's bytes as they lie on the disk, in hexadecimal."""
        with self.path.open("rb", buffering=0) as file:
            return file_digest(file, "sha256").hexdigest()

    def head(self) -> Head:
        """Return the beginning of the unpacked file. A broken beginning gives what could be read."""
        parts: list[bytes] = []
        try:
            for block in self.blocks(HEAD_BYTES):
                parts.append(block)
                if sum(map(len, parts)) >= HEAD_BYTES:
                    break
        except StreamBroken:
            pass
        name = self.path.name.removesuffix(".gz")
        data = b"".join(parts)[:HEAD_BYTES]
        return Head(name, data, self._parquet_fields() if data.startswith(PARQUET_MAGIC) else frozenset())

    def _parquet_fields(self) -> frozenset[str]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return frozenset(pq.read_schema(self.path).names)
        except (pa.ArrowInvalid, OSError):
            return frozenset()

    def blocks(self, size: int = BLOCK_BYTES) -> Iterator[bytes]:
        """Yield the unpacked bytes in blocks of at most `size`; raises `StreamBroken` at a damaged place."""
        with self.path.open("rb") as file:
            unpacked = _unpacked(file, size) if self.is_gzip else iter(lambda: file.read(size), b"")
            for block in unpacked:
                self.meter.bytes_read = file.tell()
                yield block

    def lines(self, size: int = BLOCK_BYTES) -> Iterator[Lines | LongLine]:
        """Yield whole lines in blocks of about `size` bytes; memory stays bounded whatever the file holds.

        Raises `StreamBroken` after every whole line was yielded; the error holds the line that is cut off.
        """
        number, rest, blocks = 1, b"", self.blocks(size)
        try:
            for block in blocks:
                end = block.rfind(b"\n") + 1
                if not end and len(rest) + len(block) > MAX_LINE_BYTES:
                    long_line, block = _skip_line(blocks, rest + block, number)
                    yield long_line
                    number, rest, end = number + 1, b"", block.rfind(b"\n") + 1
                if end:
                    whole, rest = Lines(number, b"".join((rest, memoryview(block)[:end]))), b""
                    yield whole
                    number += whole.count
                rest += block[end:]
        except StreamBroken as error:
            error.line, error.unfinished = number, rest
            raise
        if rest:
            yield Lines(number, rest)

    def document(self) -> bytes:
        """Return the whole unpacked file; raises `StreamBroken` if it is damaged or too large for one document."""
        buffer = io.BytesIO()
        for block in self.blocks():
            buffer.write(block)
            if buffer.tell() > MAX_DOCUMENT_BYTES:
                raise StreamBroken(
                    "document-too-large",
                    f"the file is larger than {MAX_DOCUMENT_BYTES >> 20} MiB",
                    "Split it, or bring the rows as JSON Lines.",
                )
        return buffer.getvalue()


def _skip_line(blocks: Iterator[bytes], begun: bytes, number: int) -> tuple[LongLine, bytes]:
    """Read over the rest of an overlong line; return it and the bytes behind it in the last block read."""
    beginning, length = begun[:MAX_KEPT_BYTES], len(begun)
    for block in blocks:
        end = block.find(b"\n")
        if end >= 0:
            return LongLine(number, beginning, length + end), block[end + 1 :]
        length += len(block)
    return LongLine(number, beginning, length), b""


def _unpacked(file: io.BufferedReader, size: int) -> Iterator[bytes]:
    """Unpack gzip, members joined, never holding more than `size` bytes of output at a time."""
    unpacker, between_members, total = zlib.decompressobj(wbits=31), True, 0
    while packed := file.read(1 << 16):
        if between_members:
            packed = packed.lstrip(b"\0")
        while packed:
            between_members = False
            try:
                block = unpacker.decompress(packed, size)
            except zlib.error as error:
                raise StreamBroken(
                    "damaged-gzip", f"the gzip data is damaged ({error})", "Fetch or compress the file again."
                ) from error
            total += len(block)
            if total > MIN_BOMB_BYTES and total > MAX_RATIO * file.tell():
                raise StreamBroken(
                    "decompression-bomb",
                    f"the gzip data grows more than {MAX_RATIO} times when unpacked",
                    "Unpack the file yourself and import it if you trust it.",
                )
            if block:
                yield block
            packed = unpacker.unconsumed_tail
            if unpacker.eof:
                packed = unpacker.unused_data.lstrip(b"\0")  # gzip(1) allows zero padding between members
                unpacker, between_members = zlib.decompressobj(wbits=31), True
    if not between_members:
        raise StreamBroken(
            "truncated-gzip",
            "the gzip data ends too early",
            "Fetch the file again and import it.",
        )
