from __future__ import annotations

import json
from typing import Any

import pytest

from ingest.files.contract import COLUMNS
from ingest.readers.rdf import ARTIFACT_FIELDS, CAPABILITY_FIELDS, READER
from tests.ingest.reading import Found, head_of, read_bytes
from tests.ingest.samples import JSON_LD, TURTLE

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix it6: <http://data.europa.eu/it6/> .
@prefix mg: <urn:matchgraph:vocabulary#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FIRST_LINE = PREFIXES.count("\n") + 1


def read(tmp_path: Any, turtle: str) -> Found:
    return read_bytes(READER, tmp_path, PREFIXES + turtle, "c.ttl")


def artifact(tmp_path: Any, turtle: str) -> dict[str, Any]:
    found = read(tmp_path, turtle)
    assert found.rejections == []
    return found.records["artifacts"][0]


def test_own_terms_artifacts_and_capabilities(tmp_path):
    found = read_bytes(READER, tmp_path, TURTLE, "c.ttl")
    assert found.records["artifacts"][0] == {
        "artifact_id": "kite", "name": "Kite", "type": "model", "tags": ["art, modern", "wind"],
    }  # fmt: skip
    assert found.records["capabilities"] == [
        {"capability_id": "kite/draw", "artifact_id": "kite", "name": "draw kites", "limitations": ["no wind, no rain"]}
    ]
    assert found.lines == {"artifacts": [7, 16], "capabilities": [12]}


def test_the_schema_names_the_terms_of_nearly_every_column():
    ours = {"artifact_id", "status", "revised_at", "extra"}
    assert set(COLUMNS["artifacts"]) - set(ARTIFACT_FIELDS) == ours - {"status"}
    assert set(COLUMNS["capabilities"]) - set(CAPABILITY_FIELDS) == {
        "capability_id", "parameters", "uri", "revised_at", "extra",
    }  # fmt: skip


def test_schema_org(tmp_path):
    found = read_bytes(READER, tmp_path, json.dumps(JSON_LD), "c.jsonld")
    (kite,) = found.records["artifacts"]
    assert (kite["artifact_id"], kite["type"], kite["vendor"], kite["price"]) == ("kite", "app", "Ann", "3 EUR")
    assert [each["name"] for each in found.records["capabilities"]] == ["draw kites", "fly kites"]
    assert {each["artifact_id"] for each in found.records["capabilities"]} == {"kite"}


def test_dcat(tmp_path):
    found = artifact(
        tmp_path,
        """<urn:d> a dcat:Dataset ; dcterms:title "Eulen"@de, "Owls"@en ; dcterms:description "Counted." ;
           dcterms:license <https://spdx.org/licenses/CC-BY-4.0.html> ; dcterms:publisher [ foaf:name "Owl Society" ] ;
           dcat:keyword "owls", "night" ; dcat:theme <urn:t> ; dcat:landingPage <https://owl.example/> ;
           dcterms:issued "2026-01-02"^^xsd:date ; dcterms:modified "2026-02-03T04:05:06Z"^^xsd:dateTime .
           <urn:t> skos:prefLabel "Animals" .""",
    )
    assert found == {
        "artifact_id": "urn:d", "name": "Owls", "type": "dataset", "description": "Counted.", "license": "CC-BY-4.0",
        "vendor": "Owl Society", "tags": ["owls", "night", "Animals"], "url": "https://owl.example/",
        "created_at": "2026-01-02", "updated_at": "2026-02-03T04:05:06Z", "extra": {"dcterms:title": "Eulen"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("it6:MachineLearningModel", "model"),
        ("schema:SoftwareApplication, schema:WebApplication", "webapp"),
        ("schema:WebAPI", "api"),
        ("dcat:DataService", "api"),
        ("dcat:Dataset, it6:MachineLearningModel", "model"),
        ("<http://schema.org/SoftwareSourceCode>", "repo"),
    ],
)
def test_the_class_gives_the_type(tmp_path, kind, expected):
    assert artifact(tmp_path, f'<urn:a> a {kind} ; schema:name "A" .')["type"] == expected


@pytest.mark.parametrize(
    ("turtle", "expected"),
    [
        ('<urn:a> a schema:WebAPI ; dcterms:identifier "a 1" .', "a 1"),
        ("<urn:a> a schema:WebAPI ; schema:identifier 17 .", "17"),
        ("<https://a.example/b> a schema:WebAPI .", "https://a.example/b"),
        ("<urn:matchgraph:artifact/a%2Fb%20c> a mg:Artifact .", "a/b c"),
        ("<a> a mg:Artifact .", "a"),
        ('[] a schema:WebAPI ; schema:name "Red Kite" .', "red-kite"),
    ],
)
def test_where_the_id_comes_from(tmp_path, turtle, expected):
    assert artifact(tmp_path, turtle)["artifact_id"] == expected


