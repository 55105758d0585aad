from __future__ import annotations

from queries.answers.related import (
    GOOD_ALTERNATIVE,
    alternative_score,
    alternatives_to_either,
    both,
    different_from_both,
    duplicates_of,
    related,
    related_to_all,
)
from tests.queries.rivals import ARTIFACTS, CAPABILITIES, EDGES, PICTURES, STREETS, rivals
from tests.queries.tables import artifact, capability, snapshot

SNAPSHOT = rivals()
THREE = snapshot(
    [*ARTIFACTS, artifact("third", description="Semantic segmentation of street scenes.", tags=["segmentation"])],
    [
        *CAPABILITIES,
        capability("third", "semantic segmentation", description="Gives every pixel of a photo one class."),
    ],
    EDGES,
    texts=[STREETS, PICTURES],
)


def test_related_come_best_first_with_what_they_are_an_alternative_to() -> None:
    found = related(THREE, "roadseg", "alternative")
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert {"cityseg", "third"} <= {one.artifact_id for one in found}
    assert all((one.to, one.to_scores) == (["roadseg"], [one.score]) for one in found)
    assert related(THREE, "roadseg", "complement") == []
    assert round(alternative_score(THREE, "roadseg", found[0].artifact_id), 4) == found[0].score
    assert alternative_score(THREE, "roadseg", "mystery") == 0.0


def test_of_two_names_each_alternative_is_there_once_with_the_better_score() -> None:
    found = related_to_all(THREE, ["roadseg", "cityseg"], "alternative")
    third = next(one for one in found if one.artifact_id == "third")
    assert {one.artifact_id for one in found}.isdisjoint({"roadseg", "cityseg"})
    assert (sorted(third.to), third.score) == (["cityseg", "roadseg"], max(third.to_scores))
    assert related_to_all(THREE, ["roadseg"], "alternative") == related(THREE, "roadseg", "alternative")


def test_good_alternatives_to_either_and_to_both() -> None:
    (third,) = alternatives_to_either(THREE, "roadseg", "cityseg")
    assert third.artifact_id == "third"
    assert third.score >= GOOD_ALTERNATIVE
    assert [one.artifact_id for one in different_from_both(THREE, "roadseg", "cityseg")] == ["third"]
    # Nothing stands in for both a segmenter and an image generator: the best of each in turn.
    turns = different_from_both(SNAPSHOT, "roadseg", "brushy")
    assert [one.artifact_id for one in turns] == ["cityseg", "paintbox"]


def test_both_keeps_the_better() -> None:
    first, second = (related(THREE, one, "alternative")[0] for one in ("roadseg", "cityseg"))
    joined = both(first, second)
    assert joined.score == max(first.score, second.score)
    assert joined.to_scores == [first.score, second.score]


def test_the_same_comes_before_variants() -> None:
    rows = [
        artifact("acme/net-small", url="https://example.org/net"),
        artifact("acme/net-large"),
        artifact("net-small", url="https://example.org/net"),
    ]
    found = duplicates_of(snapshot(rows), "acme/net-small")
    assert [(one.artifact_id, one.kind) for one in found] == [("net-small", "same"), ("acme/net-large", "variant")]
