"""Saved queries as pages: the list, and one with its parameters and columns."""

from __future__ import annotations

from collections.abc import Sequence

from api.render.blocks import Block, Column, Paragraph, Table
from graph.phrasing import counted
from graph.saved_queries.catalogue import Parameter, SavedQuery


def queries_page(queries: Sequence[SavedQuery]) -> list[Block]:
    """Return names and titles."""
    rows = tuple((query.name, query.title) for query in queries)
    return [Table(f"{counted(len(rows), 'query', 'queries')}.", (Column("name"), Column("asks for")), rows)]


def query_page(query: SavedQuery) -> list[Block]:
    """Return what a query asks, its parameters and its columns."""
    parameters = tuple((name, own.type, _default(own), own.meaning) for name, own in query.parameters.items())
    columns = tuple((name, own.type, own.meaning) for name, own in query.columns.items())
    page: list[Block] = [Paragraph(f"{query.title}. {query.description}")]
    if parameters:
        page.append(
            Table("Parameters.", (Column("name"), Column("type"), Column("default"), Column("meaning")), parameters)
        )
    return [*page, Table("Columns.", (Column("name"), Column("type"), Column("meaning")), columns)]


def _default(parameter: Parameter) -> str:
    if parameter.days_before_now is not None:
        return f"{parameter.days_before_now} days before the snapshot"
    return str(parameter.default)
