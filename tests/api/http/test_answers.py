"""The HTTP API gives the answers that the command line gives."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from api.access.keys import create_key
from api.cli.app import app
from graph.home import Home
from queries.answers.explained_rows import without_file_names
from tests.api.http.serving import Client, Server, serving


def command_line(server: Server, *arguments: str) -> Any:
    result = CliRunner().invoke(app, [*arguments, "--json", "--home", str(server.home)], standalone_mode=False)
    assert result.exception is None
    return json.loads(result.stdout)


def with_sources_named(answer: Any) -> Any:
    """Put names in the place of the two files that describe the demo's artifacts."""
    text = json.dumps(answer)
    for name in ("artifacts", "capabilities"):
        text = text.replace(f"fixtures/{name}.jsonl", name)
    return json.loads(text)


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/v1/artifacts/flux-1-pro", ["show", "flux-1-pro"]),
        ("/v1/artifacts/FLUX.1%20Pro", ["show", "FLUX.1 Pro"]),
        ("/v1/compare?a=flux-1-pro&b=dall-e-3", ["compare", "flux-1-pro", "dall-e-3"]),
        ("/v1/alternatives?artifact=flux-1-pro&limit=3", ["alternatives", "flux-1-pro", "--limit", "3"]),
        (
            "/v1/alternatives?artifact=flux-1-pro&tags=image-generation&other_vendor=true&diversity=0.5",
            ["alternatives", "flux-1-pro", "--tag", "image-generation", "--other-vendor", "--diversity", "0.5"],
        ),
    ],
)
def test_an_answer_equals_that_of_the_command_line(
    server: Server, client: Client, path: str, arguments: list[str]
) -> None:
    assert client.get(path).json == with_sources_named(command_line(server, *arguments))


@pytest.mark.parametrize(
    "path",
    [
        "/v1/artifacts/flux-1-pro",
        "/v1/compare?a=flux-1-pro&b=dall-e-3",
        "/v1/explain?subject=flux-1-pro",
        "/v1/explain?query=readable%20text%20in%20pictures",
        "/artifacts/flux-1-pro",
        "/compare/flux-1-pro-vs-dall-e-3",
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/markdown"])
def test_a_source_has_a_name_and_no_file(client: Client, path: str, accept: str) -> None:
    told = client.get(path, {"Accept": accept}).text
    assert "fixtures/" not in told
    assert ".jsonl" not in told


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/v1/explain?subject=flux-1-pro", ["flux-1-pro"]),
        ("/v1/explain?query=readable%20text%20in%20pictures", ["--query", "readable text in pictures"]),
        ("/v1/explain?subject=flux-1-pro&other=dall-e-3", ["flux-1-pro", "dall-e-3"]),
    ],
)
def test_an_explanation_equals_that_of_the_command_line_but_for_files(
    server: Server, client: Client, path: str, arguments: list[str]
) -> None:
    told, own = client.get(path).json, command_line(server, "explain", *arguments)
    assert told == with_sources_named(without_file_names(own))
    assert own["rows"]["choices"][0]["source"].endswith("ubi_events.jsonl")
    assert "ubi_" not in json.dumps(told["rows"])


def test_the_operator_sees_the_files(own_home: Path) -> None:
    key, _ = create_key(Home(own_home), "operator", ["admin"], now_us=1)
    plain, _ = create_key(Home(own_home), "reader", ["read"], now_us=1)
    with serving(own_home) as server:
        path, own = "/v1/explain?subject=flux-1-pro", command_line(server, "explain", "flux-1-pro")
        assert server.client().get(path, {"X-API-Key": key}).json == own
        assert server.client().get(path, {"X-API-Key": plain}).json == with_sources_named(without_file_names(own))


