"""Reliability diagrams."""

from __future__ import annotations

from pathlib import Path

from api.plots.reliability import plot_reliability

RELIABILITY = {
    "reliability": [
        {"hits": 12, "confidence": 0.2, "right": 0.25, "low": 0.08, "high": 0.5},
        {"hits": 12, "confidence": 0.9, "right": 0.75, "low": 0.47, "high": 0.92},
    ]
}


def test_a_reliability_diagram_says_how_many_hits_and_is_the_same_bytes_twice(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        plot_reliability(RELIABILITY, tmp_path / name)
    content = (tmp_path / "one.svg").read_bytes()
    assert content == (tmp_path / "two.svg").read_bytes()
    assert b"(24 hits)" in content
    plot_reliability({"reliability": []}, tmp_path / "none.png")
    assert (tmp_path / "none.png").read_bytes().startswith(b"\x89PNG")
