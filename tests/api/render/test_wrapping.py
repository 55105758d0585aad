import doctest

from hypothesis import given
from hypothesis import strategies as st

from api.render import wrapping
from api.render.wrapping import display_width, pad, wrap

TEXTS = st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=200)


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(wrapping).failed == 0


@given(TEXTS, st.integers(min_value=10, max_value=120))
def test_no_line_is_wider_than_asked_and_no_character_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(display_width(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wide_characters_take_two_columns() -> None:
    assert wrap("语义分割模型", 8, indent="") == ["语义分割", "模型"]
    assert pad("语义", 6) == "语义  "
    assert pad("12", 4, right=True) == "  12"


def test_indents() -> None:
    assert wrap("one two three", 11, indent="  ", first="- ") == ["- one two", "  three"]
    assert wrap("", 20, indent="  ") == []
