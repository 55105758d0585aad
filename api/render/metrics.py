"""Figures of an evaluation as a page."""

from __future__ import annotations

from api.render.blocks import Block, Column, Heading, Table, printable
from api.render.numbers import NO_VALUE, rounded
from api.render.phrases import Answer


def metrics_page(answer: Answer) -> list[Block]:
    """Return the page of an evaluation: one row for each figure."""
    rows = tuple(
        (name, _figure(value)) for name, value in printable(answer).items() if not isinstance(value, dict | list)
    )
    columns = (Column("Figure"), Column("Value", numeric=True))
    return [Heading("Evaluation", level=1), Table("Between 0 and 1 unless it is a count.", columns, rows)]


def _figure(value: object) -> str:
    if value is None:
        return NO_VALUE
    return rounded(value, 4) if isinstance(value, float) else str(value)
