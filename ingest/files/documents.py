"""Files that are one document, or one JSON value a line: read whole, within bounds, as text or JSON objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

import msgspec

from ingest.files.contract import Chunk, Note, Rejection
from ingest.files.json_rows import BadJson, JsonRow, json_row, json_rows, why_not_json
from ingest.files.source import Source, StreamBroken
from ingest.files.text_lines import BYTE_ORDER_MARK, NUL_REMEDY, broken_stream, refused

Item = TypeVar("Item")
EMPTY_FILE: Final = Note("empty-file", "The file holds no rows.")


def note_if_empty(items: Iterable[Item]) -> Iterator[Item | Note]:
    """Pass on what a reader yields; if neither rows nor rejections are among it, add the note `empty-file`."""
    seen_any = False
    for item in items:
        seen_any = seen_any or isinstance(item, Chunk | Rejection) or item == EMPTY_FILE
        yield item
    if not seen_any:
        yield EMPTY_FILE


def document_text(source: Source) -> str | Rejection | Note:
    """Return a whole file as text, without byte order mark; or why that cannot be; or the note that it is empty."""
    try:
        data = source.document().removeprefix(BYTE_ORDER_MARK)
    except StreamBroken as error:
        return broken_stream(error)
    if not data.strip():
        return EMPTY_FILE
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"byte {error.start + 1} of the file is not UTF-8"
        return refused(line, "invalid-utf8", reason, "Save the file as UTF-8.", data)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return refused(line, "nul-character", "the file holds NUL bytes", NUL_REMEDY, data)
    return text.replace("\r\n", "\n")


def json_values(source: Source) -> Iterator[JsonRow | Rejection | Note]:
    """Yield the objects of a file that is one JSON object, an array of objects, or JSON Lines (streamed).

    The objects of an array are counted as lines, from 1.
    """
    if source.head().is_json_lines:
        yield from json_rows(source)
        return
    text = document_text(source)
    if not isinstance(text, str):
        yield text
        return
    data = text.encode("utf-8", "surrogatepass")
    try:
        parts = [data] if text.lstrip()[:1] == "{" else _array_parts(data)
    except BadJson as error:
        yield refused(1, error.code, error.reason, error.remedy, data)
        return
    for number, part in enumerate(parts, 1):
        yield from json_row(number, part)


def _array_parts(data: bytes) -> list[bytes]:
    try:
        return [bytes(part) for part in msgspec.json.decode(data, type=list[msgspec.Raw])]
    except (ValueError, RecursionError) as error:
        raise why_not_json(data, error) from error
