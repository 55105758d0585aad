from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from queries.alternatives.alternative_signals import (
    CO_CHOICE_HALF,
    chosen_for,
    co_choice_signal,
    concept_signal,
    shared_choices,
)
from queries.alternatives.purposes import Catalogue
from queries.text.capability_similarity import capability_pairs
from tests.queries.tables import Row, artifact, capability, edge, table


def catalogue(artifacts: list[Row], capabilities: list[Row] | None = None) -> Catalogue:
    return Catalogue.of(table("artifacts", artifacts), table("capabilities", capabilities or []))


def dense(matrix: Any) -> Any:
    return matrix.toarray()


def test_concept_overlap_by_hand() -> None:
    """One of a's two capabilities and b's only one are the same: (1 + 1) / 3."""
    capabilities = [
        capability("a", "semantic segmentation", description="labels pixels"),
        capability("a", "video export", description="writes a film"),
        capability("b", "semantic segmentation", description="labels pixels"),
    ]
    found = catalogue([artifact("a"), artifact("b")], capabilities)
    pairs = capability_pairs(table("capabilities", capabilities))
    assert dense(concept_signal(found, pairs)) == pytest.approx(np.array([[0, 2 / 3], [2 / 3, 0]]))


def test_co_choice_by_hand() -> None:
    """Both chosen for one need only: cosine 1, shrunk by s / (s + 5) with s = sqrt(4 x 9) = 6."""
    found = catalogue([artifact("a"), artifact("b"), artifact("c")])
    edges = [edge("need", "a", 4), edge("need", "b", 9), edge("other", "c", 5)]
    chosen = chosen_for(found, table("edges", edges))
    value = dense(co_choice_signal(chosen))
    assert value[0, 1] == pytest.approx(6 / (6 + CO_CHOICE_HALF))
    assert value[0, 2] == 0
    intents, clients = shared_choices(chosen, np.array([0, 0]), np.array([1, 2]))
    assert (intents.tolist(), clients.tolist()) == ([1, 0], [6, 0])


def test_inferred_edges_and_unknown_artifacts_are_no_choice() -> None:
    found = catalogue([artifact("a"), artifact("b")])
    edges = [edge("need", "a", 4), edge("need", "b", 9, kind="inferred"), edge("need", "gone", 9)]
    assert dense(co_choice_signal(chosen_for(found, table("edges", edges)))).sum() == 0


def test_two_capabilities_of_one_artifact_do_not_double_its_clients() -> None:
    found = catalogue([artifact("a"), artifact("b")])
    edges = [edge("need", "a", 4, capability_id="a/1"), edge("need", "a", 3, capability_id="a/2"), edge("need", "b", 9)]
    assert dense(chosen_for(found, table("edges", edges))).max(axis=1).tolist() == [4, 9]
