"""The spool: whoever is told that his lines are stored finds them whole."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from api.feedback.spool import Spool, SpoolBroken, SpoolFull
from graph.home import Home

ON_A_DISK_THAT_FILLS_UP = """
import asyncio, resource, sys
from pathlib import Path
from api.feedback.spool import Spool, SpoolBroken
from graph.home import Home

async def store(spool, line):
    try:
        await spool.store("events", line)
        print(line[:1].decode(), "stored")
    except SpoolBroken:
        print(line[:1].decode(), "refused")

spool = Spool(Home(Path(sys.argv[1])))
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
for letter in "abc":
    asyncio.run(store(spool, letter.encode() * 599 + b"\\n"))
spool.close()
"""


def lines_of(files: list[Path]) -> list[str]:
    return [line for path in files for line in path.read_text().splitlines()]


def test_what_is_stored_is_in_the_files_searches_and_events_apart(tmp_path: Path) -> None:
    spool = Spool(Home(tmp_path))
    spool.add("queries", b"q1\n")
    asyncio.run(spool.store("events", b"e1\ne2\n"))
    assert {path.name: path.read_text() for path in spool.path.iterdir()} == {
        "00000001.queries.jsonl": "q1\n",
        "00000001.events.jsonl": "e1\ne2\n",
    }
    spool.close()


def test_sealed_files_get_no_more_lines(tmp_path: Path) -> None:
    spool = Spool(Home(tmp_path))
    asyncio.run(spool.store("events", b"e1\n"))
    sealed = spool.seal()
    asyncio.run(spool.store("events", b"e2\n"))
    assert lines_of(sealed) == ["e1"]
    assert lines_of(spool.close()) == ["e1", "e2"]


def test_closing_writes_what_waits_and_takes_no_more(tmp_path: Path) -> None:
    spool = Spool(Home(tmp_path))
    spool.add("queries", b"q1\n")
    assert lines_of(spool.close()) == ["q1"]
    with pytest.raises(SpoolBroken, match="shutting down"):
        spool.add("queries", b"q2\n")


def test_more_than_the_disk_takes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.feedback.spool.MAX_WAITING_BYTES", 4)
    spool = Spool(Home(tmp_path))
    with pytest.raises(SpoolFull):
        spool.add("events", b"e1\ne2\n")
    assert spool.close() == []


def test_an_empty_spool_leaves_nothing_behind(tmp_path: Path) -> None:
    spool = Spool(Home(tmp_path))
    spool.close()
    spool.release()
    assert list((tmp_path / "spool").iterdir()) == []


def test_half_a_line_on_a_full_disk_is_not_called_stored(tmp_path: Path) -> None:
    """The system takes 400 of the second line's 600 bytes without an error; the next line begins another file."""
    said = subprocess.run(
        [sys.executable, "-c", ON_A_DISK_THAT_FILLS_UP, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert said.stdout.split("\n") == ["a stored", "b refused", "c stored", ""]
    lines = lines_of(sorted((tmp_path / "spool").glob("*/*.jsonl")))
    assert lines == ["a" * 599, "b" * 400, "c" * 599]
