"""What pySHACL says of a graph in parts is what it says of the whole."""

from pathlib import Path

import pyoxigraph
import pytest

from bench import graph_shapes
from graph.home import Home
from graph.projections.rdf_export import write_rdf
from graph.projections.rdf_terms import PREFIXES
from tests.graph.hostile import NAMES, hostile_snapshot
from tests.graph.projections.test_rdf_vocabulary import PLANTED

SEEN_ACROSS_PARTS = ["an edge to what is no capability", "an edge from what is no artifact", "two ids"]


@pytest.fixture(scope="module")
def triples(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder: Path = tmp_path_factory.mktemp("parts")
    write_rdf(hostile_snapshot(Home(folder / "home"), NAMES[:2]), folder / "graph.nt")
    return (folder / "graph.nt").read_text("utf-8")


@pytest.mark.parametrize("fault", [None, *SEEN_ACROSS_PARTS])
def test_parts_pass_and_fail_as_the_whole_does(
    fault: str | None, triples: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_shapes, "SUBJECTS", 5)
    store = pyoxigraph.Store(str(tmp_path))
    store.load(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    if fault is not None:
        store.update(PLANTED[fault], prefixes=PREFIXES)
    found = list(graph_shapes.faults(store))
    assert len(found) > 2
    assert sum(size for _, size, _ in found) == len(store)
    assert sum("Constraint Violation" in text for _, _, text in found) == (0 if fault is None else 1)
    shared = [sum(size for _, size, _ in graph_shapes.faults(store, share, 2)) for share in (0, 1)] if not fault else []
    assert sum(shared) in (0, len(store))
