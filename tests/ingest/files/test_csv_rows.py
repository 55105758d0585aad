"""CSV as Python writes it; a bad record costs its own row."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files import csv_rows as csv_module
from ingest.files.contract import Note, Rejection
from ingest.files.rows import Row
from tests.ingest.files.found_rows import brief, rows_of

cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n",;'), max_size=8)


@given(table=st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=6))
def test_csv_is_read_as_python_writes_it(tmp_path_factory, table):
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["first", "second"])
    writer.writerows(table)
    found = rows_of(tmp_path_factory.mktemp("csv"), buffer.getvalue())
    values = [list(item.values.values()) for item in found if isinstance(item, Row)]
    assert values == [[cell or None for cell in row] for row in table]
    assert len(values) == len(found)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"only", "wrong-field-count"),
        (b"one,two,three", "wrong-field-count"),
        (b'"open,two', "unclosed-quote"),
        (b'"closed"x,two', "invalid-csv"),
        (b"\xff,two", "invalid-utf8"),
        (b"a\0b,two", "nul-character"),
    ],
)
def test_a_bad_csv_record_costs_one_row(tmp_path, line, code):
    found = brief(rows_of(tmp_path, b'a,b\n1,"x\ny"\n' + line + b"\n\n2,z\n3,\n"))
    good = [(2, {"a": "1", "b": "x\ny"}), (6, {"a": "2", "b": "z"}), (7, {"a": "3", "b": None})]
    assert [item for item in found if item[1] != code] == good
    assert [item for item in found if item[1] == code] == [(4, code)]


def test_an_open_quote_does_not_swallow_a_long_file(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_module, "MAX_RECORD_BYTES", 1_000)
    body = b"".join(b"%d,x\n" % number for number in range(2_000))
    found = brief(rows_of(tmp_path, b'a,b\n"open,\n' + body))
    assert found[0] == (2, "unclosed-quote")
    assert len(found) == 2_001


def test_what_is_kept_of_a_bad_csv_row_can_be_read_alone(tmp_path):
    found = rows_of(tmp_path, b'a,b\n1\n"2,x\n')
    assert [item.raw for item in found if isinstance(item, Rejection)] == [b"a,b\n1", b'a,b\n"2,x']


def test_a_column_name_that_stands_twice_is_kept_apart(tmp_path):
    note, row = rows_of(tmp_path, b"id,x,x\n1,2,3\n")
    assert isinstance(note, Note)
    assert isinstance(row, Row)
    assert row.values == {"id": "1", "x": "2", "x#2": "3"}
