"""Pages of a table by its keys: the next page begins after the last key of this one, whatever came or went since."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import reduce
from typing import Any, Literal, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from starlette.requests import Request

from api.http.problems import Problem

Direction = Literal["ascending", "descending"]
Order = Sequence[tuple[str, Direction]]


class RowPage(NamedTuple):
    """Some rows, and the cursor of the next page, or None at the end."""

    rows: pa.Table
    cursor: str | None


def page_of_rows(table: pa.Table, order: Order, *, limit: int, cursor: str | None) -> RowPage:
    """Return the rows that follow a cursor. The columns of `order` hold no nulls and together name a row.

    Raises `Problem` (bad-cursor).
    """
    if cursor is not None:
        table = table.filter(_after(table, order, _decoded(cursor, table, order)))
    if table.num_rows > limit:
        rows = table.take(pc.select_k_unstable(table, limit, list(order)))
        return RowPage(rows, _encoded({name: rows.column(name)[limit - 1].as_py() for name, _ in order}))
    return RowPage(table.sort_by(list(order)), None)


def _after(table: pa.Table, order: Order, last: Sequence[Any]) -> pa.ChunkedArray:
    """Return for each row whether it comes after the key, column by column from the last to the first."""

    def compared(later: pa.ChunkedArray | None, item: tuple[tuple[str, Direction], Any]) -> pa.ChunkedArray:
        (name, direction), value = item
        column = table.column(name)
        scalar = pa.scalar(value, column.type)
        beyond = pc.greater(column, scalar) if direction == "ascending" else pc.less(column, scalar)
        return beyond if later is None else pc.or_(beyond, pc.and_(pc.equal(column, scalar), later))

    return reduce(compared, reversed(list(zip(order, last, strict=True))), None)


def _encoded(key: Mapping[str, Any]) -> str:
    """Return a key as a cursor: with the names of its columns, by which cursors of other lists are known."""
    return urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def _decoded(cursor: str, table: pa.Table, order: Order) -> list[Any]:
    with suppress(ValueError, TypeError, msgspec.DecodeError, pa.ArrowException, OverflowError):
        key = msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=dict[str, Any])
        if key.keys() == dict(order).keys():
            for name, value in key.items():
                pa.scalar(value, table.schema.field(name).type)
            return [key[name] for name, _ in order]
    raise Problem("bad-cursor", "Take the cursor from the Link header or from `next_cursor`.")


def link_header(request: Request, cursor: str | None) -> dict[str, str]:
    """Return the header that leads to the next page; relative, so that it holds behind any proxy."""
    if cursor is None:
        return {}
    return {"Link": f'<{request.url.include_query_params(cursor=cursor).path}?{_query(request, cursor)}>; rel="next"'}


def _query(request: Request, cursor: str) -> str:
    return request.url.include_query_params(cursor=cursor).query
