import pytest

from api.render.blocks import Heading, Item, Items, Paragraph, printable
from api.render.text import DEFAULT_WIDTH, terminal_width, text_page


def test_blocks_are_set_apart_by_one_empty_line() -> None:
    page = [Heading("Title", 1), Heading("语义"), Heading("Small", 3), Paragraph("a  b\nc")]
    assert text_page(page, 40) == "Title\n=====\n\n语义\n----\n\nSmall\n\na b c\n"


def test_short_entries_stand_close_and_long_ones_apart() -> None:
    assert text_page([Items((Item("a"), Item("b")))], 40) == "- a\n- b\n"
    assert text_page([Items((Item("a", "text", (("L", "fact"),)), Item("b")))], 40) == "- a\n  text\n  L: fact\n\n- b\n"


def test_width_is_that_of_the_terminal_and_never_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "77")
    assert terminal_width() == 77
    monkeypatch.setenv("COLUMNS", "3")
    assert terminal_width() == 40
    monkeypatch.delenv("COLUMNS")
    monkeypatch.setattr("shutil.os.get_terminal_size", lambda *_: (_ for _ in ()).throw(OSError()))
    assert terminal_width() == DEFAULT_WIDTH


def test_printable_cleans_every_text_of_nested_data() -> None:
    dirty = {"a": ["x\x1b", {"b": "y\u202e"}], "n": 1, "none": None, "flag": True}
    assert printable(dirty) == {"a": ["x", {"b": "y"}], "n": 1, "none": None, "flag": True}
