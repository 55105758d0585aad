"""The answer to an analyst's query as a page, as JSON-like data and as CSV."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from io import StringIO
from typing import Any

import pyarrow as pa

from api.render.blocks import Block, Column, Paragraph, Table, printable
from api.render.numbers import NO_VALUE
from graph.phrasing import counted
from graph.projections.query_result import QueryResult


def json_answer(result: QueryResult) -> dict[str, Any]:
    """Return columns, rows as objects, and whether there are more."""
    return {"columns": result.columns, "rows": result.rows(), "truncated": result.truncated}


def result_page(result: QueryResult) -> list[Block]:
    """Return the rows as a table."""
    if not result.arrow.num_rows:
        return [Paragraph("No rows.")]
    columns = tuple(Column(printable(field.name), numeric=_is_number(field.type)) for field in result.arrow.schema)
    rows = tuple(tuple(printable(_text(value)) for value in row.values()) for row in result.rows())
    return [Table(f"{counted(len(rows), 'row')}.", columns, rows)]


def csv_text(result: QueryResult) -> str:
    """Return the rows as CSV (RFC 4180) with a line of column names; lists as JSON, unknown values as nothing."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(result.columns)
    writer.writerows(["" if value is None else _text(value) for value in row.values()] for row in result.rows())
    return out.getvalue()


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _text(value: Any) -> str:
    if value is None:
        return NO_VALUE
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)
