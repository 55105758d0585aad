import doctest

from api.render import html
from api.render.blocks import Column, Heading, Item, Items, Paragraph, Table
from api.render.html import html_page


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(html).failed == 0


def test_the_title_is_the_first_heading() -> None:
    assert "<title>A &lt;b&gt;</title>" in html_page([Heading("A <b>", 1), Heading("Other")])
    assert "<title>matchgraph</title>" in html_page([Paragraph("x")])


def test_tables_name_rows_and_columns_and_mark_sums() -> None:
    table = Table("C", (Column(""), Column("Points", numeric=True)), (("a", "1"), ("Sum", "1")), total=True)
    page = html_page([table])
    assert '<thead>\n<tr><td></td><th scope="col" class="number">Points</th></tr>\n</thead>' in page
    assert '<tr><th scope="row">a</th><td class="number">1</td></tr>' in page
    assert '<tr class="total"><th scope="row">Sum</th>' in page


def test_items_show_text_and_facts() -> None:
    page = html_page([Items((Item("T", "x < y", (("Label", "https://example.org"),)),))])
    assert "<li><strong>T</strong><p>x &lt; y</p><dl><div><dt>Label</dt><dd><a href=" in page
