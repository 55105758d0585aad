"""Files of a text index: columns and arrays that are mapped instead of read."""

from __future__ import annotations

from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from queries.text.runs import places_of_runs

_FEW: Final = 32
"""Fewer texts than this are read one by one; of more the bytes are gathered first, as all of them are far away."""


def inverse_frequency(count: int, documents: int) -> float:
    """Return BM25's weight of a term that `count` of the documents hold; about what it adds to a score."""
    return log(1 + (documents - count + 0.5) / (count + 0.5))


def write_columns(path: Path, table: pa.Table) -> None:
    """Write a table so that `map_columns` gives single values without reading the rest."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=max(table.num_rows, 1))


def map_columns(path: Path) -> pa.Table:
    """Open what `write_columns` wrote; costs nothing, however long the table is. Raises OSError."""
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def map_array(path: Path) -> npt.NDArray[Any]:
    """Open an array written by `numpy.save` without reading it. Raises OSError or ValueError."""
    mapped: npt.NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)  # memmap slices are slow
    return mapped


class Texts:
    """A mapped column of texts, read by row numbers; many times as fast as taking rows of an Arrow column."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        chunk = column.combine_chunks()
        buffers = chunk.buffers() if len(chunk) else [None, pa.py_buffer(bytes(4)), None]
        self._ends = np.frombuffer(buffers[1], np.int32)
        self._bytes = memoryview(buffers[2] or b"")
        self._all = np.frombuffer(self._bytes, np.uint8)

    def at(self, rows: npt.NDArray[np.int64]) -> list[str | None]:
        """Return the texts of some rows; None for one that is null or empty."""
        starts, ends = self._ends[rows], self._ends[rows + 1]
        if len(rows) < _FEW:
            pairs = zip(starts.tolist(), ends.tolist(), strict=True)
            return [str(self._bytes[i:j], "utf-8") or None for i, j in pairs]
        sizes = (ends - starts).astype(np.int64)
        every = self._all[places_of_runs(starts.astype(np.int64), sizes)].tobytes()
        parts = pairwise([0, *np.cumsum(sizes).tolist()])
        if every.isascii():  # then bytes are characters
            plain = every.decode("ascii")
            return [plain[i:j] or None for i, j in parts]
        return [str(every[i:j], "utf-8") or None for i, j in parts]

    def missing(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Say of some rows (n,) whether their texts are null or empty."""
        found: npt.NDArray[np.bool_] = self._ends[rows] == self._ends[rows + 1]
        return found
