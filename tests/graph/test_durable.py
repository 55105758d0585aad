import os
from pathlib import Path
from threading import Thread

import pytest

from graph.durable import whole_file, write_durably


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


def test_threads_that_write_the_same_file_do_not_meet(tmp_path: Path):
    path = tmp_path / "answer.txt"
    with whole_file(path) as mine:
        mine.write_text("mine")
        other = Thread(target=write_durably, args=(path, b"other"))
        other.start()
        other.join(10)
        assert path.read_text() == "other"
    assert path.read_text() == "mine"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    with whole_file(pipe) as itself:
        itself.write_text("all of it")
    reader.join(10)
    assert read == ["all of it"]
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]
