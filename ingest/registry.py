"""Which formats there are, and which of them a file has."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

from graph.errors import WrongUse
from ingest.files.contract import Reader
from ingest.files.head import Head

MODULES: Final = {
    "ubi-events": "ubi_events",
    "ubi-queries": "ubi_queries",
    "passport": "passport",
    "mcp-registry": "mcp_registry",
    "rdf": "rdf",
    "outcomes": "outcomes",
    "judgments": "judgments",
    "capabilities": "capabilities",
    "artifacts": "artifacts",
    "manifest": "manifest",
    "model-card": "model_card",
    "compare-page": "compare_page",
    "queries": "bare_queries",
}
"""Format names and their modules, in the order in which they are asked: the most specific first."""


@cache
def reader(name: str) -> Reader:
    """Return the reader of a format; raises `WrongUse` naming the formats if there is none of that name."""
    if name not in MODULES:
        raise WrongUse(f"No format is called {name!r}. Formats: {', '.join(MODULES)}.")
    found: Reader = import_module(f"ingest.readers.{MODULES[name]}").READER
    return found


def recognise(head: Head) -> Reader | None:
    """Return the reader that takes a file of this beginning, or None."""
    return next((found for found in map(reader, MODULES) if found.recognises(head)), None)
