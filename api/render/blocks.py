"""What a page is made of. Answers are turned into blocks once; text, Markdown and HTML only differ in how they
write them, so that no form of an answer says more or less than another.

Texts in blocks are plain: no markup, no escapes, no hidden characters (`printable` sees to that).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graph.text import without_hidden_characters


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the page's title, at most one a page."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of running text."""

    text: str


@dataclass(frozen=True)
class Column:
    """A column of a table. Numeric columns stand to the right and are never wrapped."""

    title: str
    numeric: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a caption. Each row has a cell for each column; the first cell names the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: bool = False
    """Whether the last row is the sum of the others."""


@dataclass(frozen=True)
class Item:
    """An entry of a list: its title, a text, and labelled facts such as ("Unique", "...")."""

    title: str
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Items:
    """A list of entries."""

    items: tuple[Item, ...]


Block: TypeAlias = Heading | Paragraph | Table | Items
Page: TypeAlias = Sequence[Block]


def printable(value: Any) -> Any:
    """Return JSON-like data with all texts free of control, zero-width and bidirectional characters.

    Data comes from files of strangers: what it holds must not move the cursor or turn the reading direction.
    """
    if isinstance(value, str):
        return without_hidden_characters(value)
    if isinstance(value, dict):
        return {key: printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value
