"""Decoding JSON Lines fast and without loss, although no record type can name every field.

Known fields are decoded into msgspec structs, a block of lines at a time. Structs forbid unknown fields; when one
turns up, its name is learnt, the struct type is made anew with that field, and the block is decoded again. So
rows cost what the known layout costs, and nothing that a log carries beyond it is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final

import msgspec
from msgspec import UNSET

from ingest.files.contract import Rejection
from ingest.files.json_rows import why_not_json
from ingest.files.source import Lines

MAX_LEARNT: Final = 256
"""Beyond this many extra fields the rest is read row by row, so that hostile logs cannot grow the type forever."""

Layout = Mapping[str, Sequence[tuple[str, Any]]]
"""Field names and types for each path of nested objects; the root's path is "". `None` is every default."""

Rare = Mapping[str, Any]
"""Types of fields that most logs lack, by path and name ("event_attributes.rating"). They cost nothing until one
is seen; then they are fields of the row like those of the layout."""

_UNKNOWN_FIELD = re.compile(r"unknown field `(?P<name>.*?)`(?: - at `\$(?:\[\d+\])?\.?(?P<path>.*)`)?$", re.DOTALL)
_NO_FIELD_NAME = re.compile(r'[\\"\x00-\x1f]')
"""Characters that msgspec does not take in the name of a field."""
_LINE_INDEX = re.compile(r"`\$\[\d+\]")


@dataclass
class Decoded:
    """The rows of a block: structs, their line numbers and their bytes; and the rows that cannot be read."""

    rows: list[Any]
    lines: Sequence[int]
    raw: Callable[[int], bytes]
    """Bytes of the i-th row."""
    rejections: list[Rejection] = field(default_factory=list)
    extras: list[dict[str, Any] | None] | None = None
    """What each row has beyond the layout, nested as in the row; None if no row of the block has anything."""


