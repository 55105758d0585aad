from __future__ import annotations

from typing import Any

import pytest

from graph.errors import UnknownName
from queries.answers.passport import passport, pricing_block, success_rate
from tests.queries.rivals import PICTURES, STREETS
from tests.queries.tables import artifact, capability, edge, snapshot

EXTRA = '{"trust": {"data_access_risk": "low", "permissions": ["network"], "failure_modes": [{"mode": "slow"}, 7]}}'
ARTIFACTS = [artifact("seg", extra=EXTRA, pricing_model="paid", price="$1", tags=["vision"]), artifact("new")]
EDGES = [
    edge(STREETS, "seg", 9, capability_id="seg/cut-out", successes=3, failures=1),
    edge(PICTURES, "seg", 4, capability_id="seg/cut-out"),
    edge("an inferred need", "seg", 5, kind="inferred"),
]


@pytest.fixture(scope="module")
def found() -> Any:
    return snapshot(ARTIFACTS, [capability("seg", "cut out")], EDGES, texts=[STREETS, PICTURES])


def test_what_was_observed_is_counted_and_what_was_inferred_is_not(found: Any) -> None:
    (told,) = passport(found, "seg")["unfragile"]["capabilities"]
    assert (told["matches"], told["success_rate"]) == (13, 0.75)
    outcomes = passport(found, "seg")["unfragile"]["trust"]["observed_outcomes"]
    assert outcomes["top_intents"] == [STREETS, PICTURES]


def test_what_is_not_known_is_null_and_nothing_is_verified(found: Any) -> None:
    body = passport(found, "new")["unfragile"]
    assert body["artifact"]["pricing"] == {"model": "unknown", "free": None, "starting_price": None}
    assert body["artifact"]["verified"] is body["trust"]["verified"] is False
    observed = body["trust"]["observed_outcomes"]
    assert (observed["matches"], observed["success_rate"], observed["first_seen"]) == (0, None, None)
    assert body["trust"]["data_access_risk"] is None


def test_what_the_source_states_of_trust_is_repeated(found: Any) -> None:
    trust = passport(found, "seg")["unfragile"]["trust"]
    assert (trust["data_access_risk"], trust["permissions"], trust["failure_modes"]) == ("low", ["network"], ["slow"])


def test_an_unknown_artifact_is_an_error(found: Any) -> None:
    with pytest.raises(UnknownName):
        passport(found, "segg")


def test_free_is_known_only_where_a_model_is_stated() -> None:
    models = ("freemium", "paid", "unknown", None)
    assert [pricing_block({"pricing_model": model, "price": None})["free"] for model in models] == [
        True, False, None, None,
    ]  # fmt: skip


def test_no_outcome_is_no_rate() -> None:
    assert success_rate([{"successes": 0, "failures": None}]) is None
    assert success_rate([{"successes": 1, "failures": 2}]) == 0.3333
