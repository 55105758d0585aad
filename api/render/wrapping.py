"""Text cut into lines for a terminal, where some characters are two columns wide and some have no width.

The standard library's textwrap counts characters, which is wrong for many scripts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_BREAKABLE: Final = re.compile(r"[^-/]*[-/]|[^-/]+")
"""A word that is longer than a line is cut after hyphens and slashes first."""


def display_width(text: str) -> int:
    """Return the number of terminal columns of a text (Unicode Standard Annex 11; marks have no width).

    >>> display_width("语义 seg")
    8
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def wrap(text: str, width: int, indent: str = "", first: str | None = None) -> list[str]:
    """Cut a text into lines of at most `width` columns; white space is joined, words too long are cut.

    `indent` stands before every line, `first` before the first one instead. An empty text has no lines.
    """
    head = indent if first is None else first
    room = max(width - max(len(head), len(indent)), 2)
    lines: list[str] = []
    current = ""
    for piece, continues_word in _pieces(text, room):
        longer = piece if not current else current + piece if continues_word else f"{current} {piece}"
        if display_width(longer) <= room:
            current = longer
        else:
            lines.append(current)
            current = piece
    if current:
        lines.append(current)
    return [(indent if place else head) + line for place, line in enumerate(lines)]


def shortened(text: str, width: int) -> str:
    """Cut a text to at most `width` columns; a dot stands for what was cut.

    >>> shortened("语义分割", 8), shortened("语义分割", 6), shortened("seg", 3)
    ('语义分割', '语义…', 'seg')
    """
    return text if display_width(text) <= width else next(_cut(text, width - 1)) + "…"


def pad(text: str, width: int, right: bool = False) -> str:
    """Fill a text with spaces to `width` columns, on the left if it is to stand on the right."""
    spaces = " " * max(width - display_width(text), 0)
    return spaces + text if right else text + spaces


def _pieces(text: str, room: int) -> Iterator[tuple[str, bool]]:
    """Yield the words, those too long in pieces that fit; the flag says that a piece continues a word."""
    for word in text.split():
        if display_width(word) <= room:
            yield word, False
            continue
        continues_word = False
        for part in _BREAKABLE.findall(word):
            for piece in _cut(part, room):
                yield piece, continues_word
                continues_word = True


def _cut(part: str, room: int) -> Iterator[str]:
    begin, used = 0, 0
    for place, character in enumerate(part):
        size = _columns(character)
        if used + size > room:
            yield part[begin:place]
            begin, used = place, 0
        used += size
    yield part[begin:]


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
