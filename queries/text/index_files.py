"""Files of a text index: columns and arrays that are mapped instead of read."""

from __future__ import annotations

from math import log
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


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
