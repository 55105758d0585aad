"""One small file of every kind for each reader, written for these tests."""

from __future__ import annotations

import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def jsonl(*rows: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def parquet(*rows: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), buffer)
    return buffer.getvalue()


ARTIFACT_ROWS = (
    {"id": "kite", "name": "Kite", "type": "model", "description": "Draws kites.", "tags": ["art"], "likes": 3},
    {"id": "owl", "name": "Owl", "type": "mcp", "url": "https://owl.example", "description": None, "tags": []},
)
CAPABILITY_ROWS = (
    {"id": "kite/draw", "artifact_id": "kite", "name": "draw kites", "description": "Draws a kite of any colour."},
    {"id": "owl/hoot", "artifact_id": "owl", "name": "hoot", "description": "Hoots.", "intents": ["hoot at night"]},
)
UBI_QUERY_ROWS = (
    {"application": "shop", "query_id": "q1", "client_id": "c1", "user_query": "red kite",
     "timestamp": "2026-01-01T00:00:00Z", "query_attributes": {}, "query_response_hit_ids": ["kite", "owl"]},
    {"application": "shop", "query_id": "q2", "client_id": "c2", "user_query": "owl",
     "timestamp": "2026-01-02T00:00:00Z", "query_attributes": {}, "query_response_hit_ids": ["owl"]},
)  # fmt: skip
UBI_EVENT_ROWS = tuple(
    {"application": "shop", "action_name": action, "query_id": "q1", "client_id": "c1", "session_id": "s1",
     "timestamp": "2026-01-01T00:00:05Z",
     "event_attributes": {"object": {"object_id": "kite", "object_id_field": "id"}, "position": {"ordinal": 1}}}
    for action in ("impression", "click")
)  # fmt: skip
OUTCOME_ROWS = (
    {"session_id": "s1", "outcome": "success", "judge": "Ann", "kind": "human"},
    {"session_id": "s2", "outcome": "failure", "judge": "m-1", "kind": "LLM judge"},
)
MANIFEST = b"""unfragile_version: "1.0"
artifact:
  name: Kite
  slug: kite
  type: model
  license: MIT
capabilities:
  - id: kite.draw
    name: draw kites
    description: Draws a kite of any colour.
    intents_served: ["I need a kite"]
  - id: kite.fly
    name: fly kites
    description: Flies them, too.
"""
PASSPORT = {
    "unfragile": {
        "version": "2026-05",
        "artifact": {"id": "kite", "slug": "kite", "name": "Kite", "type": "model", "verified": True},
        "capabilities": [
            {"id": "kite__cap_0", "name": "draw kites", "matches": 12, "success_rate": 0.9},
            {"id": "kite__cap_1", "name": "fly kites"},
        ],
        "trust": {"score": 71, "data_access_risk": "low"},
    },
    "_links": {"self": "https://kite.example"},
}
SERVERS = (
    {"name": "io.example/kite", "description": "Kites over MCP.", "version": "1.0.0",
     "repository": {"url": "https://git.example/kite", "source": "git"},
     "packages": [{"registryType": "npm", "identifier": "kite"}]},
    {"name": "io.example/owl", "description": "Owls over MCP.", "version": "2.0.0",
     "remotes": [{"type": "sse", "url": "https://owl.example/sse"}]},
)  # fmt: skip
MODEL_CARD = b"""---
license: mit
pipeline_tag: image-to-text
tags: [kites]
---
# Kite 7B

A model that tells one kite from another.

## Usage

    pip install kite
"""
COMPARE_PAGE = b"""Kite vs Owl
Kite ranks higher at 60/100 vs Owl at 40/100.
| Feature | Kite | Owl |
|---|---|---|
| Type | Model | MCP Server |
| UnfragileRank | 60/100 | 40/100 |
| Pricing | Free | Paid |
| Times Matched | 0 | 0 |
Kite Capabilities
Draws a kite of any colour. Works at night.
Unique: Knows every colour.
vs alternatives: Draws faster than by hand.
+2 more capabilities
Owl Capabilities
Hoots on demand, softly or loudly.
Unique: Never sleeps.
Verdict
Kite scores higher.
"""

TURTLE = b"""# A catalogue of two.
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix mg: <urn:matchgraph:vocabulary#> .
@prefix schema: <https://schema.org/> .

<kite> a mg:Artifact ;
    schema:name "Kite" ; schema:additionalType "model" ;
    schema:keywords "art, modern", "wind" ;
    mg:provides <kite/draw> .

<kite/draw> a mg:Capability ;
    schema:name "draw kites" ;
    mg:limitation "no wind, no rain" .

<https://owl.example/counts> a dcat:Dataset ;
    dcterms:title "Owls counted"@en, "Gezaehlte Eulen"@de ;
    dcat:keyword "owls" .
"""
N_TRIPLES = b"""<urn:kite> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://schema.org/WebApplication> .
<urn:kite> <http://schema.org/name> "Kite" .
"""
JSON_LD = {
    "@context": "https://schema.org",
    "@type": "SoftwareApplication",
    "identifier": "kite",
    "name": "Kite",
    "author": {"@type": "Person", "name": "Ann"},
    "offers": {"@type": "Offer", "price": 3, "priceCurrency": "EUR"},
    "featureList": ["draw kites", "fly kites"],
}

