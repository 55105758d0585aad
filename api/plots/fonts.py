"""Fonts for the scripts of all names: the usual one, then those of this machine that hold what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Final

USUAL: Final = "DejaVu Sans"
"""Comes with matplotlib."""

_BOXES: Final = "Last Resort"
"""A font of matplotlib's that holds a box for every character."""


def fonts_for(characters: Iterable[str]) -> tuple[list[str], set[str]]:
    """Return families that together hold these characters, the usual one first, and the characters that none holds.

    Others are looked at, in the order of their names, only for what is missing, so that most pictures are the same
    on every machine.
    """
    from matplotlib.font_manager import FontProperties, findfont, fontManager

    families = [USUAL]
    missing = {c for c in characters if not c.isspace()} - _held_by(findfont(FontProperties(family=USUAL)))
    for name, path in sorted({(font.name, font.fname) for font in fontManager.ttflist if font.style == "normal"}):
        if not missing:
            break
        if name in families or name.startswith(_BOXES):
            continue
        held = missing & _held_by(path)
        if held:
            families.append(name)
            missing -= held
    return families, missing


def _held_by(path: str) -> Set[str]:
    """Return the characters that a font's file holds; none of a file that cannot be read."""
    from matplotlib.font_manager import get_font

    try:
        return {chr(code) for code in get_font(path).get_charmap()}
    except (OSError, RuntimeError):
        return set()