def test_what_is_said_of_evidence_is_a_claim(tmp_path):
    found = read(
        tmp_path,
        """<a> a mg:Artifact ; mg:rank 99.5e0 ; mg:timesMatched 1000000 ; mg:downloads 7 ; schema:color "red" .
           <a/b> a mg:Capability ; mg:artifactId "a" ; schema:name "b" ; mg:timesMatched 12 .""",
    )
    (record,) = found.records["artifacts"]
    assert record["downloads"] == 7
    assert record["extra"] == {"claimed": {"rank": 99.5, "times_matched": 1000000}, "schema:color": "red"}
    assert found.records["capabilities"][0]["extra"] == {"claimed": {"times_matched": 12}}


def test_the_concept_of_a_capability(tmp_path):
    found = read(
        tmp_path,
        """<a/b> a mg:Capability ; mg:artifactId "a" ; schema:name "b" ; dcterms:subject <urn:c> .
           <urn:c> a skos:Concept ; dcterms:identifier "capability://b" .
           <a/d> a mg:Capability ; mg:artifactId "a" ; schema:name "d" ; dcterms:subject <capability://d> .""",
    )
    assert [each["uri"] for each in found.records["capabilities"]] == ["capability://b", "capability://d"]


def test_what_is_no_artifact_is_left_alone(tmp_path):
    found = read(
        tmp_path,
        """<a> a mg:Artifact ; prov:wasDerivedFrom <urn:source> .
           <urn:source> a dcat:Dataset . <urn:snapshot> a mg:Snapshot, dcat:Dataset . <urn:c> a dcat:Catalog .
           <seen> a mg:Artifact ; mg:catalogued false .""",
    )
    assert [each["artifact_id"] for each in found.records["artifacts"]] == ["a"]


@pytest.mark.parametrize(
    ("turtle", "code"),
    [
        ('[] a schema:WebAPI ; schema:description "No name." .', "missing-id"),
        ("<a> a mg:Artifact ; mg:likes -3 .", "negative-number"),
        ('<a> a mg:Artifact ; mg:likes "many" .', "wrong-type"),
        ("<a> a mg:Artifact ; mg:likes 99999999999999999999 .", "number-too-large"),
        ('<a> a mg:Artifact ; dcterms:identifier "a\\u202Eb" .', "bad-id"),
        (f'<a> a mg:Artifact ; dcterms:identifier "{"x" * 600}" .', "bad-id"),
        ('<a/b> a mg:Capability ; schema:name "b" .', "capability-without-artifact"),
        ("<a> a zz:Artifact .", "invalid-rdf"),
    ],
)
def test_wrong_entries_cost_themselves(tmp_path, turtle, code):
    found = read(tmp_path, f'{turtle}\n<good> a mg:Artifact ; schema:name "Good" .')
    assert found.codes == [(FIRST_LINE, code)]
    assert [each["artifact_id"] for each in found.records["artifacts"]] == ["good"]


def test_a_refused_entry_can_be_read_again(tmp_path):
    found = read(tmp_path, '<a> a mg:Artifact ; schema:name "A\\nB" ; mg:likes -3 .')
    raw = found.rejections[0].raw
    assert read_bytes(READER, tmp_path, raw.replace(b"-3", b"3"), "c.nt").records["artifacts"] == [
        {"artifact_id": "a", "name": "A B", "likes": 3}
    ]


def test_a_file_without_artifacts_says_what_is_wanted(tmp_path):
    found = read(tmp_path, '<urn:p> a foaf:Person ; foaf:name "Ann" .')
    assert found.codes == [(1, "nothing-described")]
    assert "schema:SoftwareApplication" in found.rejections[0].remedy


def test_an_address_that_would_run_code_is_kept_out(tmp_path):
    found = artifact(tmp_path, "<a> a mg:Artifact ; schema:url <javascript:alert(1)> .")
    assert "url" not in found


@pytest.mark.parametrize(
    "text",
    [
        "@prefix a: <urn:a> .",
        "PREFIX a: <urn:a>\n",
        "# note\n\n@base <urn:a> .",
        "_:a <urn:p> 1 .",
        "<urn:a> a <urn:b> .",
    ],
)
def test_turtle_is_recognised(tmp_path, text):
    assert READER.recognises(head_of(tmp_path, text, "c"))


@pytest.mark.parametrize(
    "text", ["<html> <body>", "<p>a b</p>", "# Kites\n\nprefix matters", "base line", "\n" * 60_000, '{"id": "a"}']
)
def test_other_texts_are_not(tmp_path, text):
    assert not READER.recognises(head_of(tmp_path, text, "c"))
