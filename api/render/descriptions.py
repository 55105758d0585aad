"""What makers say of their artifacts, in plain words and short enough to leave room for the evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

SHORT: Final = 400
"""Characters of a description that stand before the evidence."""
IN_SHORT: Final = 160
"""In a list: two lines, enough to tell what it is."""
_READ: Final = 8
"""Marks and addresses take room: so many times the wanted length is looked at."""

_MARKS: Final = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"!\[[^\]]*\]\([^)]*\)", " "),  # an image
        (r"\[([^\[\]]*)\]\([^()]*\)", r"\1"),  # a link
        (r"</?[a-zA-Z][^<>]*>|<!--.*?-->", " "),
        (r"```\w*", " "),
        (r"`([^`]*)`", r"\1"),
        (r"(?:^|(?<=\s))#{1,6}\s+", ""),
        (r"\*\*", ""),
        (r"(?<![\w*])\*([^\s*][^*]*)\*(?![\w*])", r"\1"),
    )
)
_ENDS: Final = (". ", "! ", "? ", "。")


@dataclass(frozen=True)
class Described:
    """A description as it is shown."""

    opening: str
    """Its beginning in plain words, ending with a sentence where it can."""
    more: bool
    """Whether it goes on."""


def described(text: str, limit: int = SHORT) -> Described:
    """Return the beginning of a description without the marks of Markdown and HTML, at most `limit` characters.

    >>> described("# Sharp **Upscaler** makes [pictures](https://example.org) larger. It is fast.", 45)
    Described(opening='Sharp Upscaler makes pictures larger.', more=True)
    """
    plain = text[: _READ * limit]
    for pattern, instead in _MARKS:
        plain = pattern.sub(instead, plain)
    plain = " ".join(plain.split())
    if len(plain) <= limit:
        return Described(plain, more=len(text) > _READ * limit)
    return Described(_cut(plain[: limit + 1], limit), more=True)


def opening(text: str, limit: int = SHORT) -> str:
    """Return `described(text, limit).opening`: a filter of the pages' templates."""
    return described(text, limit).opening


def in_short(entry: Mapping[str, Any]) -> str:
    """Return what an entry of a list is, as far as its description says.

    >>> in_short({"description": "Makes **pictures** larger."}), in_short({"description": None})
    ('Makes pictures larger.', '')
    """
    return opening(entry.get("description") or "", IN_SHORT)


def _cut(text: str, limit: int) -> str:
    end = max(text.rfind(sign) for sign in _ENDS)
    if end >= limit // 2:
        return text[: end + 1]
    space = text.rfind(" ", 0, limit - 1)
    return (text[:space] if space > 0 else text[: limit - 2]) + " …"
