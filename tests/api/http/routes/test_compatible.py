"""A client of the hosted original finds what its contract says: paths, parameters, names and types of fields."""

from pathlib import Path

import pytest

from api.signing.documents import verify
from graph.home import Home
from graph.ledger import Ledger
from tests.api.http.serving import Client, serving

NUMBER = (int, float)


def test_search_has_the_documented_shape(client: Client) -> None:
    reply = client.get("/api/v1/search", q="segment street scenes", limit=2, type="model", source="a test")
    assert reply.status == 200
    assert reply.json["query"] == "segment street scenes"
    assert set(reply.json["intent"]) >= {"type", "category", "refined"}
    assert len(reply.json["matches"]) == 2
    artifact = reply.json["matches"][0]["artifact"]
    for name, kind in {
        "id": str, "name": str, "type": str, "url": str, "slug": str, "description": str, "categories": list,
        "verified": bool, "unfragileRank": NUMBER, "pageUrl": str,
    }.items():  # fmt: skip
        assert isinstance(artifact[name], kind), name
    assert set(artifact["pricing"]) >= {"model", "free"}
    assert artifact["unfragileRank"] == round(artifact["unfragileRank"], 1)
    capability = reply.json["matches"][0]["capabilities"][0]
    assert isinstance(capability["name"], str)
    assert 0 <= capability["matchScore"] <= 1
    assert isinstance(capability["bestFor"], list)


@pytest.mark.parametrize(
    "query", [{"q": "a"}, {"q": "a" * 501}, {}, {"q": "abc", "limit": 21}, {"q": "abc", "limit": 0}]
)
def test_search_keeps_the_documented_limits(client: Client, query: dict[str, str]) -> None:
    assert client.get("/api/v1/search", **query).status == 422


def test_search_gives_five_by_default(client: Client) -> None:
    assert len(client.get("/api/v1/search", q="images").json["matches"]) == 5


def test_resolve_has_the_documented_shape(client: Client) -> None:
    reply = client.post("/api/v1/resolve", {"intent": "segment street scenes", "limit": 2, "risk": "strict"})
    assert reply.status == 200
    assert set(reply.json) >= {"resolved", "resolvedAt", "resolveId", "resolverVersion"}
    assert reply.json["resolveId"].startswith("resolve_")
    first = reply.json["resolved"][0]
    assert set(first["artifact"]) >= {"name", "slug", "type", "url"}
    assert set(first["capability"]) >= {
        "id", "name", "intent", "description", "whyThisMatches", "vsAlternatives", "bestFor", "limitations",
    }  # fmt: skip
    assert set(first["invocation"]) >= {"language", "snippet", "requires"}
    assert set(first["trust"]) >= {"verified", "signature", "signedAt", "signedBy", "version", "unfragile"}
    assert {"slug", "name", "why_alternative"} <= set(first["alternatives"][0])
    assert 0 <= first["matchConfidence"] <= 1
    assert first["feedbackUrl"] == f"http://127.0.0.1:{client.port}/api/feedback"


def test_a_need_that_nothing_fits_has_nothing_resolved(client: Client) -> None:
    assert client.post("/api/v1/resolve", {"intent": "zxqv wjkl"}).json["resolved"] == []


def test_passports_have_the_documented_shape_and_a_signature(client: Client) -> None:
    reply = client.get("/api/v1/passport/flux-1-pro")
    body = reply.json["passport"]["unfragile"]
    assert body["@version"] == "1.0"
    assert set(body["artifact"]) >= {
        "id", "slug", "name", "type", "url", "page_url", "categories", "tags", "pricing", "status", "verified",
    }  # fmt: skip
    assert set(body["capabilities"][0]) >= {
        "id", "uri", "name", "description", "intents", "best_for", "limitations", "requires", "confidence", "matches",
        "success_rate",
    }  # fmt: skip
    assert set(body["trust"]) >= {"score", "verified", "data_access_risk", "permissions", "failure_modes"}
    assert set(body["trust"]["observed_outcomes"]) >= {"matches", "success_rate", "avg_confidence", "top_intents"}
    assert isinstance(reply.json["_links"], dict)
    keys = client.get("/.well-known/matchgraph-keys.json").json
    assert verify({name: reply.json[name] for name in ("passport", "signature")}, keys).valid
    assert client.get("/api/v1/passport/no-such-thing").status == 404


def test_manifests_sent_as_body_are_validated(client: Client) -> None:
    manifest = Path("fixtures/samples/unfragile.yml").read_bytes()
    reply = client.send("POST", "/api/v1/validate", manifest, {"Content-Type": "application/yaml"})
    assert (reply.status, reply.json["valid"], reply.json["errors"]) == (200, True, [])
    assert isinstance(reply.json["warnings"], list)
    bad = client.send("POST", "/api/v1/validate", b"unfragile_version: '1.0'", {"Content-Type": "application/yaml"})
    assert (bad.status, bad.json["valid"]) == (200, False)


def test_feedback_with_the_token_of_a_resolved_need_reaches_the_ledger(own_home: Path) -> None:
    with serving(own_home) as server:
        client = server.client()
        resolved = client.post("/api/v1/resolve", {"intent": "segment street scenes"}).json["resolved"][0]
        told = {"callbackToken": resolved["callbackToken"], "outcome": "failure", "notes": "kept out"}
        assert client.post("/api/feedback", told).status == 202
        assert client.post("/api/feedback", {**told, "callbackToken": "x"}).status == 403
    rows = Ledger.open(Home(own_home)).arrow("events").to_pylist()
    assert [(row["action"], row["actor"]) for row in rows if row["application"] == "matchgraph"] == [
        ("failure", "agent")
    ]
