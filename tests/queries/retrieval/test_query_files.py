import gzip
from pathlib import Path

import pytest

from graph.errors import BadInput
from queries.retrieval.query_files import QueryLine, read_judgments, read_queries


def test_queries_plain_or_gzipped_with_extra_fields_and_blank_lines(tmp_path: Path) -> None:
    text = b'{"id": "1", "text": "a", "set": "x"}\n\n{"id": "2", "text": "b", "candidates": ["c"]}'
    (tmp_path / "q.jsonl").write_bytes(text)
    (tmp_path / "q.jsonl.gz").write_bytes(gzip.compress(text))
    expected = [QueryLine("1", "a"), QueryLine("2", "b", ["c"])]
    assert list(read_queries(tmp_path / "q.jsonl")) == expected
    assert list(read_queries(tmp_path / "q.jsonl.gz")) == expected


def test_ids_that_are_numbers_stay_numbers(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'{"id": 1, "text": "a"}\n{"id": "1", "text": "a"}')
    assert [query.id for query in read_queries(path)] == [1, "1"]


@pytest.mark.parametrize("line", [b"{", b'{"id": "1"}', b'{"id": 1.5, "text": "a"}', b"\xff", b"[]"])
def test_a_bad_line_is_named(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'{"id": "1", "text": "a"}\n' + line)
    with pytest.raises(BadInput, match="line 2"):
        list(read_queries(path))


def test_a_missing_or_cut_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nothing\.jsonl"):
        list(read_queries(tmp_path / "nothing.jsonl"))
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(b'{"id": "1", "text": "a"}\n' * 500)[:40])
    with pytest.raises(BadInput, match="damaged"):
        list(read_queries(cut))


@pytest.mark.parametrize(
    "text",
    [
        "query_id,artifact_id,grade\nq,a,1\nq,b,0.5\n",
        "grade,query_id,capability_id\n1,q,a\n0.5,q,b\n",
        "q 0 a 1\nq 0 b 0.5\n",
    ],
)
def test_judgments_in_every_form(tmp_path: Path, text: str) -> None:
    (tmp_path / "qrels").write_text(text)
    assert read_judgments(tmp_path / "qrels") == {"q": {"a": 1.0, "b": 0.5}}


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", "query_id,artifact_id,grade\nq,a,high\n", "q 0 a x\n", "q 0 a 1\nq", "q 0 a nan\n"]
)
def test_bad_judgments_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "qrels").write_text(text)
    with pytest.raises(BadInput, match="qrels"):
        read_judgments(tmp_path / "qrels")
