"""What every request passes: limits of size, time and number, keys, and the headers of every answer."""

import socket
from pathlib import Path

import pytest

from api.access.keys import create_key, revoke_key
from graph.home import Home
from tests.api.feedback.test_loop import observation
from tests.api.http.serving import Client, Server, serving


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: Client, server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as raw:
        raw.sendall(b"POST /v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n")
        assert b" 413 " in raw.recv(4096)
    assert client.post("/v1/resolve", b"x" * ((1 << 20) + 1)).json["code"] == "body-too-large"


def test_a_body_without_stated_length_is_bounded_too(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as raw:
        raw.sendall(
            b"POST /v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
        try:
            for _ in range(17):
                raw.sendall(chunk)
        except OSError:
            pass  # the server has closed already
        assert b" 413 " in raw.recv(4096)


@pytest.mark.parametrize("path", ["/v1/artifacts/flux-1-pro", "/", "/livez", "/v1/nothing"])
def test_head_is_answered_as_get_without_the_body(client: Client, path: str) -> None:
    asked, told = client.get(path), client.send("HEAD", path)
    assert (told.status, told.body) == (asked.status, b"")
    assert {**told.headers, "date": "", "x-request-id": ""} == {**asked.headers, "date": "", "x-request-id": ""} or (
        path == "/v1/nothing"  # its body holds the request's id
    )


def test_slow_clients_are_let_go(own_home: Path) -> None:
    with serving(own_home, receive_seconds=1) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as raw:
            raw.sendall(b"GET /livez HTTP/1.1\r\nHost:")
            assert raw.recv(4096) == b""  # closed: the head did not arrive
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as raw:
            raw.sendall(b"POST /v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
            assert b" 408 " in raw.recv(4096)


def test_callers_that_ask_too_often_are_told_when_to_come_back(own_home: Path) -> None:
    with serving(own_home, rate_limit=3) as server:
        client = server.client()
        replies = [client.get("/v1/search", q="a") for _ in range(4)]
        assert [reply.status for reply in replies] == [200, 200, 200, 429]
        assert replies[0].headers["ratelimit-remaining"] == "2"
        assert (replies[3].json["code"], replies[3].headers["retry-after"]) == ("too-many-requests", "20")
        assert client.get("/livez").status == 200


def test_where_reading_needs_a_key_nothing_is_read_without_one(own_home: Path) -> None:
    home = Home(own_home)
    reading, _ = create_key(home, "reader", ["read"], now_us=1)
    telling, _ = create_key(home, "shop", ["feedback"], now_us=1)
    with serving(own_home, read_needs_key=True) as server:
        client = server.client()
        html = {"Accept": "text/html"}
        for path in ("/", "/v1/search?q=a", "/search?q=a", "/openapi.json", "/api/v1/search?q=ab", "/mcp", "/livez/"):
            reply = client.get(path, html)
            assert (reply.status, reply.json["code"]) == (401, "key-needed"), path
            assert reply.headers["content-type"] == "application/problem+json"
            assert reply.headers["www-authenticate"] == "Bearer"
        assert client.post("/v1/resolve", {"need": "send an email"}).status == 401
        for path in ("/livez", "/readyz", "/.well-known/matchgraph-keys.json"):
            assert client.get(path).status == 200
        for path in ("/", "/v1/search?q=a"):
            assert client.get(path, {"X-API-Key": reading}).status == 200
            assert client.get(path, {"X-API-Key": telling}).json["code"] == "scope-missing"
        told = {"events": [observation(1)]}
        assert client.post("/v1/observations", told, {"X-API-Key": telling}).status == 202
        assert client.post("/v1/observations", told).json["code"] == "key-needed"


def test_every_answer_has_the_headers_that_make_it_safe(client: Client) -> None:
    for path in ("/v1/ranks", "/v1/nothing", "/livez"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers
        assert "server" not in headers


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
