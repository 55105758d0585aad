"""What both kinds of User Behavior Insights record have in common: blocks of rows from JSON Lines or Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.learning_decoder import Decoded, LearningDecoder
from ingest.source import Lines, LongLine, Source, StreamBroken
from ingest.text_lines import BYTE_ORDER_MARK, broken_stream, too_long

Id = str | None
Number = int | float | None
Time = str | int | float | None
ROWS_PER_BLOCK: Final = 16_384
_JSON_COLUMNS: Final = ("event_attributes", "query_attributes")


def decoded_blocks(source: Source, decoder: LearningDecoder) -> Iterator[Decoded]:
    """Yield the rows of a file block by block; rows and damages that cannot be read come as rejections."""
    blocks = parquet_lines(source) if source.head().is_parquet else source.lines()
    try:
        for block in blocks:
            if isinstance(block, LongLine):
                yield Decoded([], [], [], [too_long(block.number, block.beginning, block.length)])
                continue
            yield decoder.decode(_without_mark(block))
    except StreamBroken as broken:
        yield Decoded([], [], [], [broken_stream(broken)])


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


def row_bytes(decoded: Decoded, index: int) -> bytes:
    """Return the bytes of a row: as they were read, or the row written anew where the block was read as a whole."""
    if decoded.raws is not None:
        return decoded.raws[index]
    return msgspec.json.encode(decoded.rows[index])
