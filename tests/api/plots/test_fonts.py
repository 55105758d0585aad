"""Which fonts write which characters."""

from __future__ import annotations

from api.plots.fonts import USUAL, fonts_for

NOBODYS = "\U0010fffd"


def test_the_usual_font_is_alone_where_it_holds_all() -> None:
    assert fonts_for("Plain text, Распознавание, ▲ …") == ([USUAL], set())


def test_another_font_is_taken_for_what_the_usual_one_lacks() -> None:
    families, missing = fonts_for("aの")  # matplotlib's own STIX fonts hold the letter
    assert (families[0], len(families), missing) == (USUAL, 2, set())


def test_what_no_font_holds_is_said() -> None:
    assert fonts_for(f"a{NOBODYS}") == ([USUAL], {NOBODYS})
