"""What is drawn around an artifact, and what is counted only."""

from __future__ import annotations

from pathlib import Path

from api.plots.neighbourhood import plot_neighbourhood

EVIL = "a $x_1$ <b>&\x1b[31m name that is much longer than any label can be"


NEIGHBOURS = {
    "name": "Cutter",
    "alternatives": [{"name": "Sketcher", "score": 0.5}, {"name": EVIL, "score": 0.1}, {"name": "Weak", "score": 0.09}],
    "complements": [{"name": "Painter", "score": 0.2}],
    "simulated": True,
}


def test_weak_alternatives_are_counted_and_not_drawn(tmp_path: Path) -> None:
    plot_neighbourhood(NEIGHBOURS, tmp_path / "around.svg")
    text = (tmp_path / "around.svg").read_text()
    assert "(not drawn: 1 weak)" in text
    assert "Weak (" not in text
