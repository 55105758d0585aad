"""Several chunks of one table as one: what is best read in small pieces is best worked on in large ones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, chain
from typing import Any

import pyarrow as pa

from ingest.files.contract import Chunk, Column


def joined(chunks: Sequence[Chunk]) -> Chunk:
    """Return the rows of chunks of one table, in order. A column that some of them lack is null there."""
    names = dict.fromkeys(name for chunk in chunks for name in chunk.columns)
    return Chunk(
        chunks[0].table,
        {name: _column(chunks, name) for name in names},
        _lines([chunk.lines for chunk in chunks]),
        _raw(chunks),
        [note for chunk in chunks for note in chunk.notes],
    )


def _column(chunks: Sequence[Chunk], name: str) -> Column:
    """Join a column: Arrow arrays as long as all are, else a list of values."""
    parts = [chunk.columns.get(name) for chunk in chunks]
    given: list[Any] = [part for part in parts if part is not None]
    if all(isinstance(part, pa.Array) for part in given):
        kind = given[0].type
        return pa.concat_arrays(
            [pa.nulls(len(chunk), kind) if part is None else part for chunk, part in zip(chunks, parts, strict=True)]
        )
    return list(chain.from_iterable(map(_values, chunks, parts)))


def _values(chunk: Chunk, part: Column | None) -> Sequence[Any]:
    if part is None:
        return [None] * len(chunk)
    values: Sequence[Any] = part.to_pylist() if isinstance(part, pa.Array) else part
    return values


def _lines(parts: Sequence[Sequence[int]]) -> Sequence[int]:
    """Join line numbers, which ascend; a range if none is missing between the first and the last."""
    first, last = parts[0][0], parts[-1][-1]
    if last - first + 1 == sum(map(len, parts)):
        return range(first, last + 1)
    return list(chain.from_iterable(parts))


def _raw(chunks: Sequence[Chunk]) -> Callable[[int], bytes]:
    parts = [chunk.raw for chunk in chunks]
    begins = [0, *accumulate(map(len, chunks))]

    def raw(index: int) -> bytes:
        place = bisect_right(begins, index) - 1
        return parts[place](index - begins[place])

    return raw
