"""JSON Lines, one object at a time; every line that is none is refused with the exact reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from ingest.contract import Rejection
from ingest.source import MAX_KEPT_BYTES, MAX_LINE_BYTES, LongLine, Source, StreamBroken

MAX_DEPTH: Final = 64
"""Deepest nesting of a row that is taken: nothing real comes near, and no later step meets a recursion limit."""

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_KEY_END = re.compile(rb'"\s*:')
_ONE_OBJECT = "Write one JSON object on each line."

JsonRow = tuple[int, dict[str, Any], bytes]
"""Line, counted from 1; the object; its bytes without the line end."""


class BadJson(Exception):
    """A text that is not one JSON object we can take."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        self.code = code
        self.reason = reason
        self.remedy = remedy
        super().__init__(reason)


def json_rows(source: Source) -> Iterator[JsonRow | Rejection]:
    """Yield the objects of a JSON Lines file and a rejection for each line that holds none. Blank lines are no rows."""
    for line in byte_lines(source):
        if isinstance(line, Rejection):
            yield line
            continue
        number, raw = line
        if not raw.strip():
            continue
        try:
            yield number, decode_object(raw), raw
        except BadJson as error:
            yield rejection(number, error, raw)


def byte_lines(source: Source) -> Iterator[tuple[int, bytes] | Rejection]:
    """Yield (number, bytes without line end and byte order mark) of every line.

    A line too long to be read, and the place where a damaged stream ends, come as rejections.
    """
    try:
        for block in source.lines():
            if isinstance(block, LongLine):
                yield _too_long(block.number, block.beginning, block.length)
                continue
            lines = block.data.split(b"\n")
            if not lines[-1]:
                lines.pop()
            for number, raw in enumerate(lines, block.first):
                if len(raw) > MAX_LINE_BYTES:
                    yield _too_long(number, raw[:MAX_KEPT_BYTES], len(raw))
                    continue
                yield number, (raw.removeprefix(BYTE_ORDER_MARK) if number == 1 else raw).removesuffix(b"\r")
    except StreamBroken as error:
        yield broken_stream(error)


def broken_stream(error: StreamBroken) -> Rejection:
    """Return the rejection for the place where a stream ends before its time; `raw` is the line cut off there."""
    kept = error.unfinished[:MAX_KEPT_BYTES]
    return Rejection(error.line, error.code, error.reason, error.remedy, kept, len(error.unfinished))


def rejection(line: int, error: BadJson, raw: bytes) -> Rejection:
    """Return the rejection of a row that could not be decoded."""
    return Rejection(line, error.code, error.reason, error.remedy, raw[:MAX_KEPT_BYTES], len(raw))


def decode_object(raw: bytes) -> dict[str, Any]:
    """Decode one JSON object; raises `BadJson` with the reason.

    Stricter than JSON: no repeated names, no NaN or Infinity, numbers within 64 bits, nesting up to `MAX_DEPTH`.
    """
    try:
        value = msgspec.json.decode(raw)
    except (ValueError, RecursionError) as error:
        raise why_not_json(raw, error) from error
    if not isinstance(value, dict):
        raise BadJson("not-an-object", f"a JSON {_json_kind(value)}, not an object", _ONE_OBJECT)
    names = _check_shape(value, 1)
    if len(_KEY_END.findall(raw)) > names:
        _refuse_repeated_names(raw)
    return value


def why_not_json(raw: bytes, error: Exception) -> BadJson:
    """Say why a decoder refused a text: its encoding, its depth, a number that JSON does not have, or its form."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        return BadJson("invalid-utf8", f"byte {wrong.start + 1} of the row is not UTF-8", "Save the file as UTF-8.")
    if isinstance(error, RecursionError):
        return _too_deep()
    if "\0" in text:
        return BadJson("nul-character", "the row holds NUL bytes", "Write the file again; its disk or transfer failed.")
    if isinstance(error, msgspec.ValidationError) or _has_non_number(text):
        return BadJson(
            "not-a-number", "NaN, Infinity or a number out of range", "Write null where a number is not known."
        )
    return BadJson("invalid-json", f"not JSON: {error}", _ONE_OBJECT)


def _too_long(number: int, beginning: bytes, length: int) -> Rejection:
    reason = f"the line has {length} bytes; {MAX_LINE_BYTES} are the most that is read"
    return Rejection(
        number, "line-too-long", reason, "Split the row, or take its largest field out.", beginning, length
    )


def _too_deep() -> BadJson:
    return BadJson("too-deep", f"nested more than {MAX_DEPTH} levels deep", "Flatten the row.")


def _json_kind(value: object) -> str:
    if value is None:
        return "null"
    return {bool: "boolean", str: "string", list: "array"}.get(type(value), "number")


def _check_shape(value: object, depth: int) -> int:
    """Return the number of names in a value, objects within included; refuse what is too deep or too large."""
    if depth > MAX_DEPTH:
        raise _too_deep()
    if isinstance(value, dict):
        inner = [part for part in value.values() if isinstance(part, dict | list | int)]
        return len(value) + sum(_check_shape(part, depth + 1) for part in inner)
    if isinstance(value, list):
        return sum(_check_shape(part, depth + 1) for part in value if isinstance(part, dict | list | int))
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 64:
        raise BadJson("number-too-large", "a number with more than 64 bits", "Write it as text.")
    return 0


def _refuse_repeated_names(raw: bytes) -> None:
    """Raise `BadJson` if an object has the same name twice: which of the values is meant cannot be known."""

    def check(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise BadJson("duplicate-key", f"the name {twice!r} stands twice in one object", "Keep one of the two.")

    json.loads(raw, object_pairs_hook=check)


def _has_non_number(text: str) -> bool:
    found: list[str] = []
    try:
        json.loads(text, parse_constant=found.append)
    except (ValueError, RecursionError):
        return False
    return bool(found)
