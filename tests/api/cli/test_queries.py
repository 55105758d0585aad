"""`matchgraph queries`: the saved queries from the command line."""

import json

import pytest

from api.cli import run
from api.cli.export import PASSWORD_VARIABLE
from graph.home import Home
from graph.projections.neo4j_server import Neo4jAddress
from graph.saved_queries.catalogue import saved_queries


def test_queries_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["queries", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["queries"]
    assert [each["name"] for each in listed] == [query.name for query in saved_queries()]
    assert run(["queries", "show", "rising-intents", "--language", "cypher"]) == 0
    shown = capsys.readouterr().out
    assert "30 days before the snapshot" in shown
    assert "MATCH (i:Intent)" in shown
    assert run(["queries", "show", "rising-intent"]) == 2
    assert "Did you mean: rising-intents" in capsys.readouterr().err


def test_a_query_runs_with_its_parameters(demo_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(demo_home.path)]
    assert run(["queries", "run", "demand-without-supply", "--param", "min_clients=1000", "--json", *home]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == []
    assert run(["queries", "run", "evidence-by-source", "--csv", *home]) == 0
    assert capsys.readouterr().out.startswith("source,artifacts,capabilities,chosen_artifacts,times_matched\r\n")


@pytest.mark.parametrize("parameter", ["min_clients=many", "until=1", "since=yesterday"])
def test_parameters_that_do_not_fit_are_wrong_use(
    parameter: str, demo_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["queries", "run", "rising-intents", "--param", parameter, "--home", str(demo_home.path)]) == 2
    assert parameter.split("=")[0] in capsys.readouterr().err


@pytest.mark.usefixtures("demo_neo4j")
def test_cypher_asks_the_server(
    demo_home: Home,
    neo4j_address: Neo4jAddress,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, neo4j_address.password)
    home, answers = ["--home", str(demo_home.path)], []
    for language in ("sql", "cypher", "sparql"):
        capsys.readouterr()
        asked = ["queries", "run", "lost-duels", "--language", language, "--uri", neo4j_address.uri, "--json"]
        assert run([*asked, *home]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["rows"]
