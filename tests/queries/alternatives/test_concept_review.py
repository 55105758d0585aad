from __future__ import annotations

from pathlib import Path

from queries.alternatives.concept_review import IDS, reviewed, uncertain
from queries.alternatives.concepts import concepts
from queries.alternatives.review_file import read_review
from queries.text.capability_similarity import SAME_CAPABILITY, capability_pairs
from tests.queries.tables import capability, table

ROWS = [
    capability("a", "convert to pdf", description="makes a paper"),
    capability("b", "convert to pdf", description="makes a paper"),
    capability("c", "docx export", description="saves the document"),
]


def written(folder: Path, *lines: str) -> Path:
    path = folder / "concept_review.csv"
    path.write_text("\n".join(["capability_a,capability_b,verdict,by", *lines]), encoding="utf-8")
    return path


def linked(path: Path) -> set[tuple[str, str]]:
    own = table("capabilities", ROWS)
    pairs = reviewed(capability_pairs(own), own, read_review(path, IDS))
    return {(row["capability_a"], row["capability_b"]) for row in pairs.to_pylist()}


def test_without_a_file_the_texts_decide(tmp_path: Path) -> None:
    assert linked(tmp_path / "none.csv") == {("a/convert-to-pdf", "b/convert-to-pdf")}


def test_people_know_better(tmp_path: Path) -> None:
    path = written(tmp_path, "b/convert-to-pdf,a/convert-to-pdf,different,me", "c/docx-export,a/convert-to-pdf,same,me")
    assert linked(path) == {("a/convert-to-pdf", "c/docx-export")}
    own = table("capabilities", ROWS)
    found = concepts(own, reviewed(capability_pairs(own), own, read_review(path, IDS)))
    assert found["capability_id"].to_pylist() == ["a/convert-to-pdf", "c/docx-export"]


def test_the_later_correction_counts_and_unknown_ids_change_nothing(tmp_path: Path) -> None:
    path = written(
        tmp_path, "a/convert-to-pdf,b/convert-to-pdf,different,", "b/convert-to-pdf,a/convert-to-pdf,same,", "x,y,same,"
    )
    assert linked(path) == {("a/convert-to-pdf", "b/convert-to-pdf")}


def test_uncertain_pairs_are_those_nearest_to_the_threshold_and_become_a_review_file(tmp_path: Path) -> None:
    own = table(
        "capabilities",
        [*ROWS, capability("d", "convert to pdf", description="prints a page"), capability("e", "unlike anything")],
    )
    found = uncertain(own, {}, 10)
    distances = [abs(row["similarity"] - SAME_CAPABILITY) for row in found]
    assert distances == sorted(distances)
    assert {(row["capability_a"], row["capability_b"]) for row in found} >= {("a/convert-to-pdf", "d/convert-to-pdf")}
    assert all(row["verdict"] == "" and tuple(row)[:3] == (*IDS, "verdict") for row in found)
    lines = [",".join(row[name] for name in (*IDS, "verdict")) for row in found]
    assert read_review(written(tmp_path, *(f"{line}," for line in lines)), IDS) == {}
    judged = read_review(written(tmp_path, f"{lines[0]}same,", *(f"{line}," for line in lines[1:])), IDS)
    assert len(judged) == 1
    assert len(uncertain(own, judged, 10)) == len(found) - 1
    assert len(uncertain(own, {}, 1)) == 1
