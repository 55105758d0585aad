"""RDF: three syntaxes that say the same, valid whatever the names are, and read back as what they were made from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import quote

import duckdb
import pyarrow as pa
import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import BadInput, WrongUse
from graph.projections.graph_schema import EDGES, NODE_OF_LABEL, NODES
from graph.projections.rdf_export import write_graph, write_rdf
from graph.projections.rdf_records import read_rdf
from graph.projections.rdf_styles import STYLES, Style, Value
from graph.projections.rdf_terms import BASE, checked_base, full, node_iri
from graph.projections.sql_views import graph_table, open_sql
from graph.schemas import TEXT, TEXTS
from graph.snapshot import Snapshot
from graph.snapshot_schemas import FLOAT
from tests.graph.hostile import NAMES

FORMATS = {
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
}


def triples(path: Path) -> set[str]:
    return set(map(str, pyoxigraph.parse(path=str(path), format=FORMATS[path.suffix[1:]])))


@pytest.mark.parametrize("which", ["rich", "hostile"])
def test_all_syntaxes_say_the_same_every_time(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    snapshot = request.getfixturevalue(which)
    for name in STYLES:
        write_rdf(snapshot, tmp_path / f"graph.{name}")
        write_rdf(snapshot, tmp_path / f"again.{name}")
        assert (tmp_path / f"graph.{name}").read_bytes() == (tmp_path / f"again.{name}").read_bytes()
    said = [triples(tmp_path / f"graph.{name}") for name in STYLES]
    assert said[0] == said[1] == said[2]
    assert len(said[0]) > 200


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # in rdflib's own parser of JSON-LD
def test_another_parser_reads_the_same(hostile: Snapshot, tmp_path: Path) -> None:
    graphs = []
    for name, style in (("nt", "nt"), ("ttl", "turtle"), ("jsonld", "json-ld")):
        write_rdf(hostile, tmp_path / f"graph.{name}")
        graphs.append(rdflib.Graph().parse(tmp_path / f"graph.{name}", format=style))
    assert len(graphs[0]) == len(triples(tmp_path / "graph.nt"))
    assert set(graphs[0]) == set(graphs[1]) == set(graphs[2])


def test_names_come_back_as_they_were(hostile: Snapshot, tmp_path: Path) -> None:
    write_rdf(hostile, tmp_path / "graph.nt")
    graph = rdflib.Graph().parse(tmp_path / "graph.nt", format="nt")
    for name in NAMES:
        subject = rdflib.URIRef(node_iri("Artifact", name))
        assert str(graph.value(subject, rdflib.URIRef(full("schema:name")))) == name
        assert str(subject) == BASE + "artifact/" + quote(name, safe="")


@pytest.mark.parametrize(
    ("which", "style"),
    [("demo_snapshot", "nt"), *((which, style) for which in ("rich", "hostile") for style in STYLES)],
)
def test_records_and_rdf_go_into_each_other(
    which: str, style: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    snapshot = request.getfixturevalue(which)
    path = tmp_path / f"graph.{style}"
    write_rdf(snapshot, path)
    records = read_rdf(path)
    for kind in (*NODES, *EDGES):
        expected = graph_table(snapshot, kind).to_pylist()
        for row in expected:
            row.update({name: sorted(set(value)) or None for name, value in row.items() if isinstance(value, list)})
        assert records[kind.view].to_pylist() == expected, kind.view
    again = tmp_path / f"again.{style}"
    _write_records(records, snapshot, again, STYLES[style])
    assert triples(again) == triples(path)


def _write_records(records: dict[str, pa.Table], snapshot: Snapshot, path: Path, style: Style) -> None:
    """Write RDF from the records alone."""
    connection = open_sql(snapshot)
    for kind in (*NODES, *EDGES):
        connection.register("records", records[kind.view])
        connection.execute(f'DROP VIEW graph."{kind.view}"')
        connection.execute(f'CREATE TABLE graph."{kind.view}" AS SELECT * FROM records')
    with path.open("wb") as file:
        write_graph(connection, file, style, BASE, snapshot)


@settings(deadline=None, max_examples=60)
@given(st.text(), st.floats(0, 1), st.lists(st.text(), max_size=3))
def test_any_text_and_number_is_the_same_in_all_syntaxes(text: str, number: float, texts: list[str]) -> None:
    said = []
    for name, style in STYLES.items():
        values = [
            Value("schema:name", "t", TEXT),
            Value("mg:rank", "n", FLOAT),
            Value("schema:keywords", "l", TEXTS),
        ]
        row = pa.table({"t": [text], "n": [number], "l": pa.array([texts], pa.list_(pa.string()))})
        written = _run(f"SELECT {style.block(repr('urn:x'), ('mg:Artifact',), values)} FROM row", row)
        document = style.head + written + style.tail
        said.append(set(map(str, pyoxigraph.parse(input=document.encode(), format=FORMATS[name]))))
    assert said[0] == said[1] == said[2]
    assert len(said[0]) == 3 + len(set(texts))


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """One for all examples: opening it takes longer than any of their queries."""
    return duckdb.connect()


def _run(query: str, row: pa.Table) -> str:
    _database().register("row", row)
    return str(_database().sql(query).fetchall()[0][0])


def test_the_owner_says_how_iris_begin(demo_snapshot: Snapshot, tmp_path: Path) -> None:
    write_rdf(demo_snapshot, tmp_path / "graph.nt", base="https://graph.example.org/id/")
    assert "<https://graph.example.org/id/artifact/aider> " in (tmp_path / "graph.nt").read_text("utf-8")
    for wrong in (
        "",
        "no-scheme/",
        "https://example.org/a b/",
        "https://example.org/x",
        "urn:x:<>/",
        "https://e.org/'/",
    ):
        with pytest.raises(WrongUse, match="cannot begin"):
            checked_base(wrong)


def test_wrong_files_are_named(demo_snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no form of RDF"):
        write_rdf(demo_snapshot, tmp_path / "graph.doc")
    (tmp_path / "broken.nt").write_text("<a> <b> .\n", "utf-8")
    with pytest.raises(BadInput, match=r"broken\.nt cannot be read as RDF"):
        read_rdf(tmp_path / "broken.nt")
    with pytest.raises(BadInput):
        read_rdf(tmp_path / "missing.nt")


def test_artifacts_belong_to_the_class_of_others_that_their_type_names(demo_snapshot: Snapshot, tmp_path: Path) -> None:
    write_rdf(demo_snapshot, tmp_path / "graph.nt")
    text = (tmp_path / "graph.nt").read_text("utf-8")
    models = graph_table(demo_snapshot, NODE_OF_LABEL["Artifact"]).column("type").to_pylist().count("model")
    assert text.count("<http://data.europa.eu/it6/MachineLearningModel> .") == models > 0
