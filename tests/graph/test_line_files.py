"""Files of lines: plain, gzipped, missing, damaged, and lines that say something else."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec
import pytest

from graph.errors import BadInput
from graph.line_files import json_lines, lines


class Wish(msgspec.Struct, frozen=True):
    id: int


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_lines_are_numbered_from_one_and_blank_ones_skipped(tmp_path: Path, pack) -> None:
    (tmp_path / "wishes").write_bytes(pack(b'{"id": 7}\r\n\n{"id": 8, "more": 1}'))
    assert list(json_lines(tmp_path / "wishes", Wish, "Mend it.")) == [(1, Wish(7)), (3, Wish(8))]


def test_a_line_that_says_something_else_is_named_with_reason_and_remedy(tmp_path: Path) -> None:
    (tmp_path / "wishes").write_text('{"id": 7}\n{"id": "x"}\n')
    with pytest.raises(BadInput, match=r"wishes, line 2: Expected `int`.*\. Mend it\.$"):
        list(json_lines(tmp_path / "wishes", Wish, "Mend it."))


def test_a_file_that_is_not_there_or_cut_off_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none cannot be read \(No such file"):
        list(lines(tmp_path / "none"))
    (tmp_path / "cut").write_bytes(gzip.compress(b"a\n" * 10_000)[:-12])
    with pytest.raises(BadInput, match="cut is damaged"):
        list(lines(tmp_path / "cut"))
