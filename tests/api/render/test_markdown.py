import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from api.render import markdown
from api.render.blocks import Heading, Item, Items, Paragraph
from api.render.markdown import escaped, markdown_page

PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(markdown).failed == 0


@pytest.mark.parametrize(
    "text", ["1. one", "2) two", "- a", "+ a", "* a", "> a", "# a", "===", "---", "```", "a\n---", "    code"]
)
def test_no_text_begins_another_kind_of_block(text: str) -> None:
    tokens = PARSER.parse(markdown_page([Paragraph(text)]))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]


@given(st.text(alphabet=st.sampled_from("ab1.)-+=*_`~|<>&[](){}!#\\:/ \n\"'$"), max_size=40))
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    tokens = PARSER.parse(escaped(text))
    shown = "".join(child.content for token in tokens for child in token.children or [])
    assert {child.type for token in tokens for child in token.children or []} <= {"text"}
    assert shown == " ".join(text.split())


def test_items_keep_their_facts() -> None:
    page = markdown_page([Heading("A*b"), Items((Item("One", "Text", (("Label", "1. x"),)), Item("Two")))])
    assert page == "## A\\*b\n\n- **One**\n  Text\n  - Label: 1\\. x\n- Two\n"
