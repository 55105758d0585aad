"""What changed between two snapshots as a slope chart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.plots.canvas import BLUE, ORANGE, canvas, footnote, short
from api.render.blocks import printable
from api.render.numbers import day, rounded
from api.render.phrases import Answer


def plot_changes(difference: Answer, path: Path) -> None:
    """Draw the ranks that changed, the earlier snapshot on the left and the later one on the right."""
    clean = printable(difference)
    changes = clean["changed"]
    title = f"Ranks that changed, {day(clean['now_before'])} to {day(clean['now_after'])}"
    title += " (simulated log)" if clean["simulated"] else ""
    height = 1.8 + 0.3 * max(6, len(changes))
    with canvas(path, title, (10, height)) as axes:
        values = [end for change in changes for end in (change["before"], change["after"])] or [0.0, 100.0]
        low, high = min(values), max(values)
        gap = max(high - low, 1.0) / max(6, len(changes))
        for side, x in (("before", 0.0), ("after", 1.0)):
            heights = spread([change[side] for change in changes], gap)
            low, high = min([low, *heights]), max([high, *heights])
            for change, y in zip(changes, heights, strict=True):
                text = f"{short(change['name'] or change['artifact_id'])} {rounded(change[side])}"
                arrow = "" if side == "before" else (" ▲" if change["change"] > 0 else " ▼")
                axes.annotate(
                    text + arrow, (x, change[side]), xytext=(-0.16 if x == 0 else 1.16, y), va="center",
                    ha="right" if x == 0 else "left", fontsize=9,
                    arrowprops={"arrowstyle": "-", "color": "#BBBBBB", "shrinkB": 2, "relpos": (1 - x, 0.5)},
                )  # fmt: skip
        for change in changes:
            up = change["change"] > 0
            axes.plot(
                [0, 1], [change["before"], change["after"]], color=BLUE if up else ORANGE, marker="o", linewidth=1.8,
                linestyle="-" if up else "--",
            )  # fmt: skip
        axes.set_xlim(-1.1, 2.1)
        axes.set_ylim(low - gap, high + gap)
        axes.set_xticks([0, 1], [f"before\n{clean['before']}", f"after\n{clean['after']}"])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        footnote(axes, _how_to_read(len(changes), clean["changed_count"]))


def _how_to_read(drawn: int, changed: int) -> str:
    """Say what the lines mean, and how many of the ranks that changed are not drawn."""
    said = "Solid, ▲: the rank rose. Dashed, ▼: it fell."
    return said if drawn == changed else f"{said} Drawn: the {drawn:,} that changed most, of {changed:,}."


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Return heights for labels: in the order of the values, at least `gap` apart, and as near as may be.

    >>> spread([10.0, 10.0, 30.0], 2.0)
    [9.0, 11.0, 30.0]
    """
    order = sorted(range(len(values)), key=lambda i: (values[i], i))
    groups: list[list[int]] = []
    for i in order:
        groups.append([i])
        while len(groups) > 1 and _bottom(groups[-1], values, gap) < _top(groups[-2], values, gap) + gap:
            groups[-2:] = [groups[-2] + groups[-1]]
    found = [0.0] * len(values)
    for group in groups:
        for step, i in enumerate(group):
            found[i] = _bottom(group, values, gap) + step * gap
    return found


def _bottom(group: Sequence[int], values: Sequence[float], gap: float) -> float:
    return sum(values[i] for i in group) / len(group) - gap * (len(group) - 1) / 2


def _top(group: Sequence[int], values: Sequence[float], gap: float) -> float:
    return _bottom(group, values, gap) + gap * (len(group) - 1)
