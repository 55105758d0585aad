"""Queries given as text or as the name of a file."""

from pathlib import Path

import pytest

from api.cli.querying import query_text
from graph.errors import BadInput, WrongUse


def test_a_file_gives_its_content_and_other_text_is_the_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("top.sql").write_text("SELECT 1")
    assert query_text("top.sql") == "SELECT 1"
    for text in ("SELECT 'top.sql'", "SELECT 1 AS a.sql", "x" * 100_000, "a\0b"):
        assert query_text(text) == text


@pytest.mark.parametrize("name", ["topp.sql", "queries/top.rq", "TOP.CYPHER"])
def test_a_file_that_is_not_there_is_not_taken_for_a_query(name: str) -> None:
    with pytest.raises(WrongUse, match=f"no file {name}"):
        query_text(name)


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_bytes(b"SELECT '\xff'")
    with pytest.raises(BadInput, match=r"a\.sql"):
        query_text(str(tmp_path / "a.sql"))
