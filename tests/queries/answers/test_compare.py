from __future__ import annotations

import msgspec
import pytest

from graph.errors import UnknownName, WrongUse
from queries.answers.compare import compare, purpose
from queries.answers.related import GOOD_ALTERNATIVE
from queries.answers.sides import side
from tests.queries.rivals import ARTIFACTS, CAPABILITIES, EDGES, PICTURES, STREETS, rivals
from tests.queries.tables import NOW_US, artifact, capability, edge, snapshot

SNAPSHOT = rivals()


def test_the_json_has_the_keys_that_others_read() -> None:
    answer = msgspec.to_builtins(compare(SNAPSHOT, "RoadSeg", "cityseg"))
    assert set(answer) >= {"a", "b", "verdict", "capabilities", "alternatives", "different", "snapshot_id"}
    assert set(answer["a"]) >= {
        "artifact_id", "name", "type", "rank", "low", "high", "completeness", "times_matched", "clients", "parts",
    }  # fmt: skip
    assert set(answer["a"]["parts"][0]) >= {"name", "value", "weight", "contribution"}
    assert set(answer["verdict"]) >= {"kind", "text"}
    assert set(answer["capabilities"]) == {"shared", "only_a", "only_b"}


def test_sides_of_one_name_are_told_apart_in_every_sentence() -> None:
    twins = [artifact(f"{maker}/it", name="It", description=f"Draws {maker} maps.") for maker in ("red", "blue")]
    answer = compare(snapshot(twins), "red/it", "blue/it")
    assert (answer.a.name, answer.b.name) == ("It", "It")
    for maker in ("red", "blue"):
        assert any(reason.text.startswith(f"It ({maker}/it): ") for reason in answer.verdict.reasons)
        assert answer.verdict.text.count(f"It ({maker}/it)") >= 1
        assert f"({maker}/it) ({maker}/it)" not in answer.verdict.text


def test_contributions_add_up_to_the_rank() -> None:
    for one in ARTIFACTS[:4]:
        found = side(SNAPSHOT, str(one["artifact_id"]))
        assert sum(part.contribution for part in found.parts) == pytest.approx(found.rank)


def test_capabilities_are_shared_or_on_one_side_each_once() -> None:
    match = compare(SNAPSHOT, "roadseg", "cityseg").capabilities
    assert [(pair.a.capability_id, pair.b.capability_id) for pair in match.shared] == [
        ("roadseg/semantic-segmentation", "cityseg/semantic-segmentation")
    ]
    assert [one.name for one in match.only_a] == ["video stabilisation"]
    assert match.only_b == []
    back = compare(SNAPSHOT, "cityseg", "roadseg").capabilities
    assert [(pair.b, pair.a, pair.similarity) for pair in back.shared] == [
        (pair.a, pair.b, pair.similarity) for pair in match.shared
    ]


def test_claims_carry_source_and_date() -> None:
    claim = compare(SNAPSHOT, "roadseg", "cityseg").capabilities.shared[0].a
    assert (claim.source, claim.date, claim.unique) == ("a.jsonl", "2026-09-22", "runs on a phone")


def test_rivals_are_compared_and_unlike_things_are_not() -> None:
    assert compare(SNAPSHOT, "roadseg", "cityseg").verdict.kind == "a"
    unlike = compare(SNAPSHOT, "roadseg", "paintbox").verdict
    assert unlike.kind == "not_comparable"
    assert "RoadSeg is for: Semantic segmentation of street photographs." in unlike.text
    assert "PaintBox is for: Text-to-image generation" in unlike.text


def test_shared_needs_show_both_sides() -> None:
    (need,) = compare(SNAPSHOT, "roadseg", "cityseg").shared_needs
    assert (need.intent, need.a_clients, need.b_clients) == (STREETS, 30, 9)
    assert (need.a_strength, need.b_strength) == (0.45, 0.1)


def test_a_few_slips_do_not_make_a_shared_need() -> None:
    """Two people who wanted pictures clicked on the segmenter; that makes it no rival of the image generator."""
    slips = [*EDGES, edge(PICTURES, "roadseg", 2)]
    found = snapshot(ARTIFACTS, CAPABILITIES, slips, texts=[STREETS, PICTURES])
    assert compare(found, "roadseg", "paintbox").verdict.kind == "not_comparable"
    rivals_in_use = [*EDGES, edge(PICTURES, "roadseg", 6)]
    found = snapshot(ARTIFACTS, CAPABILITIES, rivals_in_use, texts=[STREETS, PICTURES])
    assert compare(found, "roadseg", "paintbox").verdict.kind != "not_comparable"


def test_two_artifacts_of_one_name_can_be_compared() -> None:
    """Two sources may describe one thing in different words."""
    found = snapshot([artifact("x:tool", name="File Server", stars=5), artifact("y:tool", name="file-server", stars=7)])
    assert compare(found, "x:tool", "y:tool").verdict.kind == "not_enough_evidence"


