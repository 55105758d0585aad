from __future__ import annotations

import json
from pathlib import Path

import pytest

from graph.errors import BadInput, UnknownName, WrongUse
from queries.answers.listings import EDGE_FIELDS, alternatives, alternatives_batch, edge_list, rank_list
from queries.ranking.places import ENOUGH_KNOWN
from tests.queries.rivals import ARTIFACTS, CAPABILITIES, EDGES, PICTURES, STREETS, rivals
from tests.queries.tables import artifact, edge, intent_id, snapshot

SNAPSHOT = rivals()


def test_ranks_come_in_order_and_the_unranked_last() -> None:
    ranks = rank_list(SNAPSHOT).ranks
    lows = [one.low for one in ranks if one.low is not None and one.completeness >= ENOUGH_KNOWN]
    assert len(lows) > 2
    assert lows == sorted(lows, reverse=True)
    assert [one.place for one in ranks] == [1, 2, 3, 4, 5]
    unranked = snapshot([artifact("a"), artifact("b", stars=3)])
    assert [one.artifact_id for one in rank_list(unranked).ranks] == ["b", "a"]


def test_ranks_of_a_type_and_a_limit() -> None:
    found = snapshot([artifact("a", stars=3), artifact("b", stars=5), artifact("c", stars=4, type="mcp")])
    answer = rank_list(found, type="Model", limit=1)
    assert ([one.artifact_id for one in answer.ranks], answer.total) == (["b"], 2)


def test_an_unknown_type_names_the_known_ones() -> None:
    with pytest.raises(WrongUse, match="Known: model"):
        rank_list(SNAPSHOT, type="spaceship")


def test_edges_have_the_fixed_keys_and_the_most_matched_come_first() -> None:
    answer = edge_list(SNAPSHOT)
    assert all(tuple(row) == EDGE_FIELDS for row in answer.edges)
    assert [row["times_matched"] for row in answer.edges] == [30, 12, 9]
    assert answer.edges[0]["intent"] == STREETS
    assert answer.edges[0]["first_seen"] == "2026-10-22T00:00:00Z"
    assert edge_list(SNAPSHOT, limit=1).total == 3


@pytest.mark.parametrize("wanted", [STREETS, f"  {STREETS.upper()}!", intent_id(STREETS), "street road"])
def test_edges_of_an_intent_by_text_id_or_words(wanted: str) -> None:
    assert {row["artifact_id"] for row in edge_list(SNAPSHOT, intent=wanted).edges} == {"roadseg", "cityseg"}


def test_edges_of_an_artifact_by_name() -> None:
    assert [row["artifact_id"] for row in edge_list(SNAPSHOT, artifact="PaintBox").edges] == ["paintbox"]
    assert edge_list(SNAPSHOT, artifact="brushy").edges == []


def test_edges_of_an_artifact_that_the_catalogue_does_not_describe() -> None:
    found = snapshot(ARTIFACTS, edges=[edge(STREETS, "gone", catalogued=False)], texts=[STREETS])
    (row,) = edge_list(found, artifact="gone").edges
    assert (row["artifact_id"], row["catalogued"]) == ("gone", False)


def test_an_unknown_intent_comes_with_the_nearest() -> None:
    with pytest.raises(UnknownName) as error:
        edge_list(SNAPSHOT, intent="draw a pictur from wordz")
    assert error.value.candidates == (PICTURES,)


def test_alternatives_have_reasons_and_keep_to_the_limit() -> None:
    answer = alternatives(SNAPSHOT, "RoadSeg", limit=1)
    (best,) = answer.alternatives
    assert best.artifact_id == "cityseg"
    assert best.reasons[0].text
    assert answer.complements == []


