"""One drawing area for every picture: fonts, colours, title, and how it is written to a file.

Colours are those of Okabe & Ito 2008, told apart by people who see colours differently; nothing is said by colour
alone. Texts in SVG stay texts, so that they can be read aloud and searched; neither dates nor random ids are written.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.plots.fonts import USUAL, fonts_for
from api.render.wrapping import shortened
from graph.errors import WrongUse

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE: Final = "#0072B2"
ORANGE: Final = "#D55E00"
GREY: Final = "#6B6B6B"
_SUFFIXES: Final = (".svg", ".png")
_STYLE: Final[Any] = {
    "font.family": USUAL,
    "font.size": 11.0,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "svg.fonttype": "none",
    "svg.hashsalt": "matchgraph",
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_LONGEST_NAME: Final = 38
_MARGIN: Final = 0.1
"""Inches left and right of all texts; the layout of long ones is found to within some pixels only."""
_NAMED: Final = 5
"""Characters without a font that are named."""


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
        from matplotlib.layout_engine import ConstrainedLayoutEngine
    except ImportError as error:
        raise WrongUse("Pictures need matplotlib. Install it with: pip install 'matchgraph[plots]'") from error
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, layout=ConstrainedLayoutEngine(w_pad=_MARGIN))
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        figure.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold")
        yield axes
        as_text = path.suffix.lower() == ".svg"
        told = {"Date": None, "Title": title} if as_text else {"Title": title, "Software": None}
        without_font = _choose_fonts(figure)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font")  # said in one sentence below
            try:
                figure.savefig(path, dpi=150, metadata=told)
            except OSError as error:
                raise WrongUse(f"{path} cannot be written: {error.strerror}.") from error
        if without_font and not as_text:
            named = " ".join(sorted(without_font)[:_NAMED])
            sys.stderr.write(
                f"{path}: no font of this machine has {named}; boxes stand for such characters. "
                "An .svg file keeps them as text.\n"
            )


def _choose_fonts(figure: Figure) -> set[str]:
    """Let all texts be written in fonts that hold their characters; return the characters that none holds."""
    from matplotlib.text import Text

    texts: list[Any] = figure.findobj(Text)
    families, missing = fonts_for(character for text in texts for character in text.get_text())
    if len(families) > 1:
        for text in texts:
            text.set_fontfamily(families)
    return missing


def short(name: str) -> str:
    """Cut a long name for a label; characters that are two columns wide count twice."""
    return shortened(name, _LONGEST_NAME)


def footnote(axes: Axes, text: str) -> None:
    """Write below the axes how to read them. It belongs to the whole picture: however wide the labels, none is cut."""
    axes.figure.supxlabel(text, fontsize=10)
