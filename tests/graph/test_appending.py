"""Appending exactly once."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import appending
from graph.appending import AppendCount
from graph.home import Home
from graph.importing import Import, importing
from graph.keys import stable_key
from graph.ledger import Ledger
from tests.graph.rows import batch, events


def append(home: Home, hashes: list[int], date: str = "2026-05-01", name: str = "x") -> AppendCount:
    with importing(home, name) as started:
        started.append("events", events(hashes, date))
        started.append("sources", batch("sources", [{"content_hash": stable_key(name)}]))
        with home.lock("ledger"):
            return started.commit()["events"]


def stored(home: Home) -> list[int]:
    return sorted(Ledger.open(home).arrow("events", ["content_hash"]).column("content_hash").to_pylist())


def test_known_rows_are_left_out(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert append(home, [1, 2, 3]) == AppendCount(3, 0)
    assert append(home, [3, 4]) == AppendCount(1, 1)
    assert append(home, [1, 2, 3, 4]) == AppendCount(0, 4)
    assert stored(home) == [1, 2, 3, 4]


def test_a_row_that_comes_twice_in_one_import_is_taken_once(tmp_path: Path) -> None:
    assert append(Home(tmp_path), [5, 5, 6]) == AppendCount(2, 1)


def test_rows_of_several_days_keep_their_day(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with importing(home, "days") as started:
        for date in ("2026-05-02", "2026-05-01", "2026-05-02"):
            started.append("events", events([int(date[-1]) * 10 + len(stored_dates(started))], date))
        started.append("sources", batch("sources", [{"content_hash": 1}]))
        with home.lock("ledger"):
            started.commit()
    rows = Ledger.open(home).arrow("events", ["event_date", "content_hash"]).to_pylist()
    assert {row["event_date"] for row in rows} == {"2026-05-01", "2026-05-02"}


def stored_dates(started: Import) -> list[str]:
    return [file.partition for append_ in started._appends.values() for file in append_._files.values()]


def test_an_opened_ledger_does_not_change(tmp_path: Path) -> None:
    home = Home(tmp_path)
    append(home, [1])
    before = Ledger.open(home)
    append(home, [2], name="z")
    assert before.count("events") == 1
    assert Ledger.open(home).count("events") == 2


def test_many_days_do_not_pile_up_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "MAX_BUFFERED_ROWS", 4)
    home = Home(tmp_path)
    with importing(home, "many") as started:
        for day in range(1, 10):
            started.append("events", events([day], f"2026-05-0{day}"))
            buffered = sum(f.buffered_rows for a in started._appends.values() for f in a._files.values())
            assert buffered <= 5
        started.append("sources", batch("sources", [{"content_hash": 1}]))
        with home.lock("ledger"):
            assert started.commit()["events"] == AppendCount(9, 0)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.lists(st.integers(1, 20), min_size=1, max_size=8), min_size=1, max_size=4))
def test_any_split_of_rows_gives_the_same_set(tmp_path_factory: pytest.TempPathFactory, parts: list[list[int]]) -> None:
    home = Home(tmp_path_factory.mktemp("home"))
    counts = [append(home, part, name=str(index)) for index, part in enumerate(parts)]
    assert stored(home) == sorted({value for part in parts for value in part})
    assert sum(count.accepted + count.duplicates for count in counts) == sum(map(len, parts))


def _append_in_a_process(arguments: tuple[str, list[int]]) -> int:
    path, hashes = arguments
    return append(Home(Path(path)), hashes, name=str(hashes[0])).accepted


def test_processes_that_append_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    work = [(str(tmp_path), list(range(start, start + 40))) for start in (1, 21, 41)]
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        accepted = sum(pool.map(_append_in_a_process, work))
    assert stored(Home(tmp_path)) == list(range(1, 81))
    assert accepted == 80