def test_constraints_hold_for_every_alternative() -> None:
    extra = artifact(
        "third", description="Semantic segmentation of street scenes.", tags=["segmentation"], license="MIT"
    )
    found = snapshot([*ARTIFACTS, extra], CAPABILITIES, EDGES, texts=[STREETS, PICTURES])
    assert [one.artifact_id for one in alternatives(found, "roadseg", license="mit").alternatives] == ["third"]
    assert alternatives(found, "roadseg", price="paid").alternatives == []
    tagged = alternatives(found, "roadseg", tags=["Segmentation"]).alternatives
    assert {one.artifact_id for one in tagged} == {"third", "cityseg"}
    vendors = alternatives(found, "brushy", other_vendor=True).alternatives
    assert "roadseg" not in {one.artifact_id for one in vendors}


def test_where_an_alternative_runs_can_be_a_constraint() -> None:
    text = "Semantic segmentation of street scenes."
    own = artifact("own", description=text, extra='{"hosting": "on-premises"}')
    service = artifact("service", description=text, tags=["SaaS"])
    found = snapshot([*ARTIFACTS, own, service], CAPABILITIES, EDGES, texts=[STREETS, PICTURES])
    assert [one.artifact_id for one in alternatives(found, "roadseg", hosting="Self-hosted").alternatives] == ["own"]
    assert [one.artifact_id for one in alternatives(found, "roadseg", hosting="cloud").alternatives] == ["service"]
    with pytest.raises(WrongUse, match="Known: cloud, self-hosted"):
        alternatives(found, "roadseg", hosting="the moon")


@pytest.mark.parametrize("wrong", [{"license": "none such"}, {"price": "gold"}, {"type": "x"}, {"tags": ["x"]}])
def test_a_constraint_that_nothing_meets_names_the_known_values(wrong: dict[str, object]) -> None:
    with pytest.raises(WrongUse, match="Known: "):
        alternatives(SNAPSHOT, "roadseg", **wrong)  # type: ignore[arg-type]


def test_a_batch_answers_every_line_in_order(tmp_path: Path) -> None:
    (tmp_path / "ids.jsonl").write_text(
        '{"id": "roadseg"}\n\n{"id": "nobody", "more": 1}\n{"id": "mystery"}\n', "utf-8"
    )
    assert alternatives_batch(SNAPSHOT, tmp_path / "ids.jsonl", tmp_path / "out.jsonl", 1) == 3
    first, unknown, lonely = map(json.loads, (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
    assert first["id"] == "roadseg"
    assert [set(one) for one in first["alternatives"]] == [{"artifact_id", "score"}]
    assert unknown["alternatives"] == []
    assert "nobody" in unknown["error"]
    assert lonely == {"id": "mystery", "alternatives": []}


@pytest.mark.parametrize("line", ['{"id": 7}', "{", "[]", '{"name": "x"}', "\udcff"])
def test_a_bad_line_is_named_and_nothing_is_written(tmp_path: Path, line: str) -> None:
    (tmp_path / "ids.jsonl").write_bytes(b'{"id": "roadseg"}\n' + line.encode("utf-8", "surrogateescape") + b"\n")
    with pytest.raises(BadInput, match="line 2"):
        alternatives_batch(SNAPSHOT, tmp_path / "ids.jsonl", tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        alternatives_batch(SNAPSHOT, tmp_path / "none.jsonl", tmp_path / "out.jsonl")


def test_diversity_prefers_what_differs() -> None:
    twins = [
        artifact(key, description="labels photos of streets", vendor="Acme", license="MIT") for key in ("a", "b", "c")
    ]
    other = artifact("d", description="labels photos of rooms and of people indoors", vendor="Umbrella", license="GPL")
    home = snapshot([*twins, other])
    assert [each.artifact_id for each in alternatives(home, "a").alternatives] == ["b", "c", "d"]
    assert [each.artifact_id for each in alternatives(home, "a", diversity=0.7).alternatives] == ["b", "d", "c"]


def test_a_batch_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "ids.jsonl").write_text('{"id": "roadseg"}\n', "utf-8")
    with pytest.raises(WrongUse, match="cannot be written"):
        alternatives_batch(SNAPSHOT, tmp_path / "ids.jsonl", tmp_path / "no" / "out.jsonl", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["ids.jsonl"]
