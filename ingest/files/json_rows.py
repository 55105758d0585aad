"""JSON Lines, one object at a time; every line that is none is refused with the exact reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from ingest.files.contract import Note, Rejection
from ingest.files.source import Source
from ingest.files.text_lines import NUL_REMEDY, byte_lines, refused

MAX_DEPTH: Final = 64
"""Deepest nesting of a row that is taken: nothing real comes near, and no later step meets a recursion limit."""

_NAN_OR_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"|NaN')
_KEY_END = re.compile(rb'"\s*:')
NAN_AS_NULL: Final = Note("not-a-number", "NaN was read as null: not known.")
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


def json_rows(source: Source) -> Iterator[JsonRow | Rejection | Note]:
    """Yield the objects of a JSON Lines file and a rejection for each line that holds none. Blank lines are no rows."""
    for line in byte_lines(source):
        if isinstance(line, Rejection):
            yield line
            continue
        number, raw = line
        if not raw.strip():
            continue
        yield from json_row(number, raw)


def json_row(number: int, raw: bytes) -> Iterator[JsonRow | Rejection | Note]:
    """Yield the object that a text is, with a note if it holds NaN; or its rejection."""
    try:
        value, has_nan = decode_object(raw)
    except BadJson as error:
        yield refused(number, error.code, error.reason, error.remedy, raw)
        return
    if has_nan:
        yield NAN_AS_NULL
    yield number, value, raw


def decode_object(raw: bytes) -> tuple[dict[str, Any], bool]:
    """Decode one JSON object, and say whether it holds NaN; raises `BadJson` with the reason.

    Stricter than JSON: no repeated names, no Infinity, nesting up to `MAX_DEPTH`. NaN, which
    JSON does not have but many programs write for "not known", is read as null.
    """
    has_nan = False
    try:
        value = msgspec.json.decode(raw)
    except (ValueError, RecursionError) as error:
        value = _with_null_for_nan(raw) if b"NaN" in raw else None
        has_nan = value is not None
        if not has_nan:
            raise why_not_json(raw, error) from error
    if not isinstance(value, dict):
        raise BadJson("not-an-object", f"a JSON {_json_kind(value)}, not an object", _ONE_OBJECT)
    names = _check_shape(value, 1)
    if len(_KEY_END.findall(raw)) > names:
        _refuse_repeated_names(raw)
    return value, has_nan


def _with_null_for_nan(raw: bytes) -> Any:
    """Decode JSON that is right but for NaN in place of numbers; None if more is wrong with it."""
    try:
        json.loads(raw, parse_constant=_only_nan)
        return msgspec.json.decode(_NAN_OR_TEXT.sub(_null_for_nan, raw))
    except (ValueError, RecursionError):
        return None


def _only_nan(constant: str) -> None:
    if constant != "NaN":
        raise ValueError(constant)


def _null_for_nan(found: re.Match[bytes]) -> bytes:
    return b"null" if found.group() == b"NaN" else found.group()


def why_not_json(raw: bytes, error: Exception) -> BadJson:
    """Say why a decoder refused a text: its encoding, its depth, a number that JSON does not have, or its form."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        return BadJson("invalid-utf8", f"byte {wrong.start + 1} of the row is not UTF-8", "Save the file as UTF-8.")
    if isinstance(error, RecursionError):
        return _too_deep()
    if "\0" in text:
        return BadJson("nul-character", "the row holds NUL bytes", NUL_REMEDY)
    if isinstance(error, msgspec.ValidationError) or _has_non_number(text):
        return BadJson("not-a-number", "Infinity or a number out of range", "Write null where a number is not known.")
    return BadJson("invalid-json", f"not JSON: {error}", _ONE_OBJECT)


def _too_deep() -> BadJson:
    return BadJson("too-deep", f"nested more than {MAX_DEPTH} levels deep", "Flatten the row.")


def _json_kind(value: object) -> str:
    if value is None:
        return "null"
    return {bool: "boolean", str: "string", list: "array"}.get(type(value), "number")


def _check_shape(value: object, depth: int) -> int:
    """Return the number of names in a value, objects within included; refuse what is too deep."""
    if depth > MAX_DEPTH:
        raise _too_deep()
    if isinstance(value, dict):
        inner = [part for part in value.values() if isinstance(part, dict | list)]
        return len(value) + sum(_check_shape(part, depth + 1) for part in inner)
    if isinstance(value, list):
        return sum(_check_shape(part, depth + 1) for part in value if isinstance(part, dict | list))
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
