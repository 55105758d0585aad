"""No text of a picture is cut or covers another, however long, wide, many or foreign the names are."""

from __future__ import annotations

import warnings
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from api.plots.changes import plot_changes
from api.plots.comparison import plot_comparison
from api.plots.neighbourhood import plot_neighbourhood
from api.plots.ranking import plot_ranking
from tests.api.answers import rank_list, side

WIDE = "日本語音声認識モデル超長い名前のテスト用データセットですよ"
LONG = "ACME/MASK2FORMER-SWIN-LARGE-CITYSCAPES-SEMANTIC-HD"
NAMES = (WIDE, LONG, "short")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures that are written."""
    figures: list[Figure] = []
    save = Figure.savefig

    def saved(figure: Figure, *args: Any, **kwargs: Any) -> None:
        figures.append(figure)
        save(figure, *args, **kwargs)

    monkeypatch.setattr(Figure, "savefig", saved)
    return figures


def texts(figure: Figure) -> list[Text]:
    found: list[Text] = figure.findobj(Text)  # type: ignore[assignment]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def places(figure: Figure) -> list[tuple[str, Bbox]]:
    """Each text, without the arrow of an annotation, and where it stands in the picture."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")
        figure.set_dpi(150)
        figure.draw_without_rendering()
        return [(text.get_text(), Text.get_window_extent(text)) for text in texts(figure)]


def assert_nothing_is_cut(figure: Figure) -> None:
    for text, box in places(figure):
        assert -1 <= box.x0 < box.x1 <= figure.bbox.width + 1, text
        assert -1 <= box.y0 < box.y1 <= figure.bbox.height + 1, text


def assert_nothing_is_covered(figure: Figure) -> None:
    for (one, here), (other, there) in combinations(places(figure), 2):
        assert not here.padded(-1).overlaps(there.padded(-1)), (one, other)


def change(number: int, name: str) -> dict[str, Any]:
    return {"artifact_id": f"a{number}", "name": name, "before": 40.0 + number / 50, "after": 50.0, "change": 10.0}


@pytest.mark.parametrize("many", [1, 60])
def test_names_of_every_kind_can_be_read(many: int, drawn: list[Figure], tmp_path: Path) -> None:
    names = [NAMES[number % 3] for number in range(many)]
    ranks = [side(name=name, place=place, place_low=1, place_high=many) for place, name in enumerate(names, 1)]
    plot_ranking(rank_list(ranks), tmp_path / "ranks.png")
    others = [{"name": name, "score": 0.5} for name in names]
    plot_neighbourhood(
        {"name": WIDE, "alternatives": others, "complements": others, "simulated": True}, tmp_path / "around.png"
    )
    plot_changes(
        {
            "before": "20261001-adf0fd18525a", "after": "20261101-adf0fd18525b", "simulated": True,
            "now_before": "2026-10-01T00:00:00Z", "now_after": "2026-11-01T00:00:00Z", "changed_count": 1234,
            "changed": [change(number, name) for number, name in enumerate(names)],
        },
        tmp_path / "changes.png",
    )  # fmt: skip
    assert len(drawn) == 3
    for figure in drawn:
        assert_nothing_is_cut(figure)
        assert_nothing_is_covered(figure)


def test_a_comparison_of_long_names_can_be_read(drawn: list[Figure], tmp_path: Path) -> None:
    shared = [{"a": {"name": LONG}, "b": {"name": WIDE}, "similarity": 0.8}]
    plot_comparison(
        {
            "a": side(name=WIDE), "b": side(name=LONG), "simulated": True, "verdict": {"kind": "a"},
            "capabilities": {"shared": shared, "only_a": [], "only_b": []},
            "head_to_head": {"theta": 0.0, "error": 0.5, "total": {"probability": 0.5}},
        },
        tmp_path / "compared.png",
    )  # fmt: skip
    assert_nothing_is_cut(drawn[0])


def test_that_a_font_is_lacking_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plot_ranking(rank_list([side(name="\U0010fffd thing")]), tmp_path / "ranks.png")
    (line,) = capsys.readouterr().err.splitlines()
    assert "no font of this machine has \U0010fffd" in line
    plot_ranking(rank_list([side(name="\U0010fffd thing")]), tmp_path / "ranks.svg")
    assert capsys.readouterr().err == ""


def test_the_picture_says_how_many_changes_it_leaves_out(drawn: list[Figure], tmp_path: Path) -> None:
    difference = {
        "before": "a", "after": "b", "now_before": None, "now_after": None, "simulated": False,
        "changed": [change(0, "one")],
    }  # fmt: skip
    for count in (1, 29):
        plot_changes({**difference, "changed_count": count}, tmp_path / "changes.svg")
    said = [" ".join(text.get_text() for text in texts(figure)) for figure in drawn]
    assert ["of 29" in text for text in said] == [False, True]


def test_an_empty_neighbourhood_says_so(drawn: list[Figure], tmp_path: Path) -> None:
    plot_neighbourhood(
        {"name": "Alone", "alternatives": [], "complements": [], "simulated": False}, tmp_path / "alone.svg"
    )
    said = " ".join(text.get_text() for text in texts(drawn[0]))
    assert "No alternative. Nothing was chosen together with it." in said
    assert "line" not in said
