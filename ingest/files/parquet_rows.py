"""Rows of a Parquet file as plain dictionaries, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ingest.files.contract import Rejection
from ingest.files.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS: Final = 10_000

ParquetRow = tuple[int, dict[str, Any], bytes]
"""Row number, counted from 1; values by column; the row written as JSON."""


def parquet_rows(source: Source) -> Iterator[ParquetRow | Rejection]:
    """Yield the rows of a Parquet file. Times become ISO 8601 text, decimals text, bytes Base64 text.

    A damaged file gives one rejection behind the last row that could be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(source.path) as file:
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                for row in _whole_microseconds(batch).to_pylist():
                    number += 1
                    plain = msgspec.to_builtins(row, str_keys=True)
                    yield number, plain, msgspec.json.encode(plain)
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        reason = f"the Parquet file cannot be read: {str(error).splitlines()[0]}"
        remedy = "Write the file again; compressed Parquet is Parquet with a codec, not a .gz file."
        yield Rejection(number + 1, "damaged-parquet", reason, remedy)


def _whole_microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Python's datetime holds no nanoseconds: cut them off."""
    import pyarrow as pa

    for place, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            column = batch.column(place).cast(pa.timestamp("us", field.type.tz), safe=False)
            batch = batch.set_column(place, field.name, column)
    return batch