def test_something_different_serves_both_or_each_in_turn() -> None:
    extra = artifact(
        "third", name="Third", description="Semantic segmentation of street scenes.", tags=["segmentation"]
    )
    found = snapshot([*ARTIFACTS, extra], CAPABILITIES, EDGES, texts=[STREETS, PICTURES])
    (both,) = compare(found, "roadseg", "cityseg").different
    assert (both.artifact_id, both.to) == ("third", ["roadseg", "cityseg"])
    assert both.score == max(both.to_scores)
    assert len(both.to_scores) == 2
    unlike = compare(found, "roadseg", "paintbox")
    assert {one.artifact_id for one in unlike.different} == {"third", "cityseg", "brushy"}
    assert all(one.score >= GOOD_ALTERNATIVE for one in unlike.alternatives)
    assert {one.artifact_id for one in unlike.alternatives} == {"third", "cityseg", "brushy"}


def test_nothing_else_is_an_empty_list() -> None:
    answer = compare(SNAPSHOT, "roadseg", "cityseg")
    assert (answer.different, answer.alternatives) == ([], [])


def test_artifacts_without_anything_can_be_compared() -> None:
    found = snapshot([artifact("a"), artifact("b", type=None)])
    answer = compare(found, "a", "b")
    assert answer.verdict.kind == "not_comparable"
    assert (answer.a.rank, answer.a.times_matched, answer.a.capability_count) == (None, 0, 0)
    assert answer.evidence_window.first_seen is None


def test_the_window_holds_the_evidence_of_both() -> None:
    window = compare(SNAPSHOT, "roadseg", "cityseg").evidence_window
    assert (window.first_seen, window.last_seen) == ("2026-10-22T00:00:00Z", "2026-10-31T00:00:00Z")


def test_simulated_evidence_is_marked_where_there_is_any() -> None:
    answer = compare(rivals(simulated=["sim"]), "roadseg", "brushy")
    assert (answer.simulated, answer.simulated_applications) == (True, ["sim"])
    assert (answer.a.simulated, answer.b.simulated) == (True, False)
    assert not compare(SNAPSHOT, "roadseg", "brushy").simulated


def test_an_artifact_with_itself_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match="same artifact"):
        compare(SNAPSHOT, "RoadSeg", "roadseg")


def test_an_unknown_name_is_an_error_with_candidates() -> None:
    with pytest.raises(UnknownName, match="RoadSeg"):
        compare(SNAPSHOT, "roadsegg", "cityseg")


def test_the_purpose_is_the_first_sentence_or_the_capabilities() -> None:
    bare = snapshot([artifact("a")], [capability("a", "read file", known_at=NOW_US)])
    assert purpose(side(SNAPSHOT, "roadseg"), []) == "Semantic segmentation of street photographs."
    from queries.answers.compare import claims_of

    assert purpose(side(bare, "a"), claims_of(bare, "a")) == "read file."
    assert purpose(side(bare, "a"), []) == "its source does not say."


def test_one_thing_under_two_names_and_variants_are_called_so() -> None:
    repository = "https://github.com/acme/cutter"
    found = snapshot(
        [artifact("a", url=repository), artifact("b", url=f"{repository}.git"), artifact("c"), *ARTIFACTS[:2]]
        + [artifact(f"acme/seg-{size}", vendor="Acme") for size in ("small", "large")],
        CAPABILITIES[:3],
    )
    same, variant = compare(found, "b", "a").duplicate, compare(found, "acme/seg-small", "acme/seg-large").duplicate
    assert same is not None
    assert (same.artifact_id, same.kind) == ("a", "same")
    assert variant is not None
    assert variant.kind == "variant"
    assert compare(found, "a", "c").duplicate is None


def test_a_shared_capability_is_stated_where_both_give_one_uri_and_else_inferred() -> None:
    def kinds(*uris: str | None) -> list[str]:
        text = "Gives every pixel one class."
        rows = [
            capability(own, "semantic segmentation", description=text, uri=uri)
            for own, uri in zip(("roadseg", "cityseg"), uris, strict=True)
        ]
        match = compare(snapshot(ARTIFACTS, rows), "roadseg", "cityseg").capabilities
        return [pair.status for pair in match.shared]

    assert kinds("capability://segment", "capability://segment") == ["stated"]
    assert kinds(None, None) == kinds("capability://segment", None) == ["inferred"]


def test_a_price_that_contradicts_itself_is_shown_as_such() -> None:
    rows = [artifact("a", pricing_model="free", price="$10 per month"), artifact("b", pricing_model="free")]
    answer = compare(snapshot(rows), "a", "b")
    assert (answer.a.pricing.contradictory, answer.b.pricing.contradictory) == (True, False)


def test_names_with_vs_in_them_are_names() -> None:
    rows = [artifact("cats-vs-dogs", stars=3), artifact("cats", stars=4), artifact("dogs", stars=5)]
    answer = compare(snapshot(rows), "cats-vs-dogs", "dogs")
    assert (answer.a.artifact_id, answer.b.artifact_id) == ("cats-vs-dogs", "dogs")
