"""A reliability diagram: how often hits were right, against how sure the search was of them."""

from __future__ import annotations

from pathlib import Path

from api.plots.canvas import BLUE, GREY, canvas, footnote
from api.render.blocks import printable
from api.render.phrases import Answer


def plot_reliability(answer: Answer, path: Path) -> None:
    """Draw the key `reliability` of an evaluation (`queries.retrieval.reliability`)."""
    clean = printable(answer)
    groups = clean["reliability"]
    with canvas(path, "How sure, and how often right", (7, 7)) as axes:
        axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1)
        for group in groups:
            axes.plot([group["confidence"]] * 2, [group["low"], group["high"]], color=BLUE, linewidth=1.5)
        axes.plot(
            [group["confidence"] for group in groups], [group["right"] for group in groups], "o", color=BLUE, zorder=3
        )
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.02, 1.02)
        axes.set_aspect("equal")
        axes.set_ylabel("Share of first hits that are right, with its 95 % interval")
        hits = sum(group["hits"] for group in groups)
        footnote(
            axes,
            f"Mean confidence of each group of equally many ({hits:,} hits).\n"
            "Dashed: confidence keeps its word. Below it: too sure.",
        )
        axes.grid(color="#DDDDDD")
        axes.set_axisbelow(True)
