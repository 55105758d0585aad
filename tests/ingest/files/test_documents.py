"""Files that are one document: as text, as JSON objects, or why not."""

from pathlib import Path

import pytest

from ingest.files.contract import Note, Rejection
from ingest.files.documents import EMPTY_FILE, document_text, json_values, note_if_empty
from ingest.files.source import Source


def source(tmp_path: Path, data: bytes) -> Source:
    (tmp_path / "document").write_bytes(data)
    return Source(tmp_path / "document", "document")


def test_a_document_is_text_without_mark_and_with_plain_line_ends(tmp_path: Path) -> None:
    assert document_text(source(tmp_path, b"\xef\xbb\xbfa\r\nb\n")) == "a\nb\n"
    assert document_text(source(tmp_path, b" \n")) == EMPTY_FILE


@pytest.mark.parametrize(
    ("data", "line", "code"), [(b"a\nb\xff", 2, "invalid-utf8"), (b"a\n\nb\0", 3, "nul-character")]
)
def test_what_is_no_text_is_refused_with_its_line(tmp_path: Path, data: bytes, line: int, code: str) -> None:
    found = document_text(source(tmp_path, data))
    assert isinstance(found, Rejection)
    assert (found.line, found.code) == (line, code)


@pytest.mark.parametrize("data", [b'[{"a": 1},\n {"a": 2}]', b'{"a": 1}\n{"a": 2}\n'])
def test_objects_of_an_array_and_of_lines_are_counted_from_one(tmp_path: Path, data: bytes) -> None:
    found = [each for each in json_values(source(tmp_path, data)) if isinstance(each, tuple)]
    assert [each[:2] for each in found] == [(1, {"a": 1}), (2, {"a": 2})]


def test_one_object_over_several_lines_is_one_row(tmp_path: Path) -> None:
    (row,) = json_values(source(tmp_path, b'{\n"a": [1,\n2]}'))
    assert isinstance(row, tuple)
    assert row[1] == {"a": [1, 2]}


def test_a_broken_array_is_one_rejection(tmp_path: Path) -> None:
    (found,) = json_values(source(tmp_path, b'[{"a": 1},\n {"a"'))
    assert isinstance(found, Rejection)
    assert found.code == "invalid-json"


def test_the_note_of_an_empty_file_is_told_once() -> None:
    other = Note("x", "Something.")
    bad = Rejection(1, "x", "", "", b"")
    assert list(note_if_empty([other])) == [other, EMPTY_FILE]
    assert list(note_if_empty([EMPTY_FILE])) == [EMPTY_FILE]
    assert list(note_if_empty([bad, other])) == [bad, other]
