from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.errors import BadInput, WrongUse
from queries.answers.alternatives import alternatives, alternatives_batch
from queries.answers.constraints import Constraints
from queries.answers.list_shapes import WEAK_ALTERNATIVE
from tests.queries.rivals import ARTIFACTS, CAPABILITIES, EDGES, PICTURES, STREETS, rivals
from tests.queries.tables import artifact, snapshot

SNAPSHOT = rivals()


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
    (free,) = alternatives(found, "roadseg", Constraints(license="mit")).alternatives
    assert free.artifact_id == "third"
    assert alternatives(found, "roadseg", Constraints(price="paid")).alternatives == []
    tagged = alternatives(found, "roadseg", Constraints(tags=("Segmentation",))).alternatives
    assert {one.artifact_id for one in tagged} == {"third", "cityseg"}
    vendors = alternatives(found, "brushy", other_vendor=True).alternatives
    assert "roadseg" not in {one.artifact_id for one in vendors}


def test_where_an_alternative_runs_can_be_a_constraint() -> None:
    text = "Semantic segmentation of street scenes."
    own = artifact("own", description=text, extra='{"hosting": "on-premises"}')
    service = artifact("service", description=text, tags=["SaaS"])
    found = snapshot([*ARTIFACTS, own, service], CAPABILITIES, EDGES, texts=[STREETS, PICTURES])
    for place, artifact_id in (("Self-hosted", "own"), ("SaaS", "service")):
        answer = alternatives(found, "roadseg", Constraints(hosting=place))
        assert [one.artifact_id for one in answer.alternatives] == [artifact_id]
    with pytest.raises(WrongUse, match="Known: cloud, self-hosted"):
        alternatives(found, "roadseg", Constraints(hosting="the moon"))


@pytest.mark.parametrize("wrong", [{"license": "none such"}, {"price": "gold"}, {"type": "x"}, {"tags": ("x",)}])
def test_a_constraint_that_nothing_meets_names_the_known_values(wrong: dict[str, Any]) -> None:
    with pytest.raises(WrongUse, match="Known: "):
        alternatives(SNAPSHOT, "roadseg", Constraints(**wrong))


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


def test_diversity_puts_nothing_weak_before_an_alternative() -> None:
    twins = [artifact(key, description="labels photos of streets", vendor="Acme", license="MIT") for key in "abc"]
    other = artifact("d", description="plans gardens; photos", vendor="Umbrella", type="dataset")
    found = alternatives(snapshot([*twins, other]), "a", diversity=1.0).alternatives
    assert [each.artifact_id for each in found] == ["b", "c", "d"]
    assert found[-1].score < WEAK_ALTERNATIVE


def test_a_batch_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "ids.jsonl").write_text('{"id": "roadseg"}\n', "utf-8")
    with pytest.raises(WrongUse, match="cannot be written"):
        alternatives_batch(SNAPSHOT, tmp_path / "ids.jsonl", tmp_path / "no" / "out.jsonl", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["ids.jsonl"]