@pytest.mark.parametrize(
    ("path", "key", "arguments"),
    [
        ("/v1/ranks?limit=7", "ranks", ["rank", "--limit", "1000"]),
        ("/v1/ranks?limit=4&type=model", "ranks", ["rank", "--type", "model", "--limit", "1000"]),
        ("/v1/edges?limit=500", "edges", ["edges"]),
        ("/v1/edges?limit=5&artifact=flux-1-pro", "edges", ["edges", "--artifact", "flux-1-pro"]),
        ("/v1/edges?limit=5&intent=street%20scene", "edges", ["edges", "--intent", "street scene"]),
    ],
)
def test_all_pages_together_equal_the_list_of_the_command_line(
    server: Server, client: Client, path: str, key: str, arguments: list[str]
) -> None:
    found: list[Any] = []
    following: str | None = path
    while following is not None:
        reply = client.get(following)
        found += reply.json[key]
        link = reply.headers.get("link")
        following = link[1 : link.index(">")] if link else None
        assert (following is None) == (reply.json["next_cursor"] is None)
    assert found == command_line(server, *arguments)[key]


def test_a_search_equals_that_of_the_command_line_but_for_id_and_tokens(server: Server, client: Client) -> None:
    found = client.get("/v1/search", q="segment street scenes", limit=3).json
    assert found.pop("query_id").startswith("q_")
    assert all(len(hit.pop("callback_token")) > 60 for hit in found["hits"])
    assert found == command_line(server, "search", "segment street scenes", "--limit", "3")


def test_a_need_resolves_to_one_answer_with_alternatives(client: Client) -> None:
    found = client.post("/v1/resolve", {"need": "semantic segmentation of street photos", "alternatives": 2}).json
    assert found["resolved"]["artifact_id"] == "mask2former-swin-large-cityscapes-semantic"
    assert found["resolved"]["capability"]["name"] == "semantic segmentation"
    assert len(found["alternatives"]) == 2
    assert found["callback_token"]


def test_a_need_that_nothing_fits_resolves_to_nothing(client: Client) -> None:
    found = client.post("/v1/resolve", {"need": "zxqv wjkl"}).json
    assert (found["resolved"], found["callback_token"]) == (None, None)
    assert found["message"]


@pytest.mark.parametrize("noun", ["artifacts", "capabilities", "concepts", "intents"])
def test_lists_of_things_lead_to_each_thing(client: Client, noun: str) -> None:
    first = client.get(f"/v1/{noun}", limit=1).json[noun][0]
    key = "concept_uri" if noun == "concepts" else f"{noun[:-3] + 'y' if noun == 'capabilities' else noun[:-1]}_id"
    reply = client.get(f"/v1/{noun}/{quote(first[key])}")
    assert reply.status == 200
    found = reply.json["artifact"] if noun == "artifacts" else reply.json
    assert found[key] == first[key]


def test_an_answer_is_not_sent_again_to_who_has_it(client: Client) -> None:
    etag = client.get("/v1/compare", a="flux-1-pro", b="dall-e-3").headers["etag"]
    again = client.get("/v1/compare?a=flux-1-pro&b=dall-e-3", headers={"If-None-Match": etag})
    assert (again.status, again.body) == (304, b"")
    assert client.get("/v1/compare?a=flux-1-pro&b=dall-e-3", headers={"If-None-Match": 'W/"x"'}).status == 200


def test_manifests_are_checked_without_being_stored(client: Client) -> None:
    good = "unfragile_version: '1.0'\nartifact: {name: A}\ncapabilities: [{name: c, description: " + "d" * 100 + "}]"
    found = client.post("/v1/manifests/validate", {"manifest": good}).json
    assert (found["valid"], found["errors"]) == (True, [])
    assert {each["code"] for each in found["warnings"]} == {"no-execution", "no-failure-modes", "few-capabilities"}
    bad = client.post("/v1/manifests/validate", {"manifest": "artifact: {}"}).json
    assert (bad["valid"], bad["errors"][0]["code"]) == (False, "invalid-manifest")


def test_health_and_figures(client: Client) -> None:
    assert client.get("/livez").json["status"] == "ok"
    assert client.get("/readyz").json["snapshot_id"] == client.get("/v1/snapshots").json["serving"]
    assert "matchgraph_requests_total" in client.get("/metrics").text
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status == 401
