"""The answer to an analyst's query: typed columns and rows, in whichever form the analyst works with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from graph.errors import WrongUse

if TYPE_CHECKING:
    import polars

_ROWS_IN_NOTEBOOK: Final = 50


@dataclass(frozen=True)
class QueryResult:
    """Rows of an answer. A notebook shows it as a table of the first rows."""

    arrow: pa.Table
    truncated: bool = False
    """Whether there are more rows than the limit let through."""
    snapshot_id: str | None = None
    """Of a Neo4j server: the snapshot that it holds; None while one is being loaded, and for queries of a snapshot."""

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return list(self.arrow.schema.names)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries; times as `datetime`."""
        found: list[dict[str, Any]] = self.arrow.to_pylist()
        return found

    def polars(self) -> polars.DataFrame:
        """Return a Polars frame without copying. Raises `WrongUse` if Polars is not installed."""
        try:
            import polars
        except ImportError as error:
            raise WrongUse("Polars is not installed. Run: pip install polars") from error
        frame = polars.from_arrow(self.arrow)
        return frame if isinstance(frame, polars.DataFrame) else frame.to_frame()

    def pandas(self) -> Any:
        """Return a pandas frame. Raises `WrongUse` if pandas is not installed."""
        try:
            return self.arrow.to_pandas()
        except ImportError as error:
            raise WrongUse("pandas is not installed. Run: pip install pandas") from error

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        shown = self.arrow.slice(0, _ROWS_IN_NOTEBOOK).to_pylist()
        body = "".join(f"<tr>{''.join(map(_cell, row.values()))}</tr>" for row in shown)
        more = self.arrow.num_rows - len(shown)
        note = f"<p>{more:,} more rows{' and others beyond the limit' if self.truncated else ''}</p>" if more else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def _cell(value: Any) -> str:
    return f"<td>{'' if value is None else escape(str(value))}</td>"


def result_of_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, limit: int) -> QueryResult:
    """Return a result of plain values, of which those beyond `limit` are cut off.

    A column that holds values of several types, or integers of more than 64 bits, becomes text.
    """
    kept = rows[:limit]
    arrays = [_column([row[place] for row in kept]) for place in range(len(columns))]
    schema = pa.schema([pa.field(name, array.type) for name, array in zip(columns, arrays, strict=True)])
    return QueryResult(pa.Table.from_arrays(arrays, schema=schema), truncated=len(rows) > limit)


def _column(values: list[Any]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([None if value is None else str(value) for value in values], pa.string())
