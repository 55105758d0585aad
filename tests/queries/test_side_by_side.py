"""Work in other processes: the same results, in order, also where no process can be started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from queries.side_by_side import in_order, later, processors


def added(to: int, number: int) -> tuple[int, bool]:
    """Return a sum, and whether another process than the first one made it."""
    return to + number, os.environ.get("MATCHGRAPH_TEST_FIRST") != str(os.getpid())


def refused(number: int) -> int:
    raise ValueError(f"{number} is refused")


@pytest.fixture(autouse=True)
def first_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHGRAPH_TEST_FIRST", str(os.getpid()))


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_order_from_as_many_processes_as_asked_for(processes: int) -> None:
    found = list(in_order(added, [(number,) for number in range(5)], (10,), processes=processes))
    assert found == [(10 + number, processes > 1) for number in range(5)]


def test_a_single_part_or_none_starts_no_process() -> None:
    assert list(in_order(added, [(1,)], (1,), processes=2)) == [(2, False)]
    assert list(in_order(added, [], (1,), processes=2)) == []


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_begun_is_there_later(processes: int) -> None:
    assert later(added, 1, 2, processes=processes)() == (3, processes > 1)


@pytest.mark.parametrize("processes", [1, 2])
def test_errors_of_the_work_are_raised(processes: int) -> None:
    with pytest.raises(ValueError, match="1 is refused"):
        later(refused, 1, processes=processes)()
    with pytest.raises(ValueError, match="1 is refused"):
        list(in_order(refused, [(1,), (2,)], (), processes=processes))


def test_a_script_that_cannot_start_processes_does_the_work_alone(tmp_path: Path) -> None:
    """Without `if __name__ == "__main__"` a new process would run the script once more, which Python refuses.

    What is handed over is more than a pipe holds, so that nobody may wait for a process that is gone to take it.
    """
    script = tmp_path / "script.py"
    script.write_text(
        "from queries.side_by_side import in_order, later\n"
        "much = bytes(10_000_000)\n"
        "begun = later(max, much, processes=2)\n"
        "print(list(in_order(max, [(b'b' + much,), (b'a',)], (much,), processes=2)) == [b'b' + much, b'a'], begun())\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "True 0\n"


def test_there_is_a_processor() -> None:
    assert processors() >= 1
