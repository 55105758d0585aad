"""Every error is a problem document with a stable code, whatever was wrong."""

import re
from pathlib import Path

import pytest

from api.http.problems import KINDS
from tests.api.http.serving import Client

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
    reply = client.post("/v1/resolve", b"{need").json
    assert (reply["code"], reply["faults"][0]["place"]) == ("invalid-request", "body")
    assert reply["detail"].startswith("body: It is no JSON: ")
    assert reply["detail"].endswith(" (character 2)")
    assert client.post("/v1/resolve", b"[]").json["detail"] == "body: It must be a JSON object"
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
