"""Every error is a problem document with a stable code, whatever was wrong."""

import json
import re
import socket
from pathlib import Path

import pytest

from api.access.keys import create_key
from api.http.problems import KINDS
from graph.home import Home
from tests.api.feedback.test_loop import observation
from tests.api.http.serving import Client, Server, serving

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "http.md"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/artifacts/flux-1-prx", 404, "unknown-name"),
        ("/v1/search?q=a&type=nonsense", 404, "cannot-be-answered"),
        ("/v1/compare?a=flux-1-pro&b=flux-1-pro", 404, "cannot-be-answered"),
        ("/v1/search?q=a&limit=0", 422, "invalid-request"),
        ("/v1/search?q=a&colour=red", 422, "invalid-request"),
        ("/v1/ranks?cursor=rubbish", 404, "bad-cursor"),
        ("/v1/nothing", 404, "not-found"),
        ("/v1/search?q=" + "a" * 40_000, 400, "address-too-long"),
    ],
)
def test_what_is_wrong_has_its_code(client: Client, path: str, status: int, code: str) -> None:
    reply = client.get(path)
    assert (reply.status, reply.json["code"]) == (status, code)
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json["status"] == status
    assert reply.json["type"] == f"/problems/{code}"
    assert reply.json["request_id"] == reply.headers["x-request-id"]


def test_unknown_names_come_with_the_nearest_ones(client: Client) -> None:
    assert "FLUX.1 Pro" in client.get("/v1/artifacts/FLUX.1%20Prof").json["candidates"]


def test_wrong_methods_are_told_the_right_ones(client: Client) -> None:
    reply = client.send("DELETE", "/v1/search")
    assert (reply.status, reply.json["code"], reply.headers["allow"]) == (405, "method-not-allowed", "GET")
    assert client.send("DELETE", "/v1/sparql").headers["allow"] == "GET, POST"


def test_a_body_that_is_no_json_is_an_invalid_request(client: Client) -> None:
    assert client.post("/v1/resolve", b"{need").json["code"] == "invalid-request"
    assert client.post("/v1/resolve", b"\xff\xfe").status in (400, 422)


def test_a_body_of_another_media_type_is_refused_by_every_operation_that_takes_json(client: Client) -> None:
    paths = client.get("/openapi.json").json["paths"]
    taking = {
        path.replace("{name}", "top-artifacts"): told["post"]["responses"]
        for path, told in paths.items()
        if "application/json" in told.get("post", {}).get("requestBody", {}).get("content", {})
    }
    assert len(taking) == 10
    for path, responses in taking.items():
        for kind in ("text/plain", "application/x-www-form-urlencoded", "rubbish"):
            reply = client.send("POST", path, b'{"need": "send an email"}', {"Content-Type": kind})
            assert (reply.status, reply.json["code"]) == (415, "unsupported-media-type"), (path, kind)
        assert "415" in responses, path


def test_json_under_a_name_of_its_own_is_json_and_no_body_at_all_is_an_invalid_request(client: Client) -> None:
    need, kind = b'{"need": "send an email"}', {"Content-Type": "application/ld+json; charset=utf-8"}
    assert client.send("POST", "/v1/resolve", need, kind).status == 200
    assert client.send("POST", "/v1/resolve", need).json["code"] == "unsupported-media-type"
    assert client.send("POST", "/v1/resolve").json["code"] == "invalid-request"


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


@pytest.mark.parametrize(
    "sent",
    [
        b"rubbish\r\n\r\n",
        b"GET /livez HTTP/1.1\r\n\r\n",  # no Host
        b"POST /v1/resolve HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"GET /livez HTTP/1.1\r\nHost: x\r\nLarge: " + b"a" * 70_000,
    ],
)
def test_what_is_no_http_gets_a_problem_too(server: Server, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as raw:
        raw.sendall(sent)
        head, _, body = b"".join(iter(lambda: raw.recv(4096), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    assert b"content-security-policy: " in head
    assert json.loads(body)["code"] == "bad-request"


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


def test_every_code_is_documented_and_every_documented_code_exists() -> None:
    sections = re.findall(r"^### `([a-z-]+)` \((\d+)\)$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    assert sorted(sections) == sorted((code, str(kind.status)) for code, kind in KINDS.items())


def test_the_type_of_a_problem_leads_to_its_page(client: Client) -> None:
    for code, kind in KINDS.items():
        reply = client.get(f"/problems/{code}")
        assert (reply.status, kind.title in reply.text) == (200, True)
    assert client.get("/problems/nonsense").json["code"] == "not-found"


def test_every_code_is_raised_somewhere() -> None:
    sources = [path.read_text("utf-8") for path in (DOCUMENT.parents[1] / "api").rglob("*.py")]
    raised = {code for text in sources for code in re.findall(r'Problem\(\s*"([a-z-]+)"', text)}
    by_status = {"method-not-allowed", "bad-request", "unsupported-media-type"}  # what `_of_http` translates
    assert raised | by_status == set(KINDS)


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
