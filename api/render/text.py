"""Pages as plain text for a terminal: wrapped, without colours or boxes, good to copy."""

from __future__ import annotations

import shutil
from functools import singledispatch
from typing import Final

from api.render.blocks import Block, Heading, Item, Items, Page, Paragraph, Table
from api.render.tables import table_lines
from api.render.wrapping import display_width, wrap

DEFAULT_WIDTH: Final = 100
"""Width where there is no terminal (columns)."""
_UNDERLINE: Final = {1: "=", 2: "-"}


def terminal_width() -> int:
    """Return the width to write for, in columns: COLUMNS, else the terminal's, else `DEFAULT_WIDTH`."""
    return max(shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns, 40)


def text_page(page: Page, width: int | None = None) -> str:
    """Return the page as text that ends in a line end; `width` is in columns, by default the terminal's."""
    columns = terminal_width() if width is None else width
    return "\n\n".join("\n".join(_lines(block, columns)) for block in page) + "\n"


@singledispatch
def _lines(block: Block, width: int) -> list[str]:
    raise TypeError(f"not a block: {block!r} (width {width})")


@_lines.register
def _(block: Heading, width: int) -> list[str]:
    lines = wrap(block.text, width)
    sign = _UNDERLINE.get(block.level)
    return [*lines, sign * max(map(display_width, lines))] if sign and lines else lines


@_lines.register
def _(block: Paragraph, width: int) -> list[str]:
    return wrap(block.text, width)


@_lines.register
def _(block: Table, width: int) -> list[str]:
    return [*wrap(block.caption, width), "", *table_lines(block, width)]


@_lines.register
def _(block: Items, width: int) -> list[str]:
    lines: list[str] = []
    spread = any(item.text or item.facts for item in block.items)
    for item in block.items:
        lines += [*([""] if spread and lines else []), *_item_lines(item, width)]
    return lines


def _item_lines(item: Item, width: int) -> list[str]:
    lines = wrap(item.title, width, indent="  ", first="- ")
    lines += wrap(item.text, width, indent="  ")
    for label, text in item.facts:
        lines += wrap(f"{label}: {text}", width, indent="    ", first="  ")
    return lines
