"""Files that are one document, or one JSON value a line: read whole, within bounds, as text or JSON objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ingest.contract import Note, Rejection
from ingest.json_rows import BYTE_ORDER_MARK, BadJson, broken_stream, decode_object, json_rows, why_not_json
from ingest.rows import EMPTY_FILE, Row
from ingest.source import MAX_KEPT_BYTES, Source, StreamBroken


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
        return refused_document(line, "invalid-utf8", reason, "Save the file as UTF-8.", data)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        remedy = "Write the file again; its disk or transfer failed."
        return refused_document(line, "nul-character", "the file holds NUL bytes", remedy, data)
    return text.replace("\r\n", "\n")


def refused_document(line: int, code: str, reason: str, remedy: str, data: bytes | str) -> Rejection:
    """Return the rejection of a whole document, or of the part that begins on a line."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return Rejection(line, code, reason, remedy, raw[:MAX_KEPT_BYTES], len(raw))


def json_values(source: Source) -> Iterator[Row | Rejection | Note]:
    """Yield the objects of a file that is one JSON object, an array of objects, or JSON Lines (streamed).

    The objects of an array are counted as lines, from 1.
    """
    if _is_json_lines(source):
        for item in json_rows(source):
            yield Row(*item) if isinstance(item, tuple) else item
        return
    text = document_text(source)
    if not isinstance(text, str):
        yield text
        return
    data = text.encode("utf-8", "surrogatepass")
    try:
        parts = [data] if text.lstrip()[:1] == "{" else _array_parts(data)
    except BadJson as error:
        yield refused_document(1, error.code, error.reason, error.remedy, data)
        return
    for number, part in enumerate(parts, 1):
        try:
            yield Row(number, decode_object(part), part)
        except BadJson as error:
            yield refused_document(number, error.code, error.reason, error.remedy, part)


def _array_parts(data: bytes) -> list[bytes]:
    try:
        return [bytes(part) for part in msgspec.json.decode(data, type=list[msgspec.Raw])]
    except (ValueError, RecursionError) as error:
        raise why_not_json(data, error) from error


def _is_json_lines(source: Source) -> bool:
    """Say whether the first two lines with text each begin an object, or the only one is a whole object."""
    lines = [line.strip() for line in source.head().text.split("\n") if line.strip()][:2]
    if len(lines) < 2:
        return False
    return all(line.startswith("{") for line in lines) and _is_object(lines[0])


def _is_object(text: str) -> bool:
    try:
        value: Any = msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return text.endswith("}")
    return isinstance(value, dict)