SAMPLES: dict[str, list[tuple[str, bytes]]] = {
    "artifacts": [
        ("a.jsonl", jsonl(*ARTIFACT_ROWS)),
        ("a.csv", b"id,name,type,stars\nkite,Kite,model,5\nowl,Owl,mcp,7\n"),
        ("a.tsv", b"id\tname\turl\nkite\tKite\thttps://k.example\nowl\tOwl\t\n"),
        ("a.parquet", parquet(*ARTIFACT_ROWS)),
        ("a.json", json.dumps(ARTIFACT_ROWS, indent=1).encode()),
    ],
    "capabilities": [
        ("c.jsonl", jsonl(*CAPABILITY_ROWS)),
        ("c.csv", b"artifact_id,name,description,limitations\nkite,draw,Draws.,no wind; no rain\nowl,hoot,Hoots.,\n"),
        ("c.parquet", parquet(*CAPABILITY_ROWS)),
        ("taxonomy.jsonl", jsonl(*[
            {"id": f"t{n}", "name": "t", "description": "d", "input_types": ["text"], "output_types": ["text"]}
            for n in range(2)
        ])),
    ],
    "ubi-queries": [("uq.jsonl", jsonl(*UBI_QUERY_ROWS)), ("uq.parquet", parquet(*[
        {name: value for name, value in row.items() if name != "query_attributes"} for row in UBI_QUERY_ROWS
    ]))],
    "ubi-events": [("ue.jsonl", jsonl(*UBI_EVENT_ROWS)), ("ue.parquet", parquet(*UBI_EVENT_ROWS))],
    "outcomes": [
        ("o.jsonl", jsonl(*OUTCOME_ROWS)),
        ("o.csv", b"query_id,artifact_id,success\nq1,kite,1\nq2,owl,0\n"),
    ],
    "judgments": [
        ("queries.jsonl", jsonl({"id": "q1", "text": "red kite", "set": "a"}, {"id": "q2", "text": "owl"})),
        ("qrels.csv", b"query_id,artifact_id,grade\nq1,kite,2\nq2,owl,1\n"),
        ("topics.csv", b"topic_id,capability_id,relevance\n1,kite/draw,2\n2,owl/hoot,-1\n"),
        ("qrels.txt", b"301 0 kite 1\n302 0 owl 0\n"),
    ],
    "manifest": [("unfragile.yml", MANIFEST), ("m.yaml", MANIFEST)],
    "passport": [
        ("p.json", json.dumps(PASSPORT, indent=2).encode()),
        ("nested.json", json.dumps({"passport": PASSPORT}).encode()),
        ("p.jsonl", jsonl(PASSPORT, {"passport": PASSPORT})),
    ],
    "mcp-registry": [
        ("server.json", json.dumps(SERVERS[0], indent=2).encode()),
        ("servers.json", json.dumps(SERVERS).encode()),
        ("servers.jsonl", jsonl(*SERVERS)),
        ("page.json", json.dumps({"servers": [{"server": server, "_meta": {}} for server in SERVERS]}).encode()),
    ],
    "rdf": [
        ("c.ttl", TURTLE),
        ("c.nt", N_TRIPLES),
        ("c.jsonld", json.dumps(JSON_LD, indent=1).encode()),
        ("graph.jsonld", json.dumps({"@context": {"@vocab": "https://schema.org/"}, "@graph": [JSON_LD]}).encode()),
        ("expanded.json", b'[{"@id": "https://kite.example/", "@type": ["https://schema.org/WebAPI"]}]'),
    ],
    "model-card": [("README.md", MODEL_CARD), ("card.md", MODEL_CARD)],
    "compare-page": [("kite-vs-owl.txt", COMPARE_PAGE), ("page.md", COMPARE_PAGE)],
    "queries": [
        ("q.txt", b"how to fly a kite\nowl at night\n"),
        ("q.log", b"2026-01-01T10:00:00Z\tred kite\n2026-01-02T10:00:00Z\towl\n"),
        ("q.csv", b"text,time\nred kite,2026-01-01\nowl,2026-01-02\n"),
        ("q.jsonl", jsonl({"query": "red kite", "timestamp": 1767225600}, {"query": "owl"})),
    ],
}  # fmt: skip
"""Files that the reader of the name, and no other, must take."""

NOBODYS = [
    ("README.md", b"# Kites\n\nA page about kites vs owls.\n"),
    ("LICENSE.txt", b"Permission is granted\nto anyone\n"),
    ("post.md", b"---\nlayout: post\ntitle: Kites\ntags: [a]\nlicense: mit\n---\nText\n"),
    ("pairs.csv", b"query_artifact_id,artifact_id,grade,via\nkite,owl,1,x\n"),
    ("alternative_to.csv", b"artifact_id,reference_name,reference_key\nkite,Owl,owl\n"),
    ("impressions.csv", b"timestamp,policy,artifact_id,position,click\n2026-01-01,r,kite,1,0\n"),
    ("tags.jsonl", b'{"name": "art", "description": "Things drawn."}\n'),
    ("config.yml", b"name: kite\nversion: 1\n"),
    ("package.json", b'{"name": "kite", "version": "1.0.0", "dependencies": {}}'),
    ("answer.json", b'{"query": "kite", "matches": [{"artifact": {"id": "kite"}}]}'),
    ("empty.jsonl", b""),
    ("blank.txt", b"\n\n \n"),
    ("binary.bin", bytes(range(256)) * 8),
    ("deep.jsonl", b"[" * 50_000),
    ("image.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
]
"""Files that no reader may take."""
