"""Catalogues in RDF: Turtle, N-Triples or JSON-LD with artifacts and capabilities.

Artifacts are of our own class, or of those of schema.org (SoftwareApplication, ...), DCAT (Dataset, DataService) and
MLDCAT-AP. Which of our terms fills which field follows from the graph's schema, so that a catalogue that was exported
can be imported. What a file says of evidence and ranks is a claim and no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from pyoxigraph import NamedNode

from graph.projections.graph_schema import ARTIFACT, CAPABILITY, EDGES
from graph.projections.graph_types import NodeType
from graph.projections.rdf_terms import BASE, IDENTIFIER
from graph.text import slug
from ingest.files.contract import COLUMNS, Chunk, Note, Rejection
from ingest.files.documents import document_text
from ingest.files.fields import Fields
from ingest.files.head import Head
from ingest.files.rdf_nodes import Node, Nodes, Object, Plain, english_first, plain
from ingest.files.rdf_triples import is_json_ld, triples
from ingest.files.rows import Parsed, Row, collect
from ingest.files.source import Source
from ingest.files.text_lines import refused
from ingest.readers.artifacts import artifact_records
from ingest.readers.capabilities import capability_record

TYPE_OF_CLASS: Final = {
    "it6:MachineLearningModel": "model",
    "mls:Model": "model",
    "schema:WebApplication": "webapp",
    "schema:WebAPI": "api",
    "dcat:DataService": "api",
    "schema:SoftwareSourceCode": "repo",
    "schema:Dataset": "dataset",
    "dcat:Dataset": "dataset",
    "schema:MobileApplication": "app",
    "schema:SoftwareApplication": "app",
}
"""Classes of others whose members are artifacts, and the type that they give: the first that fits."""

_OTHERS_FOR_BOTH: Final = {
    "name": ("dcterms:title", "rdfs:label", "skos:prefLabel", "foaf:name"),
    "description": ("dcterms:description", "schema:abstract", "rdfs:comment"),
    "tags": ("dcat:keyword", "schema:applicationCategory", "dcat:theme"),
}
_OTHERS_FOR_ARTIFACTS: Final = {
    **_OTHERS_FOR_BOTH,
    "tags": (*_OTHERS_FOR_BOTH["tags"], "dcterms:subject"),
    "url": ("dcat:landingPage", "foaf:homepage", "schema:codeRepository", "dcat:endpointURL", "schema:downloadUrl"),
    "license": ("dcterms:license",),
    "vendor": (
        "schema:publisher", "schema:creator", "schema:author", "schema:maintainer", "dcterms:publisher",
        "dcterms:creator",
    ),
    "created_at": ("schema:datePublished", "dcterms:issued", "dcterms:created"),
    "updated_at": ("dcterms:modified",),
    "status": ("schema:creativeWorkStatus",),
}  # fmt: skip
"""Terms of others for a field, asked behind the schema's own."""

_COLUMN_OF_PROPERTY: Final = {"claimed_intents": "intents"}
"""Properties that are called otherwise in the ledger."""
_LISTS: Final = frozenset(
    ("tags", "intents", "best_for", "limitations", "requires", "input_types", "output_types")
)  # fmt: skip
_NAMED: Final = frozenset(("vendor", "license", "tags"))
"""Fields whose value may be a node that has a name."""
_IDENTIFIERS: Final = (IDENTIFIER, "schema:identifier", "dc:identifier")
_NOT_FIELDS: Final = frozenset(
    ("rdf:type", *_IDENTIFIERS, "schema:featureList", "schema:offers", "schema:isAccessibleForFree", "mg:catalogued",
     *(edge.term for edge in EDGES))
)  # fmt: skip
"""Terms that are taken in another way, or that lead to other nodes of the graph."""

_ID_BASES: Final = (f"{BASE}artifact/", f"{BASE}capability/")
_KIND: Final = "rdf_kind"
_SPDX: Final = re.compile(r"https?://spdx\.org/licenses/([^/]+?)(?:\.(?:html|json))?")
_TURTLE: Final = re.compile(
    r"(?:[ \t\r]*(?:#[^\n]*)?\n)*[ \t]*(?:@(?:prefix|base)\s|(?:prefix\s+[\w.-]*:|base)\s*<|"
    r"(?:<[^<>\s]*>|_:\w\S*)\s+(?:a\s|<[^<>\s]+>\s))",
    re.IGNORECASE,
)
_JSON_LD_NAMES: Final = ("@context", "@graph", "@id", "@type")


