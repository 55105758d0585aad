from __future__ import annotations

import pytest

from graph.errors import WrongUse
from queries.answers.alternatives import alternatives
from queries.answers.compare import compare
from queries.answers.explain import explain
from queries.answers.names import resolve_artifact
from queries.answers.one_thing import all_names_together, also_known_as, listed_as, names_of, other_names_among
from queries.answers.ranks import rank_list
from queries.answers.show import show
from queries.answers.sides import side
from tests.queries.rivals import ARTIFACTS, CAPABILITIES, EDGES, PICTURES, STREETS
from tests.queries.tables import MemorySnapshot, Row, artifact, capability, edge, snapshot

ADDRESS = "https://example.org/roadseg"
OTHER = artifact("acme/road-seg", name="RoadSeg", url=ADDRESS, stars=40, description="Segmentation of street photos.")
SAID = [capability("acme/road-seg", "semantic segmentation", description="Gives every pixel of a photo one class.")]
CHOSEN = [edge(STREETS, "acme/road-seg", 4)]


def with_two_names(*more: Row) -> MemorySnapshot:
    """The rivals, RoadSeg twice."""
    rows = [*ARTIFACTS, OTHER, *more]
    return snapshot(rows, [*CAPABILITIES, *SAID], [*EDGES, *CHOSEN], texts=[STREETS, PICTURES])


SNAPSHOT = with_two_names()


def test_the_name_of_which_most_is_known_stands_in_lists() -> None:
    everyone = SNAPSHOT.table("artifacts")["artifact_id"].to_pylist()
    assert other_names_among(SNAPSHOT, everyone) == {"acme/road-seg"}
    assert other_names_among(SNAPSHOT, ["acme/road-seg", "cityseg"]) == set()
    assert listed_as(SNAPSHOT, "acme/road-seg") == "roadseg"
    assert names_of(SNAPSHOT, "acme/road-seg") == ["roadseg", "acme/road-seg"]
    assert names_of(SNAPSHOT, "cityseg") == ["cityseg"]


def test_a_rank_list_has_one_line_and_the_evidence_of_every_name() -> None:
    answer = rank_list(SNAPSHOT)
    assert [one.artifact_id for one in answer.ranks].count("roadseg") == 1
    assert "acme/road-seg" not in {one.artifact_id for one in answer.ranks}
    assert (answer.total, [one.place for one in answer.ranks if one.place]) == (5, [1, 2, 3, 4, 5])
    first = next(one for one in answer.ranks if one.artifact_id == "roadseg")
    (other,) = first.also_known_as
    assert (first.times_matched, first.clients) == (34, 34)  # of both names
    assert (other.times_matched, other.clients, other.artifact_id) == (4, 4, "acme/road-seg")
    own = side(SNAPSHOT, "acme/road-seg")
    assert (own.listed_as, own.place, own.rank) == ("roadseg", first.place, other.rank)
    assert first.listed_as is None
    of_log = {one.name: (one.value, one.low, one.high) for one in own.parts if one.name in ("match_graph", "ecosystem")}
    assert of_log == {one.name: (one.value, one.low, one.high) for one in first.parts if one.name in of_log}


def test_of_two_types_a_thing_stands_once_in_the_list_of_each() -> None:
    both = {"name": "Saw", "url": "https://example.org/saw", "description": "Saws."}
    rows = [artifact("a", type="product", stars=5, **both), artifact("b", type="app", **both)]
    rows += [artifact("c", type="app", stars=2), artifact("d", type="app", **both)]
    found = snapshot(rows)
    for kind, ids in (("product", ["a"]), ("app", ["b", "c"]), (None, ["a", "c"])):
        ranks = rank_list(found, type=kind).ranks
        assert sorted(one.artifact_id for one in ranks) == ids
        places = [one.type_place if kind else one.place for one in ranks]
        assert sorted(place or 0 for place in places) == list(range(1, len(ids) + 1))


def test_an_alternative_stands_there_once() -> None:
    found = alternatives(SNAPSHOT, "cityseg").alternatives
    assert len({one.artifact_id for one in found} & {"roadseg", "acme/road-seg"}) == 1
    best = found[0]
    assert {best.artifact_id, *(one.artifact_id for one in best.also_known_as)} == {"roadseg", "acme/road-seg"}
    assert (best.times_matched, best.clients) == (34, 34)


def test_what_stands_in_for_one_name_stands_in_for_the_thing() -> None:
    both = alternatives(SNAPSHOT, "acme/road-seg")
    assert {one.artifact_id for one in both.also_known_as} == {"roadseg"}
    assert not {one.artifact_id for one in both.alternatives} & {"roadseg", "acme/road-seg"}
    best = both.alternatives[0]
    assert (best.artifact_id, sorted(best.to)) == ("cityseg", ["acme/road-seg", "roadseg"])
    assert best.score == max(best.to_scores)
    assert [one.artifact_id for one in alternatives(SNAPSHOT, "roadseg").alternatives] == [
        one.artifact_id for one in both.alternatives
    ]


def test_a_name_that_only_names_of_one_thing_bear_is_no_riddle() -> None:
    assert resolve_artifact(SNAPSHOT, "RoadSeg") == "roadseg"
    assert resolve_artifact(SNAPSHOT, "acme/road-seg") == "acme/road-seg"
    three = with_two_names(artifact("elsewhere", name="RoadSeg", type="dataset"))
    with pytest.raises(WrongUse, match="Several artifacts"):
        resolve_artifact(three, "RoadSeg")


def test_every_name_keeps_its_page_and_its_own_evidence() -> None:
    page = show(SNAPSHOT, "acme/road-seg")
    assert (page.artifact.times_matched, page.evidence["times_matched"]) == (34, 4)
    assert page.evidence_of_all_names is not None
    assert page.evidence_of_all_names["clients"] == 34
    assert show(SNAPSHOT, "cityseg").evidence_of_all_names is None
    assert all_names_together(SNAPSHOT, "cityseg") is None
    assert page.artifact.artifact_id == "acme/road-seg"
    assert [one.artifact_id for one in also_known_as(SNAPSHOT, "acme/road-seg")] == ["roadseg"]
    assert page.artifact.also_known_as[0].times_matched == 30
    assert page.duplicates[0].reasons[0].text == "both give the address example.org/roadseg"


def test_an_explanation_says_which_names_share_the_place() -> None:
    answer = explain(SNAPSHOT, "acme/road-seg")
    assert answer["listed_as"] == "roadseg"
    assert [one["times_matched"] for one in answer["also_known_as"]] == [30]
    assert answer["rank"]["place"] == explain(SNAPSHOT, "roadseg")["rank"]["place"]
    together = answer["evidence_of_all_names"]
    assert (together["names"], together["clients"]) == (["roadseg", "acme/road-seg"], 34)
    inputs = next(part["inputs"] for part in answer["parts"] if part["name"] == "match_graph")
    assert (inputs["names"], inputs["clients"]) == (["acme/road-seg", "roadseg"], 34)
    assert (answer["evidence"]["clients"], explain(SNAPSHOT, "cityseg")["evidence_of_all_names"]) == (4, None)


def test_a_thing_ties_with_itself() -> None:
    answer = compare(SNAPSHOT, "roadseg", "acme/road-seg")
    assert answer.verdict.kind == "tie"
    assert "are one thing under two names: both give the address example.org/roadseg" in answer.verdict.text
    assert answer.duplicate is not None
    apart = compare(SNAPSHOT, "roadseg", "cityseg")
    assert (apart.duplicate, "one thing" in apart.verdict.text) == (None, False)
