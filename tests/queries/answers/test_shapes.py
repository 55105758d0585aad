from __future__ import annotations

import pytest

from queries.answers.shapes import has_simulated_evidence, k_anonymity, simulated_applications
from tests.queries.rivals import rivals
from tests.queries.tables import MemorySnapshot


def test_simulated_evidence_is_that_of_the_artifacts_asked_about() -> None:
    simulated = rivals(simulated=["sim-b", "sim-a"])
    assert simulated_applications(simulated) == ["sim-a", "sim-b"]
    assert has_simulated_evidence(simulated, ["brushy", "roadseg"])
    assert not has_simulated_evidence(simulated, ["brushy"])
    assert not has_simulated_evidence(rivals(), ["roadseg"])


@pytest.mark.parametrize(("parameters", "found"), [({"k_anonymity": 5}, 5), ({}, None), ({"k_anonymity": None}, None)])
def test_how_many_must_have_asked(parameters: dict[str, int | None], found: int | None) -> None:
    assert k_anonymity(MemorySnapshot({}, parameters)) == found
