"""RDF read back: the tables of nodes and edges that a file of our own export was made from.

Only values of several (`TEXTS`) lose their order, as RDF has none: they come back sorted, each once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyoxigraph

from graph.errors import BadInput
from graph.projections.graph_schema import EDGES, NODES
from graph.projections.graph_types import BOOL, TIME, EdgeType, NodeType, Property
from graph.projections.rdf_terms import IDENTIFIER, full, statement_class
from graph.schemas import INT, TEXTS
from graph.snapshot_schemas import FLOAT

_FORMATS: Final = {
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".jsonld": pyoxigraph.RdfFormat.JSON_LD,
}
_TYPE: Final = full("rdf:type")

Subject = Mapping[str, list[Any]]
"""Predicate → objects, of one subject."""
Row = dict[str, Any]


def read_rdf(path: Path) -> dict[str, pa.Table]:
    """Return the nodes and edges of a file by `view`, with the columns of their `arrow_schema`, in order of identity.

    Everything is held in memory: about 1 GB for a million triples. Raises `BadInput` for a file that is no RDF.
    """
    subjects = _subjects(path)
    of_class: dict[str, list[str]] = defaultdict(list)
    for subject, said in subjects.items():
        for kind in said.get(_TYPE, ()):
            of_class[kind.value].append(subject)
    ids = {
        subject: subjects[subject][full(IDENTIFIER)][0].value for node in NODES for subject in of_class[full(node.term)]
    }
    labels = {subject: node.label for node in NODES for subject in of_class[full(node.term)]}
    tables = {}
    for kind in (*NODES, *EDGES):
        if isinstance(kind, NodeType):
            rows: Iterable[Row] = (
                {"id": ids[each], **_properties(kind, subjects[each])} for each in of_class[full(kind.term)]
            )
            order = ["id"]
        else:
            rows = _edges(kind, subjects, of_class, ids, labels)
            order = ["start", "end", *kind.key]
        table = pa.Table.from_pylist(list(rows), kind.arrow_schema)
        tables[kind.view] = table.sort_by([(name, "ascending") for name in order])
    return tables


def _subjects(path: Path) -> dict[str, dict[str, list[Any]]]:
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    try:
        for quad in pyoxigraph.parse(path=str(path), format=_FORMATS.get(path.suffix)):
            found[str(quad.subject.value)][quad.predicate.value].append(quad.object)
    except (OSError, SyntaxError, ValueError) as error:
        raise BadInput(f"{path} cannot be read as RDF: {error}") from error
    return found


def _edges(
    edge: EdgeType,
    subjects: Mapping[str, Subject],
    of_class: Mapping[str, list[str]],
    ids: Mapping[str, str],
    labels: Mapping[str, str],
) -> Iterator[Row]:
    """Yield the edges of one kind: from their statements, or from the triples where there are none."""
    ends: Iterable[tuple[str, str, Subject]]
    if edge.properties:
        said = (subjects[each] for each in of_class[full(statement_class(edge))])
        ends = ((_one(each, "rdf:subject").value, _one(each, "rdf:object").value, each) for each in said)
    else:
        starts = (each for each, label in labels.items() if label == edge.start)
        ends = ((start, end.value, {}) for start in starts for end in subjects[start].get(full(edge.term), ()))
    for start, end, said_of in ends:
        if (labels.get(start), labels.get(end)) == (edge.start, edge.end):
            yield {"start": ids[start], "end": ids[end], **_properties(edge, said_of)}


def _properties(kind: NodeType | EdgeType, said: Subject) -> Row:
    return {own.name: _read(own, said.get(full(own.term), [])) for own in kind.properties}


def _read(own: Property, objects: list[Any]) -> Any:
    if own.type == TEXTS:
        return sorted({each.value for each in objects}) or None
    if not objects:
        return None
    text = objects[0].value
    if own.type == INT:
        return int(text)
    if own.type == FLOAT:
        return float(text)
    if own.type == BOOL:
        return text == "true"
    return datetime.fromisoformat(text) if own.type == TIME else text


def _one(said: Subject, term: str) -> Any:
    return said[full(term)][0]
