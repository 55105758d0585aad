"""Choosing an engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import WrongUse
from queries.counting.engines import open_engine


def test_an_unknown_engine_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"'abacus'.*duckdb"), open_engine("abacus", lambda _table: [], tmp_path):
        pass


def test_duckdb_is_opened_by_name(tmp_path: Path) -> None:
    with open_engine("duckdb", lambda _table: [], tmp_path) as engine:
        assert engine.name == "duckdb"
        assert engine.arrow(engine.table("searches")).num_rows == 0
