from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import BadInput
from queries.alternatives.review_file import read_review

IDS = ("left", "right")


def written(folder: Path, *lines: str) -> Path:
    path = folder / "review.csv"
    path.write_text("\n".join(["left,right,verdict,by", *lines]), encoding="utf-8")
    return path


def test_pairs_are_read_in_alphabetical_order_and_the_later_counts(tmp_path: Path) -> None:
    path = written(tmp_path, "b,a,same,me", "c,d,different,", "a,b,different,you", "e,f,,")
    assert read_review(path, IDS) == {("a", "b"): False, ("c", "d"): False}
    assert read_review(tmp_path / "none.csv", IDS) == {}


@pytest.mark.parametrize("line", ["a,b,perhaps,", "a,,same,", "a,a,same,", "a"])
def test_a_line_that_says_nothing_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadInput, match="line 2"):
        read_review(written(tmp_path, line), IDS)


def test_columns_are_needed(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="artifact_a, artifact_b, verdict"):
        read_review(written(tmp_path), ("artifact_a", "artifact_b"))
