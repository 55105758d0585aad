"""The graph as an Oxigraph store, for SPARQL and for rdflib: made of a snapshot when it is first asked for, then kept.

The store lies in the snapshot's folder, so it goes when the snapshot goes. It is opened for reading only. Its name says
by which form of the graph it was made; one of another form is made anew.
"""

from __future__ import annotations

import os
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final

from graph.durable import NO_ROOM
from graph.errors import DamagedHome, DiskFull
from graph.projections.graph_form import graph_form
from graph.projections.rdf_export import write_rdf
from graph.projections.rdf_terms import PREFIXES
from graph.snapshot import Snapshot

if TYPE_CHECKING:
    import rdflib

_FOLDER: Final = "oxigraph"


def store_folder(snapshot: Snapshot) -> Path:
    """Return the folder of a snapshot's store, made if it is not there yet.

    It takes about 25 s and 120 MB of disk for a million triples. Raises `DamagedHome` if it cannot be written,
    `DiskFull` where there is no room.
    """
    final = snapshot.path / f"{_FOLDER}-{graph_form()}"
    if not final.is_dir():
        _make(snapshot, final)
    return final


def open_graph(snapshot: Snapshot) -> rdflib.Graph:
    """Open the graph with rdflib, on Oxigraph's indexes, with the prefixes of `rdf_terms`. It cannot be changed."""
    import rdflib
    from oxrdflib import OxigraphStore
    from pyoxigraph import Store
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

    store = OxigraphStore(store=Store.read_only(str(store_folder(snapshot))))
    graph = rdflib.Graph(store=store, identifier=DATASET_DEFAULT_GRAPH_ID)
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri, override=True)
    return graph


def _make(snapshot: Snapshot, final: Path) -> None:
    """Load the triples into a folder beside, and give it its name when it is complete."""
    from pyoxigraph import RdfFormat, Store

    try:
        making = Path(mkdtemp(prefix=f".{_FOLDER}-", dir=snapshot.path))
    except OSError as error:
        raise DamagedHome(f"No triple store can be made in {snapshot.path}: {error}. Make it writable.") from error
    try:
        triples = making / "graph.nt"
        write_rdf(snapshot, triples)
        store = Store(str(making / _FOLDER))
        store.bulk_load(path=str(triples), format=RdfFormat.N_TRIPLES)
        store.flush()
        del store  # closes it
        if not final.is_dir():  # another process may have been faster
            (making / _FOLDER).rename(final)
        for other in set(snapshot.path.glob(f"{_FOLDER}*")) - {final}:  # of a form that nobody reads any more
            rmtree(other, ignore_errors=True)
    except OSError as error:
        if any(os.strerror(number) in str(error) for number in NO_ROOM):  # Oxigraph's errors have no numbers
            raise DiskFull(f"There is no room for the triple store in {snapshot.path}. Make some. ({error})") from error
        raise
    finally:
        rmtree(making, ignore_errors=True)
