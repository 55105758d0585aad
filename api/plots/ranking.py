"""A rank list as a forest plot: each rank with its interval, its place with its range beside it."""

from __future__ import annotations

from pathlib import Path

from api.plots.canvas import BLUE, GREY, canvas, footnote, short
from api.render.blocks import printable
from api.render.phrases import Answer
from api.render.ranking import listed_places


def plot_ranking(answer: Answer, path: Path) -> None:
    """Draw a rank list (JSON of design section 8) to a file. Artifacts without a rank are left out."""
    clean = printable(answer)
    rows = [row for row in clean["ranks"] if row["rank"] is not None]
    places = listed_places({**clean, "ranks": rows})
    note = " (simulated log)" if any(row["simulated"] for row in rows) else ""
    with canvas(path, f"Rank with its 95 % interval{note}", (9.5, 1.6 + 0.34 * max(1, len(rows)))) as axes:
        for y, row in enumerate(rows):
            whole = all(part["value"] is not None for part in row["parts"])
            color = BLUE if whole else GREY
            axes.plot([row["low"], row["high"]], [y, y], color=color, linewidth=2, linestyle="-" if whole else "--")
            form, inside = ("o", color) if whole else ("D", "white")
            axes.plot(row["rank"], y, form, color=color, markerfacecolor=inside, clip_on=False)
            axes.text(101.5, y, places[y], va="center", fontsize=10)
        axes.set_yticks(range(len(rows)), [short(row["name"]) for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.8)
        axes.set_xlim(0, 100)
        footnote(
            axes,
            "Rank, 0 to 100. Filled circle: every part known; open diamond, dashed: parts not known.\n"
            "Right: place and its range (=: shared); sorted by the lower end of the interval.",
        )
        axes.grid(axis="x", color="#DDDDDD")
        axes.set_axisbelow(True)
