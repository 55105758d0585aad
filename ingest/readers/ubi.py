"""What both kinds of User Behavior Insights record have in common: rows from JSON Lines or Parquet, in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Final, TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.files.chunks import joined
from ingest.files.contract import Chunk, Column, Rejection
from ingest.files.learning_decoder import Decoded, LearningDecoder
from ingest.files.source import Lines, LongLine, Source, StreamBroken
from ingest.files.text_lines import BYTE_ORDER_MARK, broken_stream, too_long

Id: TypeAlias = str | None
Number: TypeAlias = float | None
Whole: TypeAlias = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)] | None
Time: TypeAlias = str | int | float | None
Columns: TypeAlias = dict[str, list[Any]]

DECODED_BYTES: Final = 1 << 19
"""What is decoded at once: the objects of so many bytes stay in the processor's cache until they are columns."""
ROWS_PER_BLOCK: Final = 1_024
"""The same for Parquet."""
ROWS_PER_CHUNK: Final = 32_768
_JSON_COLUMNS: Final = ("event_attributes", "query_attributes")
_KIND_OF_COLUMN: Final = {
    "position": pa.int64(),
    "first_position": pa.int64(),
    "dwell_seconds": pa.float64(),
    "value": pa.float64(),
    "worked": pa.bool_(),
    "hits": pa.list_(pa.string()),
}
"""Types of the columns that hold no text."""


def chunks(
    source: Source, table: str, decoder: LearningDecoder, columns_of: Callable[[Decoded], Columns]
) -> Iterator[Chunk | Rejection]:
    """Yield the rows of a file; `columns_of` names and takes the fields of decoded rows."""
    waiting: list[Chunk] = []
    for decoded in _decoded(source, decoder):
        yield from decoded.rejections
        if decoded.rows:
            columns = {name: _arrow(name, values) for name, values in columns_of(decoded).items()}
            if decoded.extras is not None:
                columns["extra"] = decoded.extras
            waiting.append(Chunk(table, columns, decoded.lines, decoded.raw))
        if sum(map(len, waiting)) >= ROWS_PER_CHUNK:
            yield joined(waiting)
            waiting = []
    if waiting:
        yield joined(waiting)


def _decoded(source: Source, decoder: LearningDecoder) -> Iterator[Decoded]:
    """Yield the rows of a file block by block; rows and damages that cannot be read come as rejections."""
    blocks = parquet_lines(source) if source.head().is_parquet else source.lines(DECODED_BYTES)
    try:
        for block in blocks:
            if isinstance(block, LongLine):
                yield _refused(too_long(block.number, block.beginning, block.length))
            else:
                yield decoder.decode(_without_mark(block))
    except StreamBroken as broken:
        yield _refused(broken_stream(broken))


def _refused(rejection: Rejection) -> Decoded:
    return Decoded([], (), lambda _: b"", [rejection])


def _arrow(name: str, values: list[Any]) -> Column:
    try:
        return pa.array(values, _KIND_OF_COLUMN.get(name, pa.string()))
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # times may be numbers
        return values


def parquet_lines(source: Source) -> Iterator[Lines]:
    """Yield a Parquet file's rows as JSON Lines, so that there is one way to read a record."""
    first = 1
    try:
        with pq.ParquetFile(source.path) as file:
            for batch in file.iter_batches(ROWS_PER_BLOCK):
                rows = [_with_parsed_json(row) for row in batch.to_pylist()]
                yield Lines(first, msgspec.json.Encoder().encode_lines(rows))
                first += len(rows)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise StreamBroken(
            "damaged-parquet", f"the Parquet data is damaged ({error})", "Write or fetch the file again."
        ) from error


def _with_parsed_json(row: dict[str, Any]) -> dict[str, Any]:
    """Some exporters write nested attributes as JSON text."""
    for name in _JSON_COLUMNS:
        value = row.get(name)
        if isinstance(value, str) and value.lstrip().startswith("{"):
            row[name] = msgspec.Raw(value.encode())
    return row


def _without_mark(block: Lines) -> Lines:
    if block.first == 1 and block.data.startswith(BYTE_ORDER_MARK):
        return Lines(1, block.data.removeprefix(BYTE_ORDER_MARK))
    return block


def first_known(values: list[Any], others: list[Any]) -> list[Any]:
    """Return the values, each that is None replaced by the other one."""
    return [other if value is None else value for value, other in zip(values, others, strict=True)]
