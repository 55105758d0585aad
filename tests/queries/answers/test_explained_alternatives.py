from __future__ import annotations

import json
from math import log1p, prod

import pytest

from queries.answers.explained_alternatives import explained_alternatives, explained_complements
from tests.queries.rivals import rivals
from tests.queries.tables import MemorySnapshot, artifact, snapshot, table


def test_the_score_of_an_alternative_follows_from_what_is_told() -> None:
    """score = f u (1 - product of (1 - weight * value)); roadseg and cityseg are models, of which one has 90 stars."""
    opened = explained_alternatives(rivals(), "roadseg")
    assert opened["method"].startswith("alternatives/")
    assert opened["found"]
    for each in opened["found"]:
        doubts = [1 - opened["weights"][sign["kind"]] * sign["value"] for sign in each["reasons"]]
        factors = each["factors"]
        assert each["score"] == pytest.approx(factors["type"] * factors["use"] * (1 - prod(doubts)), abs=1e-4)
        assert sum(sign["weight"] for sign in each["reasons"]) == pytest.approx(1, abs=1e-3)
    best = opened["found"][0]
    assert best["artifact_id"] == "cityseg"
    assert best["factors"] == {"type": 1.0, "use": pytest.approx(0.9 + 0.1 * log1p(90) / log1p(1e5), abs=1e-6)}
    assert [(need["a_clients"], need["b_clients"]) for need in best["shared_needs"]] == [(30, 9)]


def test_a_variant_is_said_and_adds_nothing() -> None:
    rows = [artifact(f"net-{size}", name=f"acme/net-{size}", description="labels photos") for size in ("small", "xl")]
    (found,) = explained_alternatives(snapshot(rows), "net-small")["found"]
    assert [(sign["kind"], sign["value"]) for sign in found["reasons"]][-1] == ("variant", None)
    assert found["factors"] == {"type": 1.0, "use": 1.0}


def test_complements_open_to_their_counts() -> None:
    reasons = json.dumps([{"kind": "together", "text": "chosen together in 9 sessions by 7 clients", "weight": 1.0}])
    row = {"artifact_id": "a", "relation": "complement", "other_id": "b", "score": 0.5, "place": 1, "reasons": reasons}
    opened = explained_complements(MemorySnapshot({"related": table("related", [row])}), "a")
    assert "Dunning" in opened["formula"]
    (found,) = opened["found"]
    assert (found["artifact_id"], found["score"]) == ("b", 0.5)
    assert found["reasons"][0]["text"].startswith("chosen together in 9 sessions")
