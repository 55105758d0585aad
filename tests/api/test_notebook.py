from __future__ import annotations

import pytest

from api.notebook import Notebook
from graph.errors import UnknownName
from graph.home import Home
from queries.answers.constraints import Constraints


@pytest.fixture(scope="module")
def notebook(demo_home: Home) -> Notebook:
    return Notebook(demo_home.path)


def test_a_comparison_shows_itself_and_holds_its_data(notebook: Notebook) -> None:
    answer = notebook.compare("FLUX.1 Pro", "DALL-E 3")
    assert answer.data["a"]["artifact_id"] == "flux-1-pro"
    shown = answer._repr_html_()
    assert "<h1>FLUX.1 Pro vs DALL-E 3</h1>" in shown
    assert answer.data["verdict"]["text"].split(":")[0] in shown
    assert "<html" not in shown
    assert "<script" not in shown
    assert str(answer).startswith("FLUX.1 Pro vs DALL-E 3")


def test_a_rank_list_and_an_explanation_show_themselves(notebook: Notebook) -> None:
    assert "<table>" in notebook.rank(type="model", limit=3)._repr_html_()
    assert len(notebook.rank(type="model", limit=3).data["ranks"]) == 3
    assert "What would raise it" in notebook.explain("FLUX.1 Pro")._repr_html_()
    assert notebook.explain("FLUX.1 Pro", "DALL-E 3").data["kind"] == "comparison"


def test_alternatives_show_themselves_with_their_reasons(notebook: Notebook) -> None:
    answer = notebook.alternatives("FLUX.1 Pro", Constraints(type="model"), limit=2, other_vendor=True)
    assert len(answer.data["alternatives"]) == 2
    assert "<h1>Alternatives to FLUX.1 Pro</h1>" in answer._repr_html_()
    assert answer.data["alternatives"][0]["reasons"][0]["text"].split("“")[0] in str(answer)


def test_explanations_end_in_rows_of_the_ledger_and_open_searches_too(notebook: Notebook) -> None:
    assert notebook.explain("FLUX.1 Pro").data["rows"]["catalogue"]
    search = notebook.explain(query="readable text in pictures")
    assert search.data["kind"] == "search"
    assert "Rows of the ledger" in search._repr_html_()


def test_a_history_shows_itself(notebook: Notebook) -> None:
    assert "FLUX.1 Pro, over the snapshots" in str(notebook.history("FLUX.1 Pro"))


def test_queries_show_themselves_as_tables(notebook: Notebook) -> None:
    best = notebook.sql("SELECT name FROM graph.artifact WHERE id = $id", {"id": "aider"})
    assert "<td>Aider</td>" in best._repr_html_()
    named = notebook.sparql("SELECT ?name { ?a dcterms:identifier ?id ; schema:name ?name }", {"id": "aider"})
    assert named.rows() == best.rows()
    duels = notebook.query("lost-duels", {"min_clients": 2})
    assert duels.arrow.num_rows > 0
    assert f"<th>{duels.columns[0]}</th>" in duels._repr_html_()


def test_an_unknown_name_names_the_nearest(notebook: Notebook) -> None:
    with pytest.raises(UnknownName, match="FLUX"):
        notebook.compare("FLUX.1 Prro", "DALL-E 3")
