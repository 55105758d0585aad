"""Figures of an evaluation as a page."""

from __future__ import annotations

from api.render.blocks import Block, Column, Heading, Table, printable
from api.render.numbers import NO_VALUE, rounded
from api.render.phrases import Answer


def metrics_page(answer: Answer) -> list[Block]:
    """Return the page of an evaluation: one row for each figure, and how it differs from another configuration."""
    shown = printable(answer)
    rows = tuple((name, _figure(value)) for name, value in shown.items() if not isinstance(value, dict | list))
    columns = (Column("Figure"), Column("Value", numeric=True))
    page: list[Block] = [Heading("Evaluation", level=1)]
    page.append(Table("Between 0 and 1 unless it is a count.", columns, rows))
    return [*page, _against(shown["against"])] if "against" in shown else page


def _against(against: Answer) -> Table:
    titles = ("There", "Difference", "Low", "High", "p")
    columns = (Column("Figure"), *(Column(title, numeric=True) for title in titles))
    rows = tuple((name, *map(_figure, figures.values())) for name, figures in against["measures"].items())
    caption = f"Against snapshot {against['snapshot_id']}: positive is better here; 95 % interval, paired bootstrap."
    return Table(caption, columns, rows)


def _figure(value: object) -> str:
    if value is None:
        return NO_VALUE
    return rounded(value, 4) if isinstance(value, float) else str(value)
