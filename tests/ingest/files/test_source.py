from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files import source as source_module
from ingest.files.source import Lines, LongLine, Source, StreamBroken


def file_of(tmp_path, data: bytes, name: str = "file") -> Source:
    path = tmp_path / name
    path.write_bytes(data)
    return Source(path, name)


def all_lines(source: Source, size: int) -> list[tuple[int, bytes]]:
    found = []
    for block in source.lines(size):
        assert isinstance(block, Lines)
        found += list(enumerate(block.data.splitlines(keepends=True), block.first))
    return found


@given(lines=st.lists(st.text(alphabet="ab ", max_size=12), max_size=20), size=st.integers(1, 30), packed=st.booleans())
def test_lines_are_numbered_the_same_whatever_the_block_size(tmp_path_factory, lines, size, packed):
    data = "\n".join(lines).encode()
    source = file_of(tmp_path_factory.mktemp("lines"), gzip.compress(data) if packed else data)
    assert all_lines(source, size) == list(enumerate(data.splitlines(keepends=True), 1))


@pytest.fixture
def short_lines(monkeypatch):
    """Lines may have 100 bytes here, so that a test of long ones need not write many."""
    monkeypatch.setattr(source_module, "MAX_LINE_BYTES", 100)
    monkeypatch.setattr(source_module, "MAX_KEPT_BYTES", 10)


@pytest.mark.parametrize("size", [16, 64, 1000])
def test_a_long_line_is_told_from_its_neighbours(tmp_path, short_lines, size):
    source = file_of(tmp_path, b"one\n" + b"x" * 5_000 + b"\nthree\nfour\n" + b"y" * 4_000 + b"\nsix")
    numbers, texts = [], []
    for block in source.lines(size):
        if isinstance(block, LongLine):
            numbers.append((block.number, block.beginning, block.length))
        else:
            texts += [(block.first + place, line) for place, line in enumerate(block.data.split(b"\n")) if line]
    shorter = [(number, line) for number, line in texts if len(line) <= 100]
    assert shorter == [(1, b"one"), (3, b"three"), (4, b"four"), (6, b"six")]
    if size < 1000:
        assert numbers == [(2, b"x" * 10, 5_000), (5, b"y" * 10, 4_000)]


def test_a_long_last_line_without_end_is_long(tmp_path, short_lines):
    (block,) = file_of(tmp_path, b"z" * 1_000).lines(64)
    assert block == LongLine(1, b"z" * 10, 1_000)


def test_damage_within_a_long_line_is_reported(tmp_path, short_lines):
    packed = gzip.compress(b"one\n" + bytes(range(11, 256)) * 400, 0)
    source = file_of(tmp_path, packed[:-5_000])
    with pytest.raises(StreamBroken) as caught:
        list(source.lines(64))
    assert (caught.value.code, caught.value.line) == ("truncated-gzip", 2)


def test_the_line_cut_off_by_a_damage_is_no_row(tmp_path):
    packed = gzip.compress(b"first\nsecond\nthird", 0)
    source = file_of(tmp_path, packed[:-10])
    taken: list[Lines | LongLine] = []
    with pytest.raises(StreamBroken) as caught:
        taken.extend(source.lines())
    assert taken == [Lines(1, b"first\nsecond\n")]
    assert (caught.value.line, caught.value.unfinished) == (3, b"thi")


def test_a_file_cut_at_a_line_end_has_nothing_unfinished(tmp_path):
    whole = gzip.compress(b"first\n", 0)
    source = file_of(tmp_path, whole[:-8])
    taken = []
    with pytest.raises(StreamBroken) as caught:
        taken.extend(source.lines())
    assert taken == [Lines(1, b"first\n")]
    assert (caught.value.line, caught.value.unfinished) == (2, b"")


@pytest.mark.parametrize("between", [b"", b"\0" * 700])
def test_gzip_members_follow_one_another(tmp_path, between):
    source = file_of(tmp_path, gzip.compress(b"a\n") + between + gzip.compress(b"b\n") + b"\0" * 70_000)
    assert b"".join(source.blocks()) == b"a\nb\n"


def test_garbage_behind_gzip_is_damage(tmp_path):
    with pytest.raises(StreamBroken) as caught:
        list(file_of(tmp_path, gzip.compress(b"a\n") + b"garbage").blocks())
    assert caught.value.code == "damaged-gzip"
    assert isinstance(caught.value.__cause__, zlib.error)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(source_module, "MIN_BOMB_BYTES", 1 << 20)
    source = file_of(tmp_path, gzip.compress(b"\0" * (8 << 20)))
    taken: list[int] = []
    with pytest.raises(StreamBroken) as caught:
        taken.extend(map(len, source.blocks(1 << 16)))
    assert caught.value.code == "decompression-bomb"
    assert 1 << 20 <= sum(taken) < 5 << 20


def test_a_document_has_a_largest_size(tmp_path, monkeypatch):
    monkeypatch.setattr(source_module, "MAX_DOCUMENT_BYTES", 10)
    with pytest.raises(StreamBroken) as caught:
        file_of(tmp_path, b"x" * 11).document()
    assert caught.value.code == "document-too-large"
    assert file_of(tmp_path, b"x" * 10).document() == b"x" * 10


def test_head_of_a_damaged_file_is_what_can_be_read(tmp_path):
    packed = gzip.compress(b'{"id": 1}\n' * 10, 0)
    assert file_of(tmp_path, packed[:-20], "rows.jsonl.gz").head().records[0] == {"id": 1}
    assert file_of(tmp_path, packed[:-20], "rows.jsonl.gz").head().name == "rows.jsonl"
