"""The beginning of a file, by which its format is recognised."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

PARQUET_MAGIC: Final = b"PAR1"
_MAX_HEADER_CHARS: Final = 1 << 16
_JSON_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]')


@dataclass(frozen=True)
class Head:
    """The beginning of a file, for recognition."""

    name: str
    """File name without folder and without `.gz`."""
    data: bytes

    @cached_property
    def text(self) -> str:
        """The beginning as text, without byte order mark; wrong bytes replaced."""
        return self.data.decode("utf-8-sig", "replace")

    @cached_property
    def is_parquet(self) -> bool:
        """Whether this is a Parquet file."""
        return self.data.startswith(PARQUET_MAGIC)

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The first JSON objects (up to 20): of a file that is one object or a list of them, else of its lines.

        Lines that cannot be read are left out.
        """
        if not self.is_json_lines:
            value = _json_or_none(self.text)
            values = value if isinstance(value, list) else [value]
            return [value for value in values[:20] if isinstance(value, dict)]
        found: list[dict[str, Any]] = []
        for line in self.text.split("\n")[:60]:  # not splitlines: JSON text may hold U+2028
            value = _json_or_none(line)
            if isinstance(value, dict):
                found.append(value)
        return found[:20]

    @cached_property
    def is_json_lines(self) -> bool:
        """Whether each line holds a JSON value of its own (rather than all lines one), seen from the first two.

        A first line that was cut in the middle counts as a (bad) line if the next one begins an object.
        """
        lines = [line.strip() for line in self.text.split("\n") if line.strip()][:2]
        if not lines or lines[0][0] not in "{[":
            return True
        if len(lines) == 1:
            return lines[0][0] == "{"
        was_cut = lines[0][0] == lines[1][0] == "{" and lines[0][-1] not in "[,:{"
        return was_cut or _json_or_none(lines[0]) is not None

    @cached_property
    def fields(self) -> frozenset[str]:
        """Field names of the first JSON Lines records, else the CSV header's, else a Parquet file's columns."""
        if self.is_parquet:
            return self.parquet_fields
        if self.records:
            return frozenset(key for record in self.records for key in record)
        if self.text.lstrip()[:1] in ("{", "["):
            return _outer_names(self.text)
        return frozenset(self.csv_header)

    @cached_property
    def csv_header(self) -> list[str]:
        """The cells of the first line that is not blank, taken as the header of a CSV file."""
        return split_header(self.text)[1]

    parquet_fields: frozenset[str] = field(default=frozenset())


def split_header(text: str) -> tuple[str, list[str]]:
    """Return the delimiter (comma, semicolon or tab: the most frequent) and the cells of a CSV text's header.

    >>> split_header("id;name\\n1;Tool")
    (';', ['id', 'name'])
    """
    line = next((line for line in text.split("\n") if line.strip()), "").strip("\r")[:_MAX_HEADER_CHARS]
    delimiter = max(",;\t", key=line.count)
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        cells = line.split(delimiter)
    return delimiter, [cell.strip() for cell in cells]


def _json_or_none(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _outer_names(text: str) -> frozenset[str]:
    """Return the names in a JSON document's object, or in the objects of its list, as far as the text goes."""
    wanted, depth, names, last = (2 if text.lstrip()[:1] == "[" else 1), 0, set(), ""
    for sign in _JSON_TOKEN.findall(text):
        if sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
        elif sign == ":" and depth == wanted and last:
            names.add(last)
        last = sign[1:-1] if sign[0] == '"' else ""
    return frozenset(names)
