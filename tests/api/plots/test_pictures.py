"""Each picture is drawn for real: the same bytes twice, its texts as texts, and nothing that a name may break."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from api.plots.changes import plot_changes
from api.plots.comparison import plot_comparison
from api.plots.neighbourhood import plot_neighbourhood
from api.plots.ranking import plot_ranking
from graph.errors import WrongUse
from tests.api.answers import rank_list, side

EVIL = "a $x_1$ <b>&\x1b[31m name that is much longer than any label can be"


RANKING = rank_list(
    [side(place_low=1, place_high=3), side(name=EVIL), side(name="Nobody", rank=None, low=None, high=None)],
    shared_places=[2],
)


CHANGE = {"artifact_id": "cutter", "name": "Cutter", "before": 40.0, "after": 46.2, "change": 6.2}


CHANGES = {
    "before": "20261001-1", "after": "20261101-2",
    "now_before": "1970-01-01T00:00:00Z", "now_after": "2001-09-09T01:46:40Z", "simulated": True,
    "changed_count": 2,
    "changed": [CHANGE, {**CHANGE, "name": EVIL, "before": 40.0, "after": 31.0, "change": -9.0}],
}  # fmt: skip


NEIGHBOURS = {
    "name": "Cutter",
    "alternatives": [{"name": "Sketcher", "score": 0.5}, {"name": EVIL, "score": 0.1}, {"name": "Weak", "score": 0.09}],
    "complements": [{"name": "Painter", "score": 0.2}],
    "simulated": True,
}


CLAIM = {"name": "cutting"}


COMPARISON = {
    "a": side(), "b": side(name=EVIL), "simulated": True, "verdict": {"kind": "not_comparable"},
    "capabilities": {"shared": [{"a": CLAIM, "b": CLAIM, "similarity": 0.8}], "only_a": [CLAIM], "only_b": []},
    "head_to_head": {"theta": 0.0, "error": 0.5, "total": {"probability": 0.5}},
}  # fmt: skip


PICTURES: list[tuple[Callable[[Any, Path], None], Any, list[str]]] = [
    (plot_ranking, RANKING, ["Cutter", "=2nd (1st to 3rd)"]),
    (
        plot_changes,
        CHANGES,
        ["Cutter 40.0", "Cutter 46.2 ▲", "Ranks that changed, 1970-01-01 to 2001-09-09 (simulated log)"],
    ),
    (plot_comparison, COMPARISON, ["Verdict: not comparable.", "cutting", "Chosen over the other"]),
    (plot_neighbourhood, NEIGHBOURS, ["Around Cutter (simulated log)", "Sketcher (0.50)", "Painter (0.20)"]),
]


each_picture = pytest.mark.parametrize(
    ("plot", "answer", "said"), PICTURES, ids=["ranking", "changes", "comparison", "neighbours"]
)


@each_picture
def test_an_svg_is_the_same_bytes_twice_and_says_its_texts(
    plot: Callable[[Any, Path], None], answer: Any, said: list[str], tmp_path: Path
) -> None:
    for name in ("one.svg", "two.svg"):
        plot(answer, tmp_path / name)
    content = (tmp_path / "one.svg").read_bytes()
    assert content == (tmp_path / "two.svg").read_bytes()
    texts = [text.strip() for text in ElementTree.fromstring(content).itertext() if text.strip()]
    assert set(said) <= set(texts)
    assert any("$x_1$ <b>&" in text for text in texts)
    assert not re.search(rb"<dc:date>|\x1b", content)


@each_picture
def test_a_png_is_a_png(plot: Callable[[Any, Path], None], answer: Any, said: list[str], tmp_path: Path) -> None:
    plot(answer, tmp_path / "one.PNG")
    assert (tmp_path / "one.PNG").read_bytes().startswith(b"\x89PNG")


def test_nothing_to_draw_is_an_empty_picture(tmp_path: Path) -> None:
    plot_ranking(rank_list([]), tmp_path / "none.svg")
    plot_changes({**CHANGES, "changed": [], "changed_count": 0}, tmp_path / "same.svg")
    plot_neighbourhood({**NEIGHBOURS, "name": "Alone", "alternatives": [], "complements": []}, tmp_path / "alone.svg")
    assert len(list(tmp_path.iterdir())) == 3


def test_another_kind_of_file_and_a_missing_folder_are_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"\.svg or \.png"):
        plot_ranking(RANKING, tmp_path / "ranks.gif")
    with pytest.raises(WrongUse, match="cannot be written"):
        plot_ranking(RANKING, tmp_path / "nowhere" / "ranks.svg")


def test_without_matplotlib_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(WrongUse, match=r"matchgraph\[plots\]"):
        plot_ranking(RANKING, tmp_path / "ranks.svg")
