"""The neighbourhood of an artifact as a graph: alternatives on the right, complements on the left; no weak ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.plots.canvas import BLUE, ORANGE, canvas, footnote, short
from api.render.blocks import printable
from api.render.numbers import rounded
from api.render.phrases import Answer
from queries.answers.list_shapes import WEAK_ALTERNATIVE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HIGHEST: Final = 0.97
"""Of the first name, on a circle of radius 1. The names stand at equal distances, so that none covers another."""

_WIDEST: Final = 5.0
"""Points, of the line to the strongest."""


def plot_neighbourhood(answer: Answer, path: Path) -> None:
    """Draw an artifact by its `name`, with its `alternatives` and `complements`."""
    clean = printable(answer)
    right, left = [each for each in clean["alternatives"] if each["score"] >= WEAK_ALTERNATIVE], clean["complements"]
    weak = len(clean["alternatives"]) - len(right)
    title = f"Around {short(clean['name'])}{' (simulated log)' if clean['simulated'] else ''}"
    rows = max(len(right), len(left), 3)
    with canvas(path, title, (11, 1.6 + 0.55 * rows)) as axes:
        _fan(axes, right, 1, BLUE, "-")
        _fan(axes, left, -1, ORANGE, "--")
        axes.text(
            0, 0, short(clean["name"]), ha="center", va="center", fontweight="bold",
            bbox={"boxstyle": "round", "facecolor": "white", "edgecolor": "black"},
        )  # fmt: skip
        axes.set_xlim(-2.5 if left else -0.6, 2.5)
        axes.set_ylim(-1.15, 1.15)
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_visible(False)
        footnote(axes, "\n".join(_how_to_read(len(right), weak, len(left))))


def _how_to_read(alternatives: int, weak: int, complements: int) -> Iterator[str]:
    """Yield what stands where, and what there is not."""
    said = "Right, solid: alternatives" if alternatives else "No alternative is drawn" if weak else "No alternative"
    said += f" (not drawn: {weak} weak). " if weak else ". "
    yield said + ("Left, dashed: chosen together with it." if complements else "Nothing was chosen together with it.")
    if alternatives or complements:
        yield "The wider the line, the higher the score beside the name."


def _fan(axes: Axes, others: Sequence[Answer], side: int, color: str, style: str) -> None:
    strongest = max((other["score"] for other in others), default=1.0)
    for place, other in enumerate(others):
        y = 0.0 if len(others) == 1 else _HIGHEST * (1 - 2 * place / (len(others) - 1))
        x = side * sqrt(1 - y**2)
        width = max(0.8, _WIDEST * other["score"] / strongest)
        axes.plot([0, x], [0, y], color=color, linewidth=width, linestyle=style, zorder=0, alpha=0.7)
        axes.plot(x, y, "o" if side > 0 else "s", color=color)
        label = f"{short(other['name'])} ({rounded(other['score'], 2)})"
        axes.text(x + 0.06 * side, y, label, ha="left" if side > 0 else "right", va="center")
