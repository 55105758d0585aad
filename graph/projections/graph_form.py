"""The form of the graph: what a store outside of the snapshot was written by.

A snapshot never changes, but what a version of matchgraph makes of it may: sources once were files and are names now.
So a store keeps the form beside the snapshot's id, and is up to date only where both are the same.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import Final

from graph.projections.graph_schema import EDGES, NODES, EdgeType, NodeType

_WRITING: Final = 1
"""To be raised where RDF or Neo4j's elements come out otherwise although the schema is the same."""


@cache
def graph_form() -> str:
    """Return 12 hexadecimal digits that are others where the schema makes something else of the same snapshot."""
    kinds: tuple[NodeType | EdgeType, ...] = (*NODES, *EDGES)
    said = [_WRITING, *map(_made, kinds)]
    return sha256(json.dumps(said).encode()).hexdigest()[:12]


def _made(kind: NodeType | EdgeType) -> list[object]:
    """All that decides on elements of a kind; what properties mean is for readers."""
    if isinstance(kind, NodeType):
        identity: tuple[str, ...] = (kind.label,)
    else:
        identity = (kind.type, kind.start, kind.end, *kind.key)
    properties = [(own.name, str(own.type), own.term) for own in kind.properties]
    return [identity, kind.view, kind.term, kind.sql, properties]
