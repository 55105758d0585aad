from __future__ import annotations

from queries.retrieval.facets import artifact_facets, capability_facets, facet
from tests.queries.small_catalogue import artifacts, capabilities


def test_facets_are_what_the_source_states_and_no_more() -> None:
    _, papertalk, sumly, _ = artifacts().to_pylist()
    assert artifact_facets(papertalk) == ("type=mcp", "license=apache-2.0", "price=paid", "tag=documents")
    assert artifact_facets(sumly) == ("type=api", "price=paid", "tag=text", "hosting=cloud")


def test_capabilities_have_their_own() -> None:
    read_pdf, summarise = capabilities().to_pylist()
    assert capability_facets(read_pdf) == ("input=pdf", "output=text")
    assert capability_facets(summarise) == ()


def test_case_and_space_do_not_matter() -> None:
    assert facet("tag", " Speech ") == facet("tag", "speech")
