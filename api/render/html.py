"""Pages as one self-contained HTML file: no script, nothing fetched, readable by screen readers, light and dark.

Everything that comes from data is escaped; links are made only of http and https addresses.
"""

from __future__ import annotations

import re
from functools import singledispatch
from html import escape
from typing import Final

from api.render.blocks import Block, Column, Heading, Item, Items, Page, Paragraph, Table

_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>]+")
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fdfdfd; --line: #c9c9d1; --soft: #f0f0f4; --link: #0b57a4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8ec; --paper: #17171b; --line: #44444d; --soft: #222228; --link: #8ec5ff; }
}
body { margin: 0 auto; padding: 1.5rem; max-width: 64rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; }
.scroll { overflow-x: auto; margin: 1.5rem 0; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding: 0.4rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line); }
thead th { background: var(--soft); }
tr.total > * { border-top: 2px solid var(--ink); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
li { margin: 0.6rem 0; }
li p { margin: 0.2rem 0; }
dl { margin: 0.2rem 0; }
dt { display: inline; font-weight: 600; }
dt::after { content: ": "; }
dd { display: inline; margin: 0; }
a { color: var(--link); }
th { overflow-wrap: normal; }
"""


def html_page(page: Page) -> str:
    """Return the page as a complete HTML document that ends in a line end; its title is the first heading."""
    title = next((block.text for block in page if isinstance(block, Heading)), "matchgraph")
    body = html_blocks(page)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def html_blocks(page: Page) -> str:
    """Return the page as a fragment, to stand in a document of its own."""
    return "\n".join(_html(block) for block in page)


def linked(text: str) -> str:
    """Return escaped text; a text that is a whole http or https address becomes a link.

    >>> linked("javascript:alert(1)"), linked("https://example.org/?a=1&b=2")
    ('javascript:alert(1)', '<a href="https://example.org/?a=1&amp;b=2" rel="nofollow noopener">https://example.org/?a=1&amp;b=2</a>')
    """
    safe = escape(text)
    return f'<a href="{safe}" rel="nofollow noopener">{safe}</a>' if _ADDRESS.fullmatch(text) else safe


@singledispatch
def _html(block: Block) -> str:
    raise TypeError(f"not a block: {block!r}")


@_html.register
def _(block: Heading) -> str:
    return f"<h{block.level}>{escape(block.text)}</h{block.level}>"


@_html.register
def _(block: Paragraph) -> str:
    return f"<p>{linked(block.text)}</p>"


@_html.register
def _(block: Table) -> str:
    # A table that is wider than the window is scrolled by itself; tabindex lets the keyboard reach it.
    caption = escape(block.caption)
    head = "".join(_column_title(column) for column in block.columns)
    last = len(block.rows) - 1
    rows = "\n".join(
        _table_row(row, block.columns, block.total and place == last) for place, row in enumerate(block.rows)
    )
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{caption}">\n<table>\n'
        f"<caption>{caption}</caption>\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
    )


@_html.register
def _(block: Items) -> str:
    return "<ul>\n" + "\n".join(_html_item(item) for item in block.items) + "\n</ul>"


def _column_title(column: Column) -> str:
    if not column.title:
        return "<td></td>"  # an empty header cell says nothing to a screen reader
    return f'<th scope="col"{_number_class(column)}>{escape(column.title)}</th>'


def _table_row(row: tuple[str, ...], columns: tuple[Column, ...], total: bool) -> str:
    first = f'<th scope="row">{linked(row[0])}</th>'
    cells = [
        f"<td{_number_class(column)}>{linked(cell)}</td>" for cell, column in zip(row[1:], columns[1:], strict=True)
    ]
    opening = '<tr class="total">' if total else "<tr>"
    return f"{opening}{first}{''.join(cells)}</tr>"


def _number_class(column: Column) -> str:
    return ' class="number"' if column.numeric else ""


def _html_item(item: Item) -> str:
    if not item.text and not item.facts:
        return f"<li>{linked(item.title)}</li>"
    text = f"<p>{linked(item.text)}</p>" if item.text else ""
    facts = "".join(f"<div><dt>{escape(label)}</dt><dd>{linked(value)}</dd></div>" for label, value in item.facts)
    return f"<li><strong>{escape(item.title)}</strong>{text}{f'<dl>{facts}</dl>' if facts else ''}</li>"