class LearningDecoder:
    """Decoder for records of one layout. One instance for each file."""

    def __init__(self, layout: Layout, rare: Rare | None = None) -> None:
        self._layout = {path: list(named) for path, named in layout.items()}
        self._rare = dict(rare or {})
        self._learnt: list[tuple[str, str, str]] = []  # path, name in the data, attribute
        self._build()

    def has(self, path: str, name: str) -> bool:
        """Say whether rows of this file have a field of this name, so far."""
        return any(name == known for known, _ in self._layout[path])

    def _build(self) -> None:
        types: dict[str, Any] = {}
        for path in sorted(self._layout, key=len, reverse=True):
            children = [p for p in types if p.rpartition(".")[0] == path and p != path]
            fields: list[tuple[str, Any, Any]] = [(name, kind, None) for name, kind in self._layout[path]]
            fields += [(child.rpartition(".")[2], types[child] | None, None) for child in children]
            fields += [(attribute, Any, UNSET) for p, _, attribute in self._learnt if p == path]
            rename = {attribute: name for p, name, attribute in self._learnt if p == path}
            types[path] = msgspec.defstruct(
                f"Row_{path}", fields, rename=rename, forbid_unknown_fields=True, gc=False, kw_only=True
            )
        self._strict = msgspec.json.Decoder(types[""])

    def decode(self, block: Lines) -> Decoded:
        """Decode a block of lines. Blank lines are no rows."""
        while True:
            try:
                rows = self._strict.decode_lines(block.data)
            except msgspec.ValidationError as error:
                if self._learn(error):
                    continue
                return self._decode_each(block)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return self._decode_each(block)
            lines = range(block.first, block.first + len(rows))
            if len(rows) != block.count:
                return self._decode_each(block)  # blank lines: numbers must be found one by one
            return Decoded(rows, lines, block.line, extras=self._extras(rows))

    def _decode_each(self, block: Lines) -> Decoded:
        rows: list[Any] = []
        lines: list[int] = []
        raws: list[bytes] = []
        rejections: list[Rejection] = []
        beyond: dict[int, dict[str, Any]] = {}
        decoder = self._strict
        for number, line in enumerate(block.data.split(b"\n"), block.first):
            raw = line.rstrip(b"\r")
            if not raw.strip():
                continue
            try:
                row, unlearnt = self._decode_one(raw)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                rejections.append(rejection_for(number, raw, error))
                continue
            if unlearnt is not None:
                beyond[len(rows)] = unlearnt
            rows.append(row)
            lines.append(number)
            raws.append(raw)
        if self._strict is not decoder:  # rows decoded before a field was learnt lack it
            return self._decode_each(block)
        extras = self._extras(rows)
        if beyond:
            extras = extras or [None] * len(rows)
            for index, unlearnt in beyond.items():
                extras[index] = unlearnt
        return Decoded(rows, lines, raws.__getitem__, rejections, extras)

    def _decode_one(self, raw: bytes) -> tuple[Any, dict[str, Any] | None]:
        while True:
            try:
                return self._strict.decode(raw), None
            except msgspec.ValidationError as error:
                if self._learn(error):
                    continue
                if _UNKNOWN_FIELD.search(str(error)) is None:
                    raise
                return self._decode_with_rest(raw)

    def _decode_with_rest(self, raw: bytes) -> tuple[Any, dict[str, Any] | None]:
        """Decode a row with more unknown fields than are learnt: the known part, and all the rest as a dict."""
        record = msgspec.json.decode(raw)
        rest = _take_unknown(record, self._layout, "")
        return self._strict.decode(msgspec.json.encode(record)), rest

    def _learn(self, error: msgspec.ValidationError) -> bool:
        found = _UNKNOWN_FIELD.search(str(error))
        if found is None or len(self._learnt) >= MAX_LEARNT:
            return False
        path, name = found["path"] or "", found["name"]
        if path not in self._layout or any((path, name) == (p, n) for p, n, _ in self._learnt):
            return False
        if not name or _NO_FIELD_NAME.search(name):
            return False
        kind = self._rare.pop(f"{path}.{name}" if path else name, None)
        if kind is not None:
            self._layout[path].append((name, kind))
        else:
            self._learnt.append((path, name, f"learnt_{len(self._learnt)}"))
        self._build()
        return True

    def _extras(self, rows: Sequence[Any]) -> list[dict[str, Any] | None] | None:
        extras: list[dict[str, Any] | None] | None = None
        for path, name, attribute in self._learnt:
            values = fields(nested(rows, path), attribute)
            if values.count(UNSET) + values.count(None) == len(values):
                continue
            extras = extras if extras is not None else [None] * len(rows)
            for index, value in enumerate(values):
                if value is not UNSET and value is not None:
                    _put(extras, index, path, name, value)
        return extras


def nested(rows: Sequence[Any], path: str) -> Sequence[Any]:
    """Return for each row the nested object at a path, None where it is missing."""
    for part in path.split(".") if path else ():
        rows = fields(rows, part)
    return rows


def fields(rows: Sequence[Any], name: str) -> list[Any]:
    """Return one field of all rows, None where the row itself is None."""
    try:
        return list(map(attrgetter(name), rows))
    except AttributeError:
        return [getattr(row, name, None) for row in rows]


def _put(extras: list[dict[str, Any] | None], index: int, path: str, name: str, value: Any) -> None:
    place = extras[index]
    if place is None:
        place = extras[index] = {}
    for part in path.split(".") if path else ():
        place = place.setdefault(part, {})
    place[name] = value


def _take_unknown(record: dict[str, Any], layout: Layout, path: str) -> dict[str, Any] | None:
    """Remove from a record what the layout does not name, and return it."""
    known = {name for name, _ in layout[path]}
    prefix = f"{path}." if path else ""
    rest: dict[str, Any] = {}
    for key in list(record):
        below = prefix + key if key else None
        if below is not None and below in layout and isinstance(record[key], dict):
            inner = _take_unknown(record[key], layout, below)
            if inner:
                rest[key] = inner
        elif key not in known and below not in layout:
            value = record.pop(key)
            if value is not None:
                rest[key] = value
    return rest or None


def rejection_for(line: int, raw: bytes, error: Exception) -> Rejection:
    """Put a decoding error into words."""
    message = _LINE_INDEX.sub("`$", str(error))
    if isinstance(error, msgspec.ValidationError):
        return Rejection(line, "wrong-type", f"{message}.", "Correct the field's value in the source.", raw)
    why = why_not_json(raw, error)
    return Rejection(line, why.code, why.reason, why.remedy, raw)
