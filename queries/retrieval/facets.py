"""Facets: what a search or a list of alternatives can be narrowed to, beside words.

A facet is a name and a value. What its source does not state a thing does not have: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from queries.retrieval.hosting import hosting

_ONE_VALUE: Final = {"type": "type", "license": "license", "price": "pricing_model"}
OF_CAPABILITIES: Final = {"tag": "tags", "input": "input_types", "output": "output_types"}


def facet(name: str, value: str) -> str:
    """Return a facet as one term; case does not matter.

    >>> facet("license", "Apache-2.0 ")
    'license=apache-2.0'
    """
    return f"{name}={value.strip().casefold()}"


def artifact_facets(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the facets of a row of the table `artifacts`, as terms."""
    found = [facet(name, row[column]) for name, column in _ONE_VALUE.items() if row[column]]
    found += [facet("tag", tag) for tag in row["tags"] or ()]
    return (*found, *(facet("hosting", word) for word in sorted(hosting(row))))


def capability_facets(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the facets of a row of the table `capabilities` that are its own, as terms."""
    return tuple(facet(name, value) for name, column in OF_CAPABILITIES.items() for value in row[column] or ())
