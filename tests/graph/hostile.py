"""A snapshot whose names are as hostile as names can be, and that uses every kind of node and edge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from graph.home import Home
from graph.snapshot import Snapshot
from tests.graph.test_snapshot import put

NAMES: Final = (
    "quote ' double \" back ` slash \\ end",
    "line\nbreak\ttab\rreturn",
    "emoji 🦊 \U0001f3f4\u200d☠️ ZWJ",
    "<http://evil.example/> . <x> <y> 'z' }",
    "'; DROP TABLE artifacts; --",
    '"}) DETACH DELETE n //',
    "%41 %zz #frag ?query=1&b=2 ../../etc",
    "x" * 8_000,  # about the longest that Neo4j indexes
    "null\\u0000text \\x41 ${1}",
    " ",
    "שלום עולם \u202e reversed",
    "\ufffe\uffff noncharacters",
)


def hostile_rows(names: Sequence[str] = NAMES) -> dict[str, list[dict[str, Any]]]:
    """Return rows of the snapshot's tables.

    Artifact `i` has the hostile id and name `names[i]`, and describes itself with more than 10,000 characters of it.
    """
    first = names[0]
    edge = {"intent_key": 1, "times_matched": 1, "impressions": 2, "clicks": 1, "clients": 1, "catalogued": True}
    return {
        "artifacts": [
            {
                "artifact_id": name,
                "name": name,
                "description": name * (10_000 // len(name) + 1),
                "url": name,
                "tags": [name, "b"],
                "sources": [name],
            }
            for name in names
        ],
        "capabilities": [
            {"capability_id": f"{name}/1", "artifact_id": name, "name": name, "sources": [name, "s"]} for name in names
        ],
        "concepts": [
            {"concept_uri": f"capability://{name}", "label": name, "capability_id": f"{name}/1", "artifact_id": name}
            for name in names
        ],
        "intents": [{"intent_id": f"int_{name}", "intent_key": i, "label": name} for i, name in enumerate(names)],
        "edges": [
            *({**edge, "intent_id": f"int_{first}", "artifact_id": name, "kind": "observed"} for name in names),
            *(
                {**edge, "intent_id": f"int_{first}", "artifact_id": name, "capability_id": f"{name}/1", "kind": kind}
                for name in names
                for kind in ("observed", "inferred")
            ),
        ],
        "related": [
            {"artifact_id": first, "relation": relation, "other_id": name, "score": 0.5, "place": 1, "reasons": name}
            for name in names[1:]
            for relation in ("alternative", "complement")
        ],
    }


def hostile_snapshot(home: Home, names: Sequence[str] = NAMES) -> Snapshot:
    """Publish the hostile rows in a home."""
    return put(home, **hostile_rows(names))
