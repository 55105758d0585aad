"""Imports: all rows of a file or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.appending import AppendCount
from graph.errors import NothingThere
from graph.home import Home
from graph.importing import importing
from graph.keys import stable_key
from graph.ledger import Ledger
from tests.graph.rows import batch, events


def files_on_disk(home: Home, table: str) -> set[str]:
    return {path.name for path in (home.ledger_path / table).rglob("*.parquet")}


def test_nothing_shows_before_the_commit_and_nothing_stays_after_a_failure(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with importing(home, "x") as started, home.lock("ledger"):
        started.append("events", events([1]))
        started.append("sources", batch("sources", [{"content_hash": stable_key("x")}]))
        started.commit()
    with pytest.raises(RuntimeError, match="power cut"):
        _append_and_fail(home, [2])
    assert Ledger.open(home).arrow("events", ["content_hash"]).column("content_hash").to_pylist() == [1]
    assert files_on_disk(home, "events") == {Path(file).name for file in Ledger.open(home).files("events")}


def _append_and_fail(home: Home, hashes: list[int]) -> None:
    with importing(home, "y") as started:
        started.append("events", events(hashes))
        assert Ledger.open(home).count("events") == 1
        assert len(files_on_disk(home, "events")) == 2
        raise RuntimeError("power cut")


def test_an_import_cut_short_between_two_tables_is_completed_by_the_next(tmp_path: Path) -> None:
    """The row of `sources` says that a file is done. It comes last, so a crash before it is made good."""
    home, source = Home(tmp_path), batch("sources", [{"content_hash": stable_key("x")}])
    with importing(home, "x") as cut_short, home.lock("ledger"):
        cut_short.append("events", events([1, 2]))
        cut_short.commit()
    with pytest.raises(NothingThere):
        Ledger.open(home)
    with importing(home, "x") as again, home.lock("ledger"):
        again.append("events", events([1, 2]))
        again.append("sources", source)
        assert again.commit() == {"events": AppendCount(0, 2), "sources": AppendCount(1, 0)}
    assert (Ledger.open(home).count("events"), Ledger.open(home).count("sources")) == (2, 1)
