"""`matchgraph export neo4j` and `matchgraph cypher` against a real server."""

import json

import neo4j
import pytest

from api.cli import run
from api.cli.export import PASSWORD_VARIABLE
from graph.home import Home
from graph.projections.neo4j_server import Neo4jAddress

COUNT = "MATCH (a:Artifact) WHERE a.type = $type RETURN count(a) AS n"


def test_the_graph_goes_to_a_server_and_answers_there(
    demo_home: Home,
    neo4j_address: Neo4jAddress,
    empty_neo4j: neo4j.Driver,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, neo4j_address.password)
    home = ["--home", str(demo_home.path)]
    ways = []
    for _ in range(2):
        assert run(["export", "neo4j", neo4j_address.uri, "--json", *home]) == 0
        ways.append(json.loads(capsys.readouterr().out)["way"])
    assert ways == ["created", "unchanged"]
    assert run(["cypher", COUNT, "--uri", neo4j_address.uri, "--param", "type=dataset", "--json", *home]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == [{"n": 2}]
    assert run(["cypher", "MATCH (n) DETACH DELETE n", "--uri", neo4j_address.uri, *home]) == 2


def test_a_wrong_password_is_said_and_no_row_is_written(
    demo_home: Home,
    neo4j_address: Neo4jAddress,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "wrong-password")
    assert run(["export", "neo4j", neo4j_address.uri, "--home", str(demo_home.path)]) == 1
    assert PASSWORD_VARIABLE in capsys.readouterr().err
