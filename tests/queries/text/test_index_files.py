"""Columns and arrays that are mapped say what was written."""

from math import log
from pathlib import Path

import numpy as np
import pyarrow as pa

from queries.text.index_files import Texts, inverse_frequency, map_array, map_columns, write_columns

TEXTS = pa.table({"name": ["a", None, "", "žluťoučký", "b"]})


def test_columns_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "columns.arrow"
    write_columns(path, pa.concat_tables([TEXTS, TEXTS]))
    found = map_columns(path)
    assert found["name"].to_pylist() == 2 * TEXTS["name"].to_pylist()
    write_columns(path, TEXTS.slice(0, 0))
    assert map_columns(path).num_rows == 0


def test_texts_are_found_by_row_and_nothing_is_none() -> None:
    assert Texts(TEXTS["name"]).at(np.array([4, 3, 2, 1, 0, 3])) == ["b", "žluťoučký", None, None, "a", "žluťoučký"]
    sliced = Texts(pa.chunked_array([TEXTS["name"].chunk(0).slice(3), TEXTS["name"].chunk(0)]))
    assert sliced.at(np.array([0, 1, 2])) == ["žluťoučký", "b", "a"]
    assert Texts(TEXTS["name"].slice(0, 0)).at(np.array([], np.int64)) == []
    assert Texts(TEXTS["name"]).missing(np.array([4, 3, 2, 1])).tolist() == [False, False, True, True]


def test_many_texts_are_what_each_is() -> None:
    rows = np.random.default_rng(5).integers(0, 5, 100)
    plain = pa.chunked_array([["a", None, "", "bcd", "e"]])
    for column in (TEXTS["name"], plain, plain.combine_chunks()):
        texts = Texts(pa.chunked_array([column]) if isinstance(column, pa.Array) else column)
        assert texts.at(rows) == [texts.at(rows[i : i + 1])[0] for i in range(100)]


def test_arrays_are_mapped_and_cannot_be_written(tmp_path: Path) -> None:
    np.save(tmp_path / "array.npy", np.arange(3))
    found = map_array(tmp_path / "array.npy")
    assert found.tolist() == [0, 1, 2]
    assert not found.flags.writeable


def test_the_rarer_a_term_the_more_it_adds() -> None:
    assert inverse_frequency(1, 1) == log(1 + 0.5 / 1.5)
    assert inverse_frequency(1, 100) > inverse_frequency(50, 100) > inverse_frequency(100, 100) > 0
