"""One drawing area for every picture: fonts, colours, title, and how it is written to a file.

Colours are those of Okabe & Ito 2008, told apart by people who see colours differently; nothing is said by colour
alone. Texts in SVG stay texts, so that they can be read aloud and searched; neither dates nor random ids are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graph.errors import WrongUse

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE: Final = "#0072B2"
ORANGE: Final = "#D55E00"
GREY: Final = "#6B6B6B"
_SUFFIXES: Final = (".svg", ".png")
_STYLE: Final[Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 11.0,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "svg.fonttype": "none",
    "svg.hashsalt": "matchgraph",
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_LONGEST_NAME: Final = 38


@contextmanager
def canvas(path: Path, title: str, size: tuple[float, float]) -> Iterator[Axes]:
    """Give axes to draw on, `size` inches wide and high, and write them to an .svg or .png file afterwards.

    Raises `WrongUse` for another kind of file, and where matplotlib is not installed.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise WrongUse(f"{path}: pictures are written as {' or '.join(_SUFFIXES)}.")
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise WrongUse("Pictures need matplotlib. Install it with: pip install 'matchgraph[plots]'") from error
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.set_title(title, loc="left", fontsize=13, fontweight="bold")
        yield axes
        told = {"Date": None, "Title": title} if path.suffix.lower() == ".svg" else {"Title": title, "Software": None}
        try:
            figure.savefig(path, dpi=150, metadata=told)
        except OSError as error:
            raise WrongUse(f"{path} cannot be written: {error.strerror}.") from error


def short(name: str) -> str:
    """Cut a long name for a label."""
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
