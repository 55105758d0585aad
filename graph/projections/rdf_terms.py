"""Names in RDF: prefixes, IRIs of nodes and statements, datatypes. The terms themselves are in the graph's schema.

Terms of others (schema.org, SKOS, DCAT, Dublin Core, PROV-O) come before ours. Ours, and the nodes of a graph whose
owner gives no IRI of his own, are URNs: nothing is promised to answer at an address that nobody serves.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

import pyarrow as pa

from graph.errors import WrongUse
from graph.projections.graph_types import BOOL, TIME, EdgeType
from graph.schemas import INT, TEXT, TEXTS
from graph.snapshot_schemas import FLOAT

PREFIXES: Final = {
    "mg": "urn:matchgraph:vocabulary#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "it6": "http://data.europa.eu/it6/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefixes of every file that is written, and known to every query."""

BASE: Final = "urn:matchgraph:"
"""What the IRIs of nodes begin with, unless the owner of the graph gives another beginning."""

IDENTIFIER: Final = "dcterms:identifier"
"""Property that holds a node's id as it is."""

SNAPSHOT_CLASS: Final = "mg:Snapshot"
WIDER: Final = {"mg:Artifact": "schema:CreativeWork", "mg:Source": "dcat:Dataset", SNAPSHOT_CLASS: "prov:Entity"}
"""Classes of others that nodes of ours belong to as well."""
CLASS_OF_TYPE: Final = {
    "model": "it6:MachineLearningModel",
    "dataset": "dcat:Dataset",
    "api": "dcat:DataService",
    "app": "schema:SoftwareApplication",
    "webapp": "schema:WebApplication",
    "repo": "schema:SoftwareSourceCode",
}
"""Classes of others (MLDCAT-AP, DCAT, schema.org) that artifacts of a type belong to besides."""

DATATYPES: Final[dict[pa.DataType, str]] = {
    TEXT: "xsd:string",
    TEXTS: "xsd:string",
    INT: "xsd:integer",
    FLOAT: "xsd:double",
    BOOL: "xsd:boolean",
    TIME: "xsd:dateTime",
}

_BASE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&*+,;=%-]*")


def full(compact: str) -> str:
    """Return the IRI of a compact one.

    >>> full("schema:name")
    'https://schema.org/name'
    """
    prefix, _, name = compact.partition(":")
    return PREFIXES[prefix] + name


def node_iri(label: str, node_id: str, base: str = BASE) -> str:
    """Return the IRI of a node; all characters but letters, digits and `-._~` are percent-encoded as UTF-8.

    >>> node_iri("Artifact", "stable diffusion/xl")
    'urn:matchgraph:artifact/stable%20diffusion%2Fxl'
    """
    return f"{base}{label.lower()}/{quote(node_id, safe='')}"


def statement_class(edge: EdgeType) -> str:
    """Return the class of the statements about edges of a type, where they have properties.

    >>> from graph.projections.graph_schema import EDGES
    >>> sorted({statement_class(edge) for edge in EDGES if edge.properties})[:2]
    ['mg:AlternativeToStatement', 'mg:ComplementsStatement']
    """
    return f"mg:{''.join(word.capitalize() for word in edge.type.split('_'))}Statement"


def checked_base(base: str) -> str:
    """Return a beginning of IRIs; raises `WrongUse` if nodes' IRIs would not be absolute and valid with it."""
    if not _BASE.fullmatch(base) or not base.endswith(("/", "#", ":")):
        raise WrongUse(
            f"{base!r} cannot begin the IRIs of nodes: it must be absolute, of plain characters, and end in / or # "
            "or :, such as https://graph.example.org/id/"
        )
    return base
