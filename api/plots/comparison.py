"""Two artifacts against each other: rank and parts, who is chosen over whom, and the capabilities that they share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.plots.canvas import BLUE, GREY, ORANGE, canvas, footnote, short
from api.render.blocks import printable
from api.render.comparison import for_reading
from api.render.numbers import rounded
from api.render.phrases import Answer, part_title
from api.render.wrapping import shortened
from queries.ranking.parts.value import Z_95

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_APART: Final = 0.16
"""How far A stands above and B below the middle of a row."""
_MOST_SHARED: Final = 12
_IN_A_TITLE: Final = 28
"""Columns for each name."""
_HALF_A_LABEL: Final = 18
"""Columns for each name, where a pair of capabilities bears two."""


@dataclass(frozen=True)
class _Bar:
    """A value with its interval, 0 to 100."""

    value: float
    low: float
    high: float
    of: str
    """Whose it is: "a", "b", or "both"."""


_MARKS: Final = {"a": ("o", BLUE, -_APART), "b": ("s", ORANGE, _APART), "both": ("D", GREY, 0.0)}
"""Whose value → form and colour of its mark, and how far below the middle of the row it stands."""


def plot_comparison(answer: Answer, path: Path) -> None:
    """Draw a comparison (JSON of design section 8) to a file."""
    clean = for_reading(printable(answer))
    blocks = [list(_ranks(clean)), list(_chosen(clean)), list(_shared(clean))]
    rows = [row for block in blocks for row in block]
    names = [short(clean[key]["name"]) for key in "ab"]
    title = " vs ".join(shortened(name, _IN_A_TITLE) for name in names)
    note = " (simulated log)" if clean["simulated"] else ""
    with canvas(path, f"{title}{note}", (10, 2.9 + 0.42 * len(rows))) as axes:
        for y, (_, bars) in enumerate(rows):
            _row(axes, y, bars)
        for end in {len(blocks[0]), len(blocks[0]) + len(blocks[1])} - {len(rows)}:
            axes.axhline(end - 0.5, color=GREY, linewidth=0.8)
        if blocks[1]:
            axes.plot([50, 50], [len(blocks[0]) - 0.4, len(blocks[0]) + 0.4], color=GREY, linestyle=":")
        for key, name in zip("ab", names, strict=True):
            form, color, _ = _MARKS[key]
            axes.plot([], [], form, color=color, label=name)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), frameon=False, borderaxespad=0.2)
        axes.set_yticks(range(len(rows)), [label for label, _ in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0, 100)
        footnote(axes, "\n".join(_notes(clean)))
        axes.grid(axis="x", color="#DDDDDD")
        axes.set_axisbelow(True)


def _row(axes: Axes, y: float, bars: list[_Bar]) -> None:
    if not bars:
        axes.text(50, y, "not known", ha="center", va="center", color=GREY, fontsize=9)
    for bar in bars:
        form, color, below = _MARKS[bar.of]
        axes.plot([bar.low, bar.high], [y + below] * 2, color=color, linewidth=2)
        axes.plot(bar.value, y + below, form, color=color, clip_on=False)


def _ranks(clean: Answer) -> Iterator[tuple[str, list[_Bar]]]:
    """Yield the rank of both, then each part; what is not known of one is left out."""
    sides = [(key, clean[key]) for key in "ab"]
    yield "Rank", [_Bar(one["rank"], one["low"], one["high"], key) for key, one in sides if one["rank"] is not None]
    for nth, part in enumerate(clean["a"]["parts"]):
        of_both = [(key, one["parts"][nth]) for key, one in sides if nth < len(one["parts"])]
        found = [
            _Bar(100 * each["value"], 100 * each["low"], 100 * each["high"], key)
            for key, each in of_both
            if each["value"] is not None
        ]
        yield part_title(part["name"]), found


def _chosen(clean: Answer) -> Iterator[tuple[str, list[_Bar]]]:
    """Yield how often A is chosen and not B where one of them is, neither standing above: 1 / (1 + exp(-theta))."""
    duel = clean["head_to_head"]
    if duel is not None and duel["theta"] is not None:
        theta, half = duel["theta"], Z_95 * duel["error"]
        value, low, high = (100 / (1 + exp(-each)) for each in (theta, theta - half, theta + half))
        yield "Chosen over the other", [_Bar(value, low, high, "both")]


def _shared(clean: Answer) -> Iterator[tuple[str, list[_Bar]]]:
    for pair in clean["capabilities"]["shared"][:_MOST_SHARED]:
        value = 100 * pair["similarity"]
        names = dict.fromkeys(pair[key]["name"] for key in "ab")
        yield short(" / ".join(names)) if len(names) == 1 else _both(*names), [_Bar(value, value, value, "both")]


def _both(a: str, b: str) -> str:
    """Write two names for one label, each cut to half of its room.

    >>> _both("a name that is much longer than half", "b")
    'a name that is mu… / b'
    """
    return " / ".join(shortened(name, _HALF_A_LABEL) for name in (a, b))


def _notes(clean: Answer) -> Iterator[str]:
    """Yield what the rows mean, from the first on."""
    names = {key: short(clean[key]["name"]) for key in "ab"}
    kind = clean["verdict"]["kind"]
    yield f"Verdict: {f'{names[kind]} is ahead' if kind in names else kind.replace('_', ' ')}."
    yield "Rank and its parts, 0 to 100, with 95 % intervals; without a mark: not known."
    duel = clean["head_to_head"]
    if duel is not None and duel["theta"] is not None:
        better = rounded(duel["total"]["probability"], 2)
        yield f"Chosen over the other: % in which {names['a']} is, of searches that showed both and led to one,"
        yield f"  position corrected; P({names['a']} is better) = {better}."
    found = clean["capabilities"]
    shared, only = len(found["shared"]), [len(found[f"only_{key}"]) for key in "ab"]
    more = f", the first {_MOST_SHARED} drawn" if shared > _MOST_SHARED else ""
    by = f", by similarity in %{more}" if shared else ""
    yield f"Capabilities: {shared} shared{by}; {only[0]} and {only[1]} of one alone."
