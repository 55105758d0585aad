"""A trust passport: what is stated of an artifact, and what was observed, in the form that other programs read.

The form is that of version 1.0 of the trust passport. What is not known is null, never a guess: nothing here was
verified or audited, so `verified` is false.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from graph.snapshot import Snapshot
from graph.text import slug
from graph.times import iso_time
from queries.answers.extra_fields import object_of
from queries.answers.names import resolve_artifact
from queries.answers.show import top_edges

Row = dict[str, Any]

FORM_VERSION: Final = "1.0"
TOP_INTENTS: Final = 5
FREE_MODELS: Final = ("free", "freemium", "open_source")


def passport(snapshot: Snapshot, name: str, page_url: str | None = None) -> Row:
    """Return the passport of an artifact (id or name). Raises `UnknownName`. `page_url`: where its page stands."""
    artifact_id = resolve_artifact(snapshot, name)
    row = snapshot.rows("artifacts", artifact_id=artifact_id)[0]
    extra = object_of(row["extra"])
    edges = [edge for edge in top_edges(snapshot, artifact_id) if edge["kind"] == "observed"]
    capabilities = snapshot.rows("capabilities", artifact_id=artifact_id)
    capabilities.sort(key=lambda each: str(each["capability_id"]))
    return {
        "unfragile": {
            "@version": FORM_VERSION,
            "version": snapshot.id,
            "artifact": artifact_block(row, page_url),
            "capabilities": [_capability(each, edges) for each in capabilities],
            "trust": _trust(snapshot, artifact_id, extra, edges),
        }
    }


def artifact_block(row: Mapping[str, Any], page_url: str | None) -> Row:
    """Return what a passport says of the artifact itself."""
    return {
        "id": row["artifact_id"],
        "slug": slug(row["artifact_id"]),
        "name": row["name"] or row["artifact_id"],
        "type": row["type"],
        "url": row["url"],
        "page_url": page_url,
        "categories": [],
        "tags": row["tags"] or [],
        "pricing": pricing_block(row),
        "status": row["status"] or "active",
        "verified": False,
    }


def pricing_block(row: Mapping[str, Any]) -> Row:
    """Return the pricing; `free` is null where the source states no model."""
    model = row["pricing_model"]
    free = None if model in (None, "unknown") else model in FREE_MODELS
    return {"model": model or "unknown", "free": free, "starting_price": row["price"]}


def _capability(row: Row, edges: Iterable[Row]) -> Row:
    own = [edge for edge in edges if edge["capability_id"] == row["capability_id"]]
    return {
        "id": row["capability_id"],
        "uri": row["uri"],
        "name": row["name"],
        "description": row["description"],
        "intents": row["intents"] or [],
        "best_for": row["best_for"] or [],
        "limitations": row["limitations"] or [],
        "requires": row["requires"] or [],
        "confidence": None,
        "matches": sum(edge["times_matched"] or 0 for edge in own),
        "success_rate": success_rate(own),
    }


def success_rate(rows: Iterable[Mapping[str, Any]]) -> float | None:
    """Return the share of successes among the outcomes told, None where none was."""
    rows = list(rows)
    successes = sum(row["successes"] or 0 for row in rows)
    told = successes + sum(row["failures"] or 0 for row in rows)
    return round(successes / told, 4) if told else None


def _trust(snapshot: Snapshot, artifact_id: str, extra: Row, edges: list[Row]) -> Row:
    evidence = snapshot.rows("evidence", artifact_id=artifact_id)
    ranks = snapshot.rows("ranks", artifact_id=artifact_id)
    stated = object_of(extra.get("trust"))
    risk = stated.get("data_access_risk")
    return {
        "score": ranks[0]["rank"] if ranks else None,
        "verified": False,
        "data_access_risk": risk if risk in ("low", "moderate", "high") else None,
        "permissions": _texts(stated.get("permissions") or extra.get("permissions")),
        "failure_modes": _texts(stated.get("failure_modes") or extra.get("failure_modes")),
        "observed_outcomes": {
            "matches": evidence[0]["times_matched"] or 0 if evidence else 0,
            "success_rate": success_rate(evidence),
            "avg_confidence": None,
            "top_intents": list(dict.fromkeys(edge["intent"] for edge in edges if edge["intent"]))[:TOP_INTENTS],
            "clients": evidence[0]["clients"] or 0 if evidence else 0,
            "first_seen": iso_time(evidence[0]["first_seen"]) if evidence else None,
            "last_seen": iso_time(evidence[0]["last_seen"]) if evidence else None,
            "simulated": bool(evidence and evidence[0]["simulated"]),
        },
    }


def _texts(value: Any) -> list[str]:
    """Return texts of a list whose entries are texts or objects with a `mode` or `name`."""
    found = []
    for item in value if isinstance(value, list) else []:
        text = item.get("mode") or item.get("name") if isinstance(item, dict) else item
        if isinstance(text, str) and text:
            found.append(text)
    return found
