"""Pages as GitHub-flavoured Markdown. Text from data can neither become markup nor break a table."""

from __future__ import annotations

import re
from functools import singledispatch
from typing import Final

from api.render.blocks import Block, Heading, Item, Items, Page, Paragraph, Table

_MARKUP: Final = re.compile(r"([\\`*_{}\[\]#|~!$])")
_BLOCK_START: Final = re.compile(r"^([-+=:]|\d{1,9}(?=[.)](?:\s|$)))")
"""What begins a list, or makes a heading of the line above, at the start of a line."""


def markdown_page(page: Page) -> str:
    """Return the page as Markdown that ends in a line end."""
    return "\n\n".join(_markdown(block) for block in page) + "\n"


def escaped(text: str) -> str:
    """Escape everything that Markdown or HTML would take for markup; white space becomes single spaces.

    >>> escaped("a|b <b>`x`</b> [y](z)")
    'a\\\\|b &lt;b&gt;\\\\`x\\\\`&lt;/b&gt; \\\\[y\\\\](z)'
    """
    joined = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _BLOCK_START.sub(_escape_start, _MARKUP.sub(r"\\\1", joined))


def _escape_start(match: re.Match[str]) -> str:
    sign = match.group(1)
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"  # of "1." it is the point that can be escaped


@singledispatch
def _markdown(block: Block) -> str:
    raise TypeError(f"not a block: {block!r}")


@_markdown.register
def _(block: Heading) -> str:
    return f"{'#' * block.level} {escaped(block.text)}"


@_markdown.register
def _(block: Paragraph) -> str:
    return escaped(block.text)


@_markdown.register
def _(block: Table) -> str:
    head = _table_row([column.title for column in block.columns])
    rule = "|" + "|".join(" ---: " if column.numeric else " --- " for column in block.columns) + "|"
    rows = [_table_row(row) for row in block.rows]
    if block.total:
        rows[-1] = "|" + "|".join(f" **{escaped(cell)}** " if cell else "  " for cell in block.rows[-1]) + "|"
    return "\n".join([f"**{escaped(block.caption)}**", "", head, rule, *rows])


@_markdown.register
def _(block: Items) -> str:
    return "\n".join(_markdown_item(item) for item in block.items)


def _table_row(cells: list[str] | tuple[str, ...]) -> str:
    return "|" + "|".join(f" {escaped(cell)} " for cell in cells) + "|"


def _markdown_item(item: Item) -> str:
    title = escaped(item.title)
    lines = [f"- **{title}**" if item.text or item.facts else f"- {title}"]
    if item.text:
        lines.append(f"  {escaped(item.text)}")
    lines += [f"  - {escaped(label)}: {escaped(text)}" for label, text in item.facts]
    return "\n".join(lines)
