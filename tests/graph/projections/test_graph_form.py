"""The form of the graph follows from what the schema makes, not from what it says of it."""

from dataclasses import replace

import pytest

from graph.projections import graph_form as module
from graph.projections.graph_schema import NODES


def form_with(nodes: object, monkeypatch: pytest.MonkeyPatch) -> str:
    with monkeypatch.context() as changed:
        changed.setattr(module, "NODES", nodes)
        return module.graph_form.__wrapped__()


def test_other_elements_are_another_form_and_other_words_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    form = module.graph_form()
    first, *others = NODES
    own, *properties = first.properties
    described = replace(first, meaning="in other words", properties=(replace(own, meaning="as well"), *properties))
    assert form_with((described, *others), monkeypatch) == form
    for changed in (
        replace(first, id_sql="upper(artifact_id)"),
        replace(first, source="artifacts"),
        replace(first, properties=(replace(own, term="mg:name"), *properties)),
        replace(first, properties=tuple(properties)),
    ):
        assert form_with((changed, *others), monkeypatch) != form
