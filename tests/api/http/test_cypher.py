"""Cypher over HTTP and as a tool for agents: on the real server, reading only, within a budget, with clear errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client.client import Client as McpClient

from api.http.problems import KINDS
from graph.home import Home
from graph.projections.neo4j_export import export_to_neo4j
from graph.projections.neo4j_server import Neo4jAddress, neo4j_driver
from graph.snapshot import Snapshot
from tests.api.http.serving import Client, serving

BEST = "MATCH (a:Artifact) WHERE a.type = $type RETURN a.id AS id, a.rank AS rank ORDER BY rank DESC, id LIMIT 3"


def settings_of(address: Neo4jAddress, **others: Any) -> dict[str, Any]:
    given = {"neo4j_uri": address.uri, "neo4j_password": address.password, "queries_need_key": False}
    return {**given, "query_seconds": 8, "request_seconds": 60, "query_rows": 200, **others}


@pytest.fixture(scope="module")
def loaded(demo_home: Home, neo4j_address: Neo4jAddress) -> Neo4jAddress:
    """The server, which holds the demo's snapshot."""
    with neo4j_driver(neo4j_address) as driver:
        export_to_neo4j(Snapshot.open(demo_home), driver)
    return neo4j_address


@pytest.fixture(scope="module")
def client(demo_home: Home, loaded: Neo4jAddress) -> Iterator[Client]:
    with serving(demo_home.path, **settings_of(loaded)) as server:
        yield server.client()


def test_cypher_is_answered_with_rows_and_the_snapshot_that_the_server_holds(client: Client) -> None:
    answer = client.post("/v1/cypher", {"query": BEST, "parameters": {"type": "model"}}).json
    sql = "SELECT id, rank FROM graph.artifact WHERE type = 'model' ORDER BY rank DESC, id LIMIT 3"
    assert answer == client.post("/v1/sql", {"query": sql}).json
    cut = client.post("/v1/cypher", {"query": "MATCH (a:Artifact) RETURN a.id", "limit": 2}).json
    assert (len(cut["rows"]), cut["truncated"]) == (2, True)


@pytest.mark.parametrize("name", ["rising-intents", "hidden-gems"])  # one has a time among its parameters
def test_saved_queries_give_the_same_rows_in_each_language(client: Client, name: str) -> None:
    sql, cypher, sparql = (
        client.post(f"/v1/queries/{name}", {"language": language}).json for language in ("sql", "cypher", "sparql")
    )
    assert sql["columns"]
    assert cypher == sql
    assert sparql == sql


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("CREATE (n:Stranger) RETURN n", "query-refused"),
        ("LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line", "query-refused"),
        ("RETURN $missing", "query-refused"),
        ("no query", "query-refused"),
        ("UNWIND range(1, 1000000000) AS x UNWIND range(1, 1000000000) AS y RETURN count(x + y)", "over-budget"),
        # A quarter of a million letters by doubling: adding them one by one keeps the server busy for minutes.
        ("UNWIND range(1, 100) AS x RETURN reduce(t = 'a', i IN range(1, 18) | t + t) AS long", "over-budget"),
    ],
)
def test_what_cannot_be_run_has_its_code(client: Client, query: str, code: str) -> None:
    reply = client.post("/v1/cypher", {"query": query})
    assert (reply.status, reply.json["code"]) == (KINDS[code].status, code)
    assert client.get("/livez").status == 200


def test_cypher_needs_a_key_like_all_queries(demo_home: Home, loaded: Neo4jAddress) -> None:
    with serving(demo_home.path, **settings_of(loaded, queries_need_key=True)) as server:
        assert server.client().post("/v1/cypher", {"query": "RETURN 1"}).json["code"] == "key-needed"


def test_without_a_server_it_is_said_what_to_do(demo_home: Home) -> None:
    with serving(demo_home.path, queries_need_key=False) as server:
        asked = [("/v1/cypher", {"query": "RETURN 1"}), ("/v1/queries/hidden-gems", {"language": "cypher"})]
        for path, told in asked:
            reply = server.client().post(path, told)
            assert (reply.status, reply.json["code"]) == (501, "no-graph-server")
            assert "neo4j_uri" in reply.json["detail"]


def test_a_server_that_is_away_is_a_problem_that_does_not_name_it(demo_home: Home) -> None:
    away = Neo4jAddress("bolt://127.0.0.1:9", password="secret-word")
    with serving(demo_home.path, **settings_of(away)) as server:
        reply = server.client().post("/v1/cypher", {"query": "RETURN 1"})
    assert (reply.status, reply.json["code"], reply.headers["retry-after"]) == (503, "graph-server-trouble", "10")
    assert "127.0.0.1" not in reply.text
    assert "secret-word" not in reply.text


def test_agents_find_the_tool_where_there_is_a_server(client: Client) -> None:
    async def run() -> tuple[list[str], Any, Any]:
        async with McpClient(f"http://127.0.0.1:{client.port}/mcp") as agent:
            tools = [tool.name for tool in (await agent.list_tools()).tools]
            answer = await agent.call_tool("cypher", {"query": BEST, "parameters": {"type": "model"}})
            return tools, answer, await agent.call_tool("run_query", {"name": "hidden-gems", "language": "cypher"})

    tools, answer, saved = anyio.run(run)
    assert "cypher" in tools
    assert len(answer.structured_content["rows"]) == 3
    assert not saved.is_error


def test_an_empty_server_is_a_problem(demo_home: Home, client: Client, loaded: Neo4jAddress, tmp_path: Path) -> None:
    with neo4j_driver(loaded) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
        try:
            assert client.post("/v1/cypher", {"query": "RETURN 1"}).json["code"] == "graph-server-trouble"
        finally:
            export_to_neo4j(Snapshot.open(demo_home), driver)
