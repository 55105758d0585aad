"""The store of SPARQL, where it cannot be made."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from graph.errors import DiskFull
from graph.home import Home
from graph.projections import rdf_store
from graph.projections.rdf_export import write_rdf
from graph.snapshot import Snapshot
from tests.graph.saved_queries.rich import rich_snapshot


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = rich_snapshot(Home(tmp_path))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def write_and_fill(snapshot: Snapshot, path: Path) -> None:
        write_rdf(snapshot, path)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))  # no file can grow beyond from here on

    monkeypatch.setattr(rdf_store, "write_rdf", write_and_fill)
    before = sorted(snapshot.path.iterdir())
    try:
        with pytest.raises(DiskFull, match="no room for the triple store"):
            rdf_store.store_folder(snapshot)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert sorted(snapshot.path.iterdir()) == before
    monkeypatch.undo()
    assert rdf_store.store_folder(snapshot).is_dir()


def test_a_store_of_another_form_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = rich_snapshot(Home(tmp_path))
    (snapshot.path / "oxigraph").mkdir()  # stores had no form in their names once
    with monkeypatch.context() as before:
        before.setattr(rdf_store, "graph_form", lambda: "before")
        old = rdf_store.store_folder(snapshot)
    new = rdf_store.store_folder(snapshot)
    assert new != old
    assert sorted(snapshot.path.glob("*oxigraph*")) == [new]
    made = new.stat().st_mtime_ns
    assert rdf_store.store_folder(snapshot).stat().st_mtime_ns == made