def _terms_of_fields(node: NodeType, table: str, others: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return for each column of the ledger the terms that can fill it: first those of the graph's schema."""
    own = {_COLUMN_OF_PROPERTY.get(each.name, each.name): each.term for each in node.properties}
    names = [name for name in COLUMNS[table] if name in own or name in others]
    return {name: (*filter(None, [own.get(name)]), *others.get(name, ())) for name in names}


def _claims(node: NodeType, table: str) -> dict[str, str]:
    """Return the properties by term that a snapshot computes and no catalogue can state."""
    stated = _terms_of_fields(node, table, {})
    known = {terms[0] for terms in stated.values()} | _NOT_FIELDS
    return {each.term: each.name for each in node.properties if each.term not in known}


ARTIFACT_FIELDS: Final = _terms_of_fields(ARTIFACT, "artifacts", _OTHERS_FOR_ARTIFACTS)
CAPABILITY_FIELDS: Final = _terms_of_fields(CAPABILITY, "capabilities", _OTHERS_FOR_BOTH)
_ARTIFACT_CLAIMS: Final = _claims(ARTIFACT, "artifacts")
_CAPABILITY_CLAIMS: Final = _claims(CAPABILITY, "capabilities")


def catalogue_rows(nodes: Nodes, *, has_lines: bool) -> Iterator[Row]:
    """Yield a row for each artifact and capability. Without lines they are numbered from 1."""
    owners = {
        capability: identity(node) for node in nodes for capability in node.terms.get("mg:provides", ())
    }  # fmt: skip
    sources = {source for node in nodes for source in node.terms.get("prov:wasDerivedFrom", ())}
    number = 0
    for node in nodes:
        classes = node.classes
        if CAPABILITY.term in classes:
            values = _capability(node, nodes, owners.get(node.subject))
        elif _is_artifact(classes) and node.literal("mg:catalogued") is not False and node.subject not in sources:
            values = _artifact(node, nodes, classes)
        else:
            continue
        number += 1
        yield Row(node.line if has_lines else number, values, node.raw)


def _is_artifact(classes: list[str]) -> bool:
    """Own classes say it themselves; members of other classes of ours are no artifacts, whatever else they are."""
    if ARTIFACT.term in classes:
        return True
    return not any(each.startswith("mg:") for each in classes) and any(each in TYPE_OF_CLASS for each in classes)


def identity(node: Node) -> str:
    """Return the id that a node states, else its IRI (ours: the id within it), else the slug of its name, else ""."""
    stated = node.literal(*_IDENTIFIERS)
    if stated is not None:
        return str(stated)
    if not isinstance(node.subject, NamedNode):
        return slug(str(node.literal(*ARTIFACT_FIELDS["name"]) or ""))
    iri = node.subject.value
    base = next((base for base in _ID_BASES if iri.startswith(base)), None)
    return iri if base is None else unquote(iri.removeprefix(base))


def _artifact(node: Node, nodes: Nodes, classes: list[str]) -> dict[str, Any]:
    values = _values(node, nodes, ARTIFACT_FIELDS, _ARTIFACT_CLAIMS)
    is_ours = ARTIFACT.term in classes
    if not is_ours:
        values["tags"] = [part for tag in values.get("tags", ()) for part in str(tag).split(",")]
        values["type"] = next(kind for name, kind in TYPE_OF_CLASS.items() if name in classes)
    features = [{"name": str(plain(each))} for each in node.terms.get("schema:featureList", ())]
    licence = str(values.get("license", ""))
    spdx = _SPDX.fullmatch(licence)
    return {
        **values,
        _KIND: ARTIFACT.label,
        "artifact_id": identity(node),
        "license": spdx[1] if spdx else licence,
        "capabilities": features or None,
        "pricing": _pricing(node, nodes),
    }


def _pricing(node: Node, nodes: Nodes) -> dict[str, Any] | None:
    """Return what schema.org says of prices: the first offer, and whether it is free."""
    pricing: dict[str, Any] = {}
    if isinstance(free := node.literal("schema:isAccessibleForFree"), bool):
        pricing["free"] = free
    for each in node.terms.get("schema:offers", ()):
        offer = nodes.of(each)
        if offer is not None and (price := offer.literal("schema:price")) is not None:
            pricing["price"] = f"{price} {offer.literal('schema:priceCurrency') or ''}".strip()
            break
    return pricing or None


def _capability(node: Node, nodes: Nodes, owner: str | None) -> dict[str, Any]:
    concept = next((_concept_uri(each, nodes) for each in node.terms.get("dcterms:subject", ())), None)
    values = _values(node, nodes, CAPABILITY_FIELDS, _CAPABILITY_CLAIMS)
    return {
        **values,
        _KIND: CAPABILITY.label,
        "capability_id": identity(node),
        "artifact_id": values.get("artifact_id") or owner,
        "uri": concept,
    }


def _concept_uri(value: Object, nodes: Nodes) -> str:
    concept = nodes.of(value)
    stated = None if concept is None else concept.literal(IDENTIFIER)
    return str(plain(value) if stated is None else stated)


def _values(
    node: Node, nodes: Nodes, fields: Mapping[str, tuple[str, ...]], claims: Mapping[str, str]
) -> dict[str, Any]:
    """Return the fields of a node; `claimed` holds what it says of its own use, other terms stay as they are."""
    left = {term: english_first(found) for term, found in node.terms.items() if term not in _NOT_FIELDS}
    values: dict[str, Any] = {}
    for name, terms in fields.items():
        read = nodes.name if name in _NAMED else plain
        if name in _LISTS:
            values[name] = [read(each) for term in terms for each in left.pop(term, ())]
        elif term := next((term for term in terms if term in left), None):
            first, *others = left.pop(term)
            values[name] = read(first)
            left |= {term: others} if others else {}
    values["claimed"] = {name: _plains(left.pop(term)) for term, name in claims.items() if term in left} or None
    return {**{term: _plains(found) for term, found in left.items()}, **values}


def _plains(found: list[Object]) -> Plain | list[Plain]:
    return plain(found[0]) if len(found) == 1 else [plain(each) for each in found]


def _records(fields: Fields) -> Iterator[Parsed]:
    if fields.take(_KIND)[1] == ARTIFACT.label:
        yield from artifact_records(fields)
    else:
        yield capability_record(fields)


def _rows(source: Source) -> Iterator[Row | Rejection | Note]:
    text = document_text(source)
    if not isinstance(text, str):
        yield text
        return
    nodes, found_any = Nodes(), False
    for item in triples(text, _ID_BASES[0]):
        if isinstance(item, Rejection):
            found_any = True
            yield item
        else:
            nodes.add(*item)
    for row in catalogue_rows(nodes, has_lines=not is_json_ld(text)):
        found_any = True
        yield row
    if not found_any and any(nodes):
        reason = "the file describes no artifact and no capability"
        remedy = "Give what is to be listed a class, for example schema:SoftwareApplication or dcat:Dataset."
        yield refused(1, "nothing-described", reason, remedy, text.encode())


class RdfReader:
    """Reader of catalogues in RDF."""

    name = "rdf"
    title = "catalogue in RDF: own terms, schema.org, DCAT (Turtle, N-Triples, JSON-LD)"
    tables: tuple[str, ...] = ("artifacts", "capabilities")

    def recognises(self, head: Head) -> bool:
        """Take JSON with the keywords of JSON-LD, and texts that begin with a prefix or a triple."""
        if head.is_parquet:
            return False
        if head.text.lstrip()[:1] in ("{", "["):
            return not head.fields.isdisjoint(_JSON_LD_NAMES)
        return _TURTLE.match(head.text) is not None

    def read(self, source: Source) -> Iterator[Chunk | Rejection | Note]:
        """Yield artifacts and capabilities."""
        return collect(_rows(source), _records)


READER = RdfReader()
