"""Tables of plain text: columns set apart by spaces only, so that they can be copied; cells wrap to the width."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from api.render.blocks import Column, Table
from api.render.wrapping import display_width, pad, wrap

GAP: Final = "  "
NARROWEST: Final = 8
"""A column of text is never made narrower than this, even if the table then outgrows the terminal."""


def table_lines(table: Table, width: int) -> list[str]:
    """Return the lines of a table: column titles, a rule, the rows; a second rule before a row of sums."""
    widths = column_widths(table, width)
    rule = GAP.join("-" * size for size in widths)
    titles = [column.title for column in table.columns]
    lines = [*_row_lines(titles, table.columns, widths, wrap_all=True), rule] if any(titles) else []
    for place, row in enumerate(table.rows):
        if table.total and place == len(table.rows) - 1:
            lines.append(rule)
        lines += _row_lines(row, table.columns, widths)
    return lines


def column_widths(table: Table, width: int) -> list[int]:
    """Return the columns' widths: as wide as their content, the widest text columns cut until the table fits."""
    widths = [_natural_width(table, place) for place in range(len(table.columns))]
    available = width - len(GAP) * (len(widths) - 1)
    while sum(widths) > available:
        wide = [0 if column.numeric else size for size, column in zip(widths, table.columns, strict=True)]
        widest = max(wide)
        if widest <= NARROWEST:
            break
        next_width = max([NARROWEST, *(size for size in wide if size < widest)])
        excess = -(-(sum(widths) - available) // wide.count(widest))  # for each of the widest columns, rounded up
        step = min(excess, widest - next_width)
        widths = [size - step if text == widest else size for size, text in zip(widths, wide, strict=True)]
    return widths


def _natural_width(table: Table, place: int) -> int:
    column = table.columns[place]
    titles = column.title.split() if column.numeric else [column.title]
    return max(map(display_width, [*titles, *(row[place] for row in table.rows)]), default=0)


def _row_lines(
    cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int], *, wrap_all: bool = False
) -> list[str]:
    wrapped = [
        wrap(cell, size) or [""] if wrap_all or not column.numeric else [cell]
        for cell, column, size in zip(cells, columns, widths, strict=True)
    ]
    lines = []
    for parts in zip_longest(*wrapped, fillvalue=""):
        padded = [pad(part, size, column.numeric) for part, column, size in zip(parts, columns, widths, strict=True)]
        lines.append(GAP.join(padded).rstrip())
    return lines
