"""Lines of a file as bytes or text, bad ones as rejections; the same for every reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ingest.files.contract import Rejection
from ingest.files.source import MAX_KEPT_BYTES, MAX_LINE_BYTES, LongLine, Source, StreamBroken

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
NUL_REMEDY: Final = "Write the file again; its disk or transfer failed."


def byte_lines(source: Source) -> Iterator[tuple[int, bytes] | Rejection]:
    """Yield (number, bytes without line end and byte order mark) of every line.

    A line too long to be read, and the place where a damaged stream ends, come as rejections.
    """
    try:
        for block in source.lines():
            if isinstance(block, LongLine):
                yield too_long(block.number, block.beginning, block.length)
                continue
            lines = block.data.split(b"\n")
            if not lines[-1]:
                lines.pop()
            for number, raw in enumerate(lines, block.first):
                if len(raw) > MAX_LINE_BYTES:
                    yield too_long(number, raw[:MAX_KEPT_BYTES], len(raw))
                    continue
                yield number, (raw.removeprefix(BYTE_ORDER_MARK) if number == 1 else raw).removesuffix(b"\r")
    except StreamBroken as error:
        yield broken_stream(error)


def text_lines(source: Source) -> Iterator[tuple[int, str, bytes] | Rejection]:
    """Yield (number, text, bytes) of every line with text; lines that are not UTF-8 or hold NUL come as rejections."""
    for line in byte_lines(source):
        if isinstance(line, Rejection):
            yield line
            continue
        number, raw = line
        bad = undecodable(number, raw)
        if bad is not None:
            yield bad
        elif raw.strip():
            yield number, raw.decode("utf-8"), raw


def undecodable(number: int, raw: bytes) -> Rejection | None:
    """Return the rejection of a line that is not UTF-8 or holds NUL bytes, else None."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"byte {error.start + 1} of the line is not UTF-8"
        return refused(number, "invalid-utf8", reason, "Save the file as UTF-8.", raw)
    return refused(number, "nul-character", "the line holds NUL bytes", NUL_REMEDY, raw) if "\0" in text else None


def refused(number: int, code: str, reason: str, remedy: str, raw: bytes) -> Rejection:
    """Return the rejection of a row, with no more of its bytes than are kept."""
    return Rejection(number, code, reason, remedy, raw[:MAX_KEPT_BYTES], len(raw))


def broken_stream(error: StreamBroken) -> Rejection:
    """Return the rejection for the place where a stream ends before its time; `raw` is the line cut off there."""
    kept = error.unfinished[:MAX_KEPT_BYTES]
    return Rejection(error.line, error.code, error.reason, error.remedy, kept, len(error.unfinished))


def too_long(number: int, beginning: bytes, length: int) -> Rejection:
    """Return the rejection of a line too long to be read; `beginning` is what is kept of its `length` bytes."""
    reason = f"the line has {length} bytes; {MAX_LINE_BYTES} are the most that is read"
    return Rejection(
        number, "line-too-long", reason, "Split the row, or take its largest field out.", beginning, length
    )
