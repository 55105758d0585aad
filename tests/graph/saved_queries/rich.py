"""A small snapshot, made by chance from a seed, in which every saved query finds something."""

from __future__ import annotations

import random
from typing import Any

from graph.home import Home
from graph.snapshot import Snapshot
from tests.graph.test_snapshot import NOW, put

DAY = 86_400_000_000
ARTIFACTS = [f"art{n}" for n in range(9)]
"""The last one is in no catalogue; the one before was never chosen."""
INTENTS = [f"int_{n:02}" for n in range(16)]


def rich_snapshot(home: Home, seed: int = 7) -> Snapshot:
    """Publish it in a home."""
    return put(home, **rich_rows(random.Random(seed)))


def rich_rows(chance: random.Random) -> dict[str, list[dict[str, Any]]]:
    """Return rows of the snapshot's tables."""
    capabilities = [(f"{artifact}/{n}", artifact) for artifact in ARTIFACTS[:-1] for n in range(3)]
    edges = [_edge(chance, intent, *chance.choice(capabilities)) for intent in INTENTS for _ in range(5)]
    edges += [_edge(chance, intent, None, chance.choice(ARTIFACTS)) for intent in INTENTS[:9] for _ in range(2)]
    edges += [_edge(chance, INTENTS[-1], None, ARTIFACTS[-1])]
    edges += [{**edge, "kind": "inferred", "times_matched": 0, "confidence": 0.5} for edge in edges[::7]]
    one_each = {(row["intent_id"], row["artifact_id"], row["capability_id"], row["kind"]): row for row in edges}
    return {
        "artifacts": [_artifact(chance, n, artifact) for n, artifact in enumerate(ARTIFACTS[:-1])],
        "capabilities": [
            {"capability_id": own, "artifact_id": artifact, "name": f"can {own}", "sources": ["s/1.jsonl"]}
            for own, artifact in capabilities
        ],
        "intents": [_intent(chance, n, intent) for n, intent in enumerate(INTENTS)],
        "edges": list(one_each.values()),
        "evidence": [_evidence(chance, artifact) for artifact in ARTIFACTS if artifact != ARTIFACTS[-2]],
        "evidence_by_actor": [
            _by_actor(chance, artifact, actor) for artifact in ARTIFACTS[:6] for actor in ("human", "agent")
        ],
        "ranks": [_rank(chance, n, artifact) for n, artifact in enumerate(ARTIFACTS[:-1])],
        "concepts": [
            {
                "concept_uri": f"capability://c{n % 4}",
                "label": f"c{n % 4}",
                "capability_id": own,
                "artifact_id": artifact,
            }
            for n, (own, artifact) in enumerate(capabilities[:16])
        ],
        "related": [
            {
                "artifact_id": a,
                "relation": chance.choice(["alternative", "complement"]),
                "other_id": b,
                "place": n,
                "score": 0.25,
            }
            for a in ARTIFACTS[:-1]
            for n, b in enumerate(chance.sample(ARTIFACTS[:-1], 4), start=1)
            if a != b
        ],
        "duplicates": [
            {"artifact_id": a, "other_id": b, "kind": "variant", "score": 0.75}
            for a, b in (ARTIFACTS[:2], ARTIFACTS[1::-1])
        ],
        "head_to_head": [
            _duel(chance, a, b, intent_key)
            for place, a in enumerate(ARTIFACTS)
            for b in ARTIFACTS[place + 1 :]
            if chance.random() < 0.5
            for intent_key in (None, 3)
        ],
    }


def _edge(chance: random.Random, intent: str, capability: str | None, artifact: str) -> dict[str, Any]:
    quiet = artifact == ARTIFACTS[-2] or intent == INTENTS[0]  # never chosen
    times = 0 if quiet else chance.choice([0, 1, 2, 5])
    return {
        "intent_id": intent,
        "intent_key": INTENTS.index(intent),
        "artifact_id": artifact,
        "capability_id": capability,
        "kind": "observed",
        "times_matched": times,
        "impressions": times + chance.randrange(30),
        "clicks": times,
        "clients": times,
        "successes": chance.randrange(4) if times else 0,
        "failures": chance.randrange(6) if times else 0,
    }


def _artifact(chance: random.Random, number: int, artifact: str) -> dict[str, Any]:
    return {
        "artifact_id": artifact,
        "name": artifact.upper(),
        "type": "model",
        "updated_at": NOW - 100 * number * DAY,
        "sources": ["s/1.jsonl"] if number % 2 else ["s/1.jsonl", 's/2 "quoted".jsonl'],
        "license": chance.choice(["MIT", None]),
    }


def _intent(chance: random.Random, number: int, intent: str) -> dict[str, Any]:
    return {
        "intent_id": intent,
        "intent_key": number,
        "label": None if number % 5 == 4 else f"need {number}",
        "texts": 1,
        "searches": chance.randrange(8, 30),
        "clients": chance.randrange(2, 9),
        "first_seen": NOW - 5 * number * DAY,
        "last_seen": NOW,
    }


def _by_actor(chance: random.Random, artifact: str, actor: str) -> dict[str, Any]:
    strength = chance.random()
    return {
        "artifact_id": artifact,
        "actor": actor,
        "times_matched": chance.randrange(9),
        "clients": chance.randrange(1, 9),
        "strength": strength,
        "strength_low": strength * 0.8,
        "strength_high": min(1.0, strength * 1.2),
        "success_rate": strength / 2 if chance.random() < 0.5 else None,
    }


def _evidence(chance: random.Random, artifact: str) -> dict[str, Any]:
    strength = chance.random()
    return {
        "artifact_id": artifact,
        "times_matched": chance.randrange(1, 20),
        "clients": chance.randrange(1, 9),
        "impressions": chance.randrange(50, 2000),
        "clicks": chance.randrange(1, 40),
        "successes": chance.randrange(9),
        "failures": chance.randrange(9),
        "strength": strength,
        "strength_low": strength * 0.8,
        "strength_high": strength * 1.1,
        "last_seen": NOW - DAY,
        "simulated": False,
    }


def _rank(chance: random.Random, number: int, artifact: str) -> dict[str, Any]:
    rank = 40 + 30 * chance.random()
    width = 30 * chance.random()
    return {"artifact_id": artifact, "rank": rank, "low": rank - width, "high": rank + width, "place": number + 1}


def _duel(chance: random.Random, a: str, b: str, intent_key: int | None) -> dict[str, Any]:
    for_a, for_b = chance.randrange(9), chance.randrange(9)
    return {
        "artifact_a": a,
        "artifact_b": b,
        "intent_key": intent_key,
        "clients": for_a + for_b + 1,
        "for_a": for_a,
        "for_b": for_b,
    }
