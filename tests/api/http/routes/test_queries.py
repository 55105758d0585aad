"""Analysts' queries over HTTP: for keys alone, within a budget, and never more than reading."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.access.keys import create_key
from api.http.problems import KINDS
from graph.home import Home
from graph.saved_queries.catalogue import saved_queries
from tests.api.http.serving import Client, Server, serving, serving_a_reader

TYPES = "SELECT type, count(*) AS n FROM artifacts WHERE type = $type GROUP BY type"
ENDLESS = "SELECT sum(a.range * b.range) AS n FROM range(1000000) a, range(1000000) b"


@pytest.fixture(scope="module")
def asking(demo_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server that lets queries run for two seconds, and the headers of a reader."""
    with serving_a_reader(demo_home, tmp_path_factory.mktemp("asked"), query_seconds=2, query_rows=5) as asked:
        yield asked


def test_sql_is_answered_with_rows(asking: tuple[Server, dict[str, str]]) -> None:
    server, key = asking
    client = server.client()
    answer = client.post("/v1/sql", {"query": TYPES, "parameters": {"type": "model"}}, key).json
    models = client.get("/v1/ranks", type="model", limit=1).json["total"]
    assert (answer["columns"], answer["rows"]) == (["type", "n"], [{"type": "model", "n": models}])
    assert answer["truncated"] is False
    assert answer["snapshot_id"] == client.get("/readyz").json["snapshot_id"]


def test_files_of_sources_are_seen_with_the_scope_admin_alone(
    asking: tuple[Server, dict[str, str]], demo_home: Home
) -> None:
    server, key = asking
    admin, _ = create_key(Home(server.home), "operator", ["admin"], now_us=1)
    client, query = server.client(), {"query": "SELECT sources FROM artifacts LIMIT 1"}
    assert client.post("/v1/sql", query, key).json["rows"] == [{"sources": ["artifacts"]}]
    assert client.post("/v1/sql", query, {"X-API-Key": admin}).json["rows"] == [
        {"sources": ["fixtures/artifacts.jsonl"]}
    ]


@pytest.mark.parametrize("limit", [3, 1_000])
def test_rows_beyond_the_limit_are_cut_off_and_it_is_said(asking: tuple[Server, dict[str, str]], limit: int) -> None:
    server, key = asking
    answer = server.client().post("/v1/sql", {"query": "SELECT * FROM range(100)", "limit": limit}, key).json
    assert (len(answer["rows"]), answer["truncated"]) == (min(limit, 5), True)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("DROP TABLE artifacts", "query-refused"),
        ("SELECT * FROM read_csv('/etc/passwd')", "query-refused"),
        ("SELEC 1", "query-refused"),
        ("SELECT $missing", "query-refused"),
        (ENDLESS, "over-budget"),
        ("SELECT repeat('a', 20000000) AS long", "over-budget"),
    ],
)
def test_what_cannot_be_run_has_its_code(asking: tuple[Server, dict[str, str]], query: str, code: str) -> None:
    server, key = asking
    reply = server.client().post("/v1/sql", {"query": query}, key)
    assert (reply.status, reply.json["code"]) == (KINDS[code].status, code)
    assert server.client().get("/livez").status == 200


def test_queries_need_a_key_unless_the_operator_opens_them(
    asking: tuple[Server, dict[str, str]], own_home: Path
) -> None:
    reply = asking[0].client().post("/v1/sql", {"query": "SELECT 1 AS n"})
    assert (reply.status, reply.json["code"]) == (401, "key-needed")
    with serving(own_home, queries_need_key=False) as opened:
        assert opened.client().post("/v1/sql", {"query": "SELECT 1 AS n"}).json["rows"] == [{"n": 1}]


def test_searches_do_not_wait_for_queries(asking: tuple[Server, dict[str, str]]) -> None:
    server, key = asking
    client: Client = server.client()
    running = [threading.Thread(target=client.post, args=("/v1/sql", {"query": ENDLESS}, key)) for _ in range(4)]
    for each in running:
        each.start()
    began = time.monotonic()
    assert client.get("/v1/search", q="draw a chart of the weather").status == 200
    assert time.monotonic() - began < 2  # before the first of the queries was stopped
    for each in running:
        each.join()


def test_saved_queries_are_listed_and_run_by_name(asking: tuple[Server, dict[str, str]]) -> None:
    server, key = asking
    client = server.client()
    listed = client.get("/v1/queries").json["queries"]
    assert [query["name"] for query in listed] == [query.name for query in saved_queries()]
    for query in listed:
        answer = client.post(f"/v1/queries/{query['name']}", {}, key)
        assert answer.status == 200, answer.text
        assert answer.json["columns"] == list(query["columns"])
    assert client.post(f"/v1/queries/{listed[0]['name']}", {}).json["code"] == "key-needed"


def test_a_saved_query_refuses_other_names_and_values(asking: tuple[Server, dict[str, str]]) -> None:
    server, key = asking
    client = server.client()
    name, parameter = next((query.name, *query.parameters) for query in saved_queries() if query.parameters)[:2]
    reply = client.post("/v1/queries/hidden-gem", {}, key)
    assert (reply.status, "hidden-gems" in reply.json["candidates"]) == (404, True)
    for wrong in ({parameter: True}, {"nonsense": 1}):
        reply = client.post(f"/v1/queries/{name}", {"parameters": wrong}, key)
        assert (reply.status, reply.json["code"]) == (400, "query-refused")
