"""Small answers in the JSON shapes of the design, written by hand, for tests of the renderings."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

PARTS_A = [
    {"name": "adoption", "value": 0.71, "low": 0.6, "high": 0.8, "weight": 0.3, "contribution": 21.34},
    {"name": "quality", "value": 0.48, "low": 0.4, "high": 0.6, "weight": 0.3, "contribution": 14.47},
    {"name": "ecosystem", "value": 0.26, "low": 0.1, "high": 0.4, "weight": 0.4, "contribution": 10.41},
    {"name": "match_graph", "value": None, "low": None, "high": None, "weight": 0.0, "contribution": 0.0},
    {"name": "freshness", "value": None, "low": None, "high": None, "weight": 0.0, "contribution": 0.0},
]
PARTS_B = [
    {"name": "adoption", "value": 0.9, "low": 0.8, "high": 0.95, "weight": 0.3333, "contribution": 30.0},
    {"name": "quality", "value": 0.5, "low": 0.4, "high": 0.6, "weight": 0.3333, "contribution": 16.67},
    {"name": "match_graph", "value": 0.35, "low": 0.3, "high": 0.4, "weight": 0.3334, "contribution": 11.67},
]
NEED = {
    "intent_id": "int_1",
    "intent": "cut out people",
    "a_times_matched": 12,
    "a_clients": 9,
    "a_strength": 0.4251,
    "a_strength_low": 0.3,
    "a_strength_high": 0.56,
    "b_times_matched": 3,
    "b_clients": 2,
    "b_strength": None,
    "b_strength_low": None,
    "b_strength_high": None,
}


def rank_list(ranks: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """A rank list of which no place is shared."""
    return {"ranks": ranks, "shared_places": [], **changes}


def side(**changes: Any) -> dict[str, Any]:
    """One side of a comparison: a model with a rank of 46.22 and no evidence."""
    return {
        "artifact_id": "cutter",
        "name": "Cutter",
        "type": "model",
        "rank": 46.22,
        "low": 30.1,
        "high": 62.3,
        "completeness": 0.7,
        "times_matched": 0,
        "clients": 0,
        "parts": deepcopy(PARTS_A),
        "place": 2,
        "pricing": {"model": "free", "price": None},
        "license": None,
        "url": "https://example.org/cutter",
        "capability_count": 2,
        "first_seen": None,
        "last_seen": None,
        "simulated": False,
        **changes,
    }


def capability(name: str, **changes: Any) -> dict[str, Any]:
    """A capability that says something in every field."""
    return {
        "capability_id": f"x/{name}",
        "name": name,
        "description": f"Does {name} well.",
        "unique": "Works offline.",
        "vs_alternatives": "Compared with Painter it is slower.",
        "source": "capabilities.jsonl",
        "date": "2026-05-01",
        **changes,
    }


def comparison(**changes: Any) -> dict[str, Any]:
    """Cutter against Painter: one shared capability, one of each alone, simulated evidence for Painter."""
    painter = side(
        artifact_id="painter",
        name="Painter",
        type="api",
        rank=58.34,
        low=51.0,
        high=64.2,
        completeness=1.0,
        times_matched=1234,
        clients=56,
        parts=deepcopy(PARTS_B),
        pricing={"model": "paid", "price": "$10 per month"},
        license="MIT",
        first_seen="2026-09-02",
        last_seen="2026-10-31",
        simulated=True,
    )
    return {
        "a": side(),
        "b": painter,
        "verdict": {
            "kind": "b",
            "text": "Painter ranks 12.1 points higher.",
            "margin": 12.12,
            "probability": 0.01,
            "reasons": [{"kind": "leads", "text": "More used.", "weight": 0.0}],
        },
        "shared_needs": [NEED],
        "simulated": True,
        "capabilities": {
            "shared": [{"a": capability("masking"), "b": capability("Masking"), "similarity": 0.914}],
            "only_a": [capability("cutting", unique=None)],
            "only_b": [capability("painting", date=None)],
        },
        "alternatives": [],
        "different": [
            {
                "artifact_id": "sketcher",
                "name": "Sketcher",
                "type": "model",
                "score": 0.5,
                "rank": 40.0,
                "to": ["cutter", "painter"],
                "to_scores": [0.5, 0.35],
                "reasons": [{"kind": "co_choice", "text": "Chosen for the same 3 intents.", "weight": 0.5}],
            }
        ],
        "snapshot_id": "20261101-0a1b2c3d4e5f",
        "evidence_window": {"first_seen": "2026-09-02", "last_seen": "2026-10-31"},
        **changes,
    }
