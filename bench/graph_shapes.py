"""pySHACL over the whole of a graph, in parts, so that memory stays bounded and processes can share the work.

    python -m bench.graph_shapes --home DIR [--scale 0.01] [--processes 2]

Our shapes look at a subject, at its values, and at the classes of the nodes that it leads to. So a part is some
subjects with all that is said of them, and knows the class of every node: what holds of each part holds of the whole.
pySHACL reads a whole graph into memory otherwise, about 1 GB for a million triples. Ends with 1 where a shape fails.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Generator, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from itertools import groupby, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import pyoxigraph
import pyshacl
import rdflib
from rdflib import RDF

from bench.costs import say, timed
from bench.synthetic_graph import synthetic_snapshot
from graph.errors import NothingThere
from graph.home import Home
from graph.projections.rdf_store import store_folder
from graph.projections.rdf_vocabulary import shapes
from graph.snapshot import Snapshot

SUBJECTS: Final = 5_000
"""In one part: about 100,000 triples."""
_TYPE: Final = pyoxigraph.NamedNode(str(RDF.type))
_CLASSES_KEPT: Final = 100_000


class Part(rdflib.Graph):
    """Some subjects of a store with all that is said of them; it also knows the classes of nodes that are not its own.

    It does not list those: they are no targets here, but in parts of their own.
    """

    def __init__(self, store: pyoxigraph.Store, quads: list[pyoxigraph.Quad]) -> None:
        super().__init__()
        for quad in quads:
            self.add(tuple(map(_term, (quad.subject, quad.predicate, quad.object))))
        self._classes = lru_cache(_CLASSES_KEPT)(partial(_classes, store))

    def triples(self, triple: Any) -> Generator[Any, None, None]:
        """Yield the triples of a pattern, as in any graph."""
        subject, predicate, value = triple
        found = False
        for each in super().triples(triple):
            found = True
            yield each
        if not found and predicate == RDF.type and isinstance(subject, rdflib.URIRef):
            yield from ((subject, predicate, each) for each in self._classes(subject) if value in (None, each))


def faults(store: pyoxigraph.Store, share: int = 0, of: int = 1) -> Iterator[tuple[int, int, str]]:
    """Yield for each part its subjects, its triples and what pySHACL finds wrong; `share`: only each `of`-th part.

    The store must lie on disk: such a one lists triples by subject.
    """
    rules = shapes()
    by_subject = groupby(store.quads_for_pattern(None, None, None, None), key=lambda quad: quad.subject)
    for number, first in enumerate(iter(lambda: next(by_subject, None), None)):
        _, own = first
        quads, subjects = list(own), 1
        for _, more in islice(by_subject, SUBJECTS - 1):
            quads += more
            subjects += 1
        if number % of == share:
            conforms, _, text = pyshacl.validate(Part(store, quads), shacl_graph=rules)
            yield subjects, len(quads), "" if conforms else str(text)


def _classes(store: pyoxigraph.Store, subject: rdflib.URIRef) -> list[rdflib.URIRef]:
    found = store.quads_for_pattern(pyoxigraph.NamedNode(str(subject)), _TYPE, None, None)
    return [_term(quad.object) for quad in found]


def _term(term: Any) -> Any:
    if isinstance(term, pyoxigraph.Literal):
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))
    return rdflib.URIRef(term.value)


def _checked(folder: Path, share: int, of: int) -> list[tuple[int, int, str]]:
    return list(faults(pyoxigraph.Store.read_only(str(folder)), share, of))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True, help="where the snapshot is, or is made")
    parser.add_argument("--scale", type=float, default=0.01, help="1: the full graph of bench.graph")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    try:
        snapshot = Snapshot.open(Home(asked.home))
    except NothingThere:
        snapshot = synthetic_snapshot(Home(asked.home), asked.scale)
    check = partial(_checked, store_folder(snapshot), of=asked.processes)
    with ProcessPoolExecutor(asked.processes, get_context("spawn")) as processes:
        used, found = timed(lambda: [part for parts in processes.map(check, range(asked.processes)) for part in parts])
    wrong = [text for _, _, text in found if text]
    subjects, triples = (sum(part[which] for part in found) for which in (0, 1))
    say(what="shapes", parts=len(found), subjects=subjects, triples=triples, seconds=used["seconds"], failed=len(wrong))
    if wrong:
        print(wrong[0])
        sys.exit(1)


if __name__ == "__main__":
    main()
