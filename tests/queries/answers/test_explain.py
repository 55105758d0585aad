from __future__ import annotations

import json

import pytest

from graph.errors import UnknownName, WrongUse
from queries.answers.edges import EDGE_FIELDS
from queries.answers.explain import explain
from queries.answers.meanings import COUNT_MEANINGS
from queries.ranking.rank_weights import PARTS, load_weights
from tests.queries.rivals import PICTURES, STREETS, rivals
from tests.queries.tables import artifact, intent_id, snapshot

SNAPSHOT = rivals(simulated=["sim"])


def test_every_part_opens_to_formula_and_inputs() -> None:
    answer = explain(SNAPSHOT, "RoadSeg")
    assert answer["kind"] == "artifact"
    assert [part["name"] for part in answer["parts"]] == list(PARTS)
    assert all(part["formula"] and part["inputs"] for part in answer["parts"])
    assert answer["rank"]["method"] == load_weights().method
    assert answer["rank"]["value"] == pytest.approx(sum(part["contribution"] for part in answer["parts"]))


def test_the_printed_inputs_give_the_printed_value_again() -> None:
    """Adoption from its own explanation: the mean of the shares."""
    adoption = explain(SNAPSHOT, "roadseg")["parts"][0]
    shares = adoption["inputs"]["shares"].values()
    assert adoption["value"] == pytest.approx(sum(shares) / len(shares), abs=1e-6)


def test_evidence_has_its_window_clients_and_meanings() -> None:
    evidence = explain(SNAPSHOT, "roadseg")["evidence"]
    assert (evidence["times_matched"], evidence["clients"]) == (30, 30)
    assert evidence["window"] == {"first_seen": "2026-10-22T00:00:00Z", "last_seen": "2026-10-31T00:00:00Z"}
    assert set(evidence["meanings"]) <= set(EDGE_FIELDS) | {"intents"}
    assert evidence["meanings"] == COUNT_MEANINGS


def test_where_it_comes_from_is_said() -> None:
    assert explain(SNAPSHOT, "roadseg")["simulated_applications"] == ["sim"]
    answer = explain(SNAPSHOT, "brushy")
    assert (answer["simulated"], answer["simulated_applications"]) == (False, [])
    assert answer["now"] == "2026-11-01T00:00:00Z"
    assert answer["evidence"] == {"times_matched": 0, "clients": 0, "window": None, "meanings": COUNT_MEANINGS}


def test_a_comparison_opens_to_probability_and_comparability() -> None:
    answer = explain(SNAPSHOT, "roadseg", "cityseg")
    assert answer["kind"] == "comparison"
    assert answer["probability"]["inputs"]["a"]["rank"] == answer["a"]["rank"]["value"]
    assert answer["comparable"]["inputs"]["shared_capabilities"] == 1
    (shared,) = answer["capabilities"]["shared"]
    assert shared["a"] == "roadseg/semantic-segmentation"
    made_of = shared["factor"] * (shared["by_names"] + shared["by_texts"])
    assert shared["similarity"] == pytest.approx(made_of, abs=1e-4)
    turned = explain(SNAPSHOT, "cityseg", "roadseg")["capabilities"]["shared"][0]
    assert (turned["b"], turned["by_names"]) == (shared["a"], shared["by_names"])


EDGE_NAMES = [
    (intent_id(STREETS), "roadseg"),
    (intent_id(STREETS), "RoadSeg"),
    (f"{intent_id(STREETS)} roadseg",),
    (f"{intent_id(STREETS)}:roadseg/semantic-segmentation",),
]


@pytest.mark.parametrize("names", EDGE_NAMES)
def test_an_edge_opens_by_intent_and_artifact_or_capability(names: tuple[str, ...]) -> None:
    answer = explain(SNAPSHOT, *names)
    assert (answer["kind"], answer["intent"]["label"]) == ("edge", STREETS)
    assert [row["times_matched"] for row in answer["edges"]] == [30]


def test_an_edge_that_does_not_exist_says_which_do() -> None:
    with pytest.raises(WrongUse, match="It has edges to: paintbox"):
        explain(SNAPSHOT, intent_id(PICTURES), "roadseg")
    with pytest.raises(UnknownName, match="intent"):
        explain(SNAPSHOT, "int_0000000000000000", "roadseg")


@pytest.mark.parametrize("names", [(), ("a", "b", "c")])
def test_too_few_or_too_many_names(names: tuple[str, ...]) -> None:
    with pytest.raises(WrongUse, match="Give one artifact"):
        explain(SNAPSHOT, *names)


def test_an_artifact_of_which_nothing_is_known_is_explained_too() -> None:
    answer = explain(snapshot([artifact("a")]), "a")
    assert answer["rank"]["value"] is None
    assert all("not_known" in part["inputs"] for part in answer["parts"])
    assert json.dumps(answer)
