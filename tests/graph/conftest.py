"""Snapshots that many projections are tried on."""

from __future__ import annotations

import pytest

from graph.home import Home
from graph.snapshot import Snapshot
from tests.graph.hostile import hostile_snapshot
from tests.graph.saved_queries.rich import rich_snapshot


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A graph with something for every saved query."""
    return rich_snapshot(Home(tmp_path_factory.mktemp("rich")))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A graph with names and texts that are meant to break out."""
    return hostile_snapshot(Home(tmp_path_factory.mktemp("hostile")))
