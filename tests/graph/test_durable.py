from pathlib import Path

import pytest

from graph.durable import whole_file


def write_and_fail(path: Path) -> None:
    path.write_text("half")
    raise FileNotFoundError


def test_a_file_appears_when_it_is_complete(tmp_path: Path):
    path = tmp_path / "answer.txt"
    with whole_file(path) as partial:
        partial.write_text("new")
        assert not path.exists()
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("answer.txt", "new")]


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path):
    path = tmp_path / "answer.txt"
    path.write_text("old")
    with pytest.raises(FileNotFoundError), whole_file(path) as partial:
        write_and_fail(partial)
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("answer.txt", "old")]
