"""Limits over the wire: headers, keys, and whose address counts behind a proxy."""

from pathlib import Path

import pytest

from api.access.keys import create_key, revoke_key
from graph.home import Home
from tests.api.http.serving import Client, serving


def search(client: Client, **headers: str) -> tuple[int, str]:
    reply = client.get("/v1/search", {name.replace("_", "-"): value for name, value in headers.items()}, q="a chart")
    return reply.status, reply.headers["ratelimit-remaining"]


def test_answers_say_what_is_left_and_keys_have_a_limit_of_their_own(own_home: Path) -> None:
    home = Home(own_home)
    key, entry = create_key(home, "shop", ["read"], now_us=1)
    with serving(own_home, rate_limit=2, rate_limit_keyed=3) as server:
        client = server.client()
        first = client.get("/v1/search", q="a chart").headers
        assert (first["ratelimit-limit"], first["ratelimit-policy"]) == ("2", "2;w=60")
        assert (first["ratelimit-remaining"], first["ratelimit-reset"]) == ("1", "30")
        assert search(client) == (200, "0")
        assert search(client) == (429, "0")
        assert search(client, X_API_Key=key) == (200, "2")
        assert search(client, Authorization=f"Bearer {key}") == (200, "1")
        revoke_key(home, entry.key_id, now_us=2)
        assert client.get("/v1/search", {"X-API-Key": key}, q="a chart").json["code"] == "unknown-key"


@pytest.mark.parametrize(("trusted", "shared"), [("", True), ("127.0.0.1", False), ("198.51.100.1", True)])
def test_a_forwarded_address_counts_from_a_trusted_proxy_alone(own_home: Path, trusted: str, shared: bool) -> None:
    with serving(own_home, rate_limit=5, trusted_proxies=trusted) as server:
        client = server.client()
        assert search(client, X_Forwarded_For="203.0.113.7") == (200, "4")
        assert search(client, X_Forwarded_For="203.0.113.8") == (200, "3" if shared else "4")
        # What a client puts before the proxy's own entry is not believed.
        assert search(client, X_Forwarded_For="192.0.2.1, 203.0.113.7") == (200, "2" if shared else "3")


def test_metrics_are_for_this_machine_and_not_for_who_comes_through_a_proxy_on_it(own_home: Path) -> None:
    key, _ = create_key(Home(own_home), "operator", ["admin"], now_us=1)
    with serving(own_home) as server:
        client = server.client()
        assert client.get("/v1/ranks", limit=1).status == 200
        assert 'matchgraph_requests_total{method="GET",route="/v1/ranks",status="200"} 1.0' in (
            client.get("/metrics").text
        )
        forwarded = {"X-Forwarded-For": "203.0.113.7"}
        assert client.get("/metrics", forwarded).json["code"] == "key-needed"
        assert client.get("/metrics", {**forwarded, "X-API-Key": key}).status == 200
