"""Lines of a file: numbered, without ends, the unreadable ones as rejections in their places."""

from pathlib import Path

from ingest.files.contract import Rejection
from ingest.files.source import MAX_LINE_BYTES, Source
from ingest.files.text_lines import byte_lines, text_lines


def source(tmp_path: Path, data: bytes) -> Source:
    (tmp_path / "lines").write_bytes(data)
    return Source(tmp_path / "lines", "lines")


def test_line_ends_and_the_byte_order_mark_are_no_part_of_a_line(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfone\r\n\n\xef\xbb\xbftwo\nthree"
    assert list(byte_lines(source(tmp_path, data))) == [
        (1, b"one"), (2, b""), (3, b"\xef\xbb\xbftwo"), (4, b"three")
    ]  # fmt: skip


def test_lines_without_text_are_left_out_and_unreadable_ones_refused(tmp_path: Path) -> None:
    found = list(text_lines(source(tmp_path, b"one\n  \n\xff\na\0b\ntwo\n")))
    told = [(each.line, each.code) if isinstance(each, Rejection) else each[:2] for each in found]
    assert told == [(1, "one"), (3, "invalid-utf8"), (4, "nul-character"), (5, "two")]


def test_a_line_too_long_costs_itself(tmp_path: Path) -> None:
    data = b"one\n" + b"x" * (MAX_LINE_BYTES + 1) + b"\ntwo\n"
    one, long, two = byte_lines(source(tmp_path, data))
    assert (one, two) == ((1, b"one"), (3, b"two"))
    assert isinstance(long, Rejection)
    assert (long.line, long.code, long.raw_bytes) == (2, "line-too-long", MAX_LINE_BYTES + 1)
