"""Files of a text index: Tantivy folders with our analysis, and columns that are mapped instead of read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import tantivy

from queries.text.tokens import index_analyzer

ANALYZER: Final = "matchgraph"
"""Name under which the analysis of `text.tokens` is known to Tantivy. Not stored: registered at every opening."""

_WRITER_BYTES: Final = 512 << 20


def new_index(folder: Path, schema: tantivy.Schema, documents: Iterable[tantivy.Document]) -> None:
    """Write an index. One thread: documents stay in the order given, and so do equal scores."""
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(schema, path=str(folder), reuse=False)
    index.register_tokenizer(ANALYZER, index_analyzer())
    writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
    for document in documents:
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    for file in folder.iterdir():  # Tantivy keeps some of its files from other users; a server may be one
        file.chmod(0o644 if file.is_file() else 0o755)


def open_index(folder: Path) -> tantivy.Index:
    """Open an index; raises ValueError if there is none."""
    index = tantivy.Index.open(str(folder))
    index.register_tokenizer(ANALYZER, index_analyzer())
    return index


class Ranked(NamedTuple):
    """Numbers of documents and their scores, (n,) each."""

    numbers: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float64]


def ranked_numbers(searcher: tantivy.Searcher, query: tantivy.Query, number_field: str, limit: int) -> Ranked:
    """Return the best documents, best first; equal scores in order of number.

    Scores are rounded to 6 decimals: Tantivy computes them in 32 bits.
    """
    found = searcher.search(query, limit=max(limit, 1), count=False).hits
    numbers = np.array(searcher.fast_field_values(number_field, [address for _, address in found]), dtype=np.int64)
    scores = np.array([score for score, _ in found], dtype=np.float64).round(6)
    order = np.lexsort((numbers, -scores))
    return Ranked(numbers[order], scores[order])


def inverse_frequency(count: int, documents: int) -> float:
    """Return BM25's weight of a term that `count` of the documents hold; about what it adds to a score."""
    return log(1 + (documents - count + 0.5) / (count + 0.5))


def any_of(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    """Return the query that at least one of several has to match; scores are added up."""
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


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
