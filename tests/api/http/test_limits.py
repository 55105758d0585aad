"""Limits over the wire: headers, keys, and whose address counts behind a proxy."""

import socket
import time
from contextlib import ExitStack
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


def test_a_server_that_has_too_much_to_do_says_so_and_goes_on(own_home: Path) -> None:
    with serving(own_home, queue_seconds=1e-6, search_threads=1, max_connections=40) as server, ExitStack() as stack:
        client = server.client()
        assert client.get("/v1/search", q="a chart").status == 200  # now it knows how long a search takes
        many = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60)) for _ in range(40)
        ]
        refused = client.get("/v1/search", q="a chart")  # a connection too many
        assert (refused.status, refused.json["code"], refused.headers["retry-after"]) == (503, "overloaded", "1")
        assert client.get("/livez").status == 200
        for each in many[20:]:
            each.close()
        while client.get("/v1/search", q="a chart").status == 503:  # until it has seen that they are closed
            time.sleep(0.1)
        for number, each in enumerate(many[:20]):
            each.sendall(f"GET /v1/search?q=chart%20{number} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answers = [read(each) for each in many[:20]]
        busy = [answer for answer in answers if answer.startswith(b"HTTP/1.1 503 ")]
        assert 0 < len(busy) < 20
        assert all(b"would wait" in answer and b"\r\nretry-after: " in answer for answer in busy)
        assert sum(answer.startswith(b"HTTP/1.1 200 ") for answer in answers) == 20 - len(busy)
        assert client.get("/v1/search", q="a chart").status == 200


def read(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))
