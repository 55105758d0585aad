import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from api.render.blocks import Table
from api.render.comparison import comparison_page
from api.render.html import html_page
from api.render.markdown import markdown_page
from api.render.text import text_page
from tests.api.answers import PARTS_A, comparison, side

VOID = {"meta", "br", "link"}
HOSTILE = 'Evil\x1b[31m\u202e <script>alert("1")</script> | `x` [y](javascript:z) &amp; **b**\n# h'


class Outline(HTMLParser):
    """Checks that all elements are closed in order, and collects text and attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def outline(page: str) -> Outline:
    parser = Outline()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


def parts_table() -> Table:
    return next(block for block in comparison_page(comparison()) if isinstance(block, Table) and block.total)


def test_points_and_weights_are_those_of_the_answer_and_add_up() -> None:
    rows = {row[0]: row[1:] for row in parts_table().rows}
    assert rows["Adoption"] == ("71.0", "60 to 80", "30.0 %", "21.3", "90.0", "80 to 95", "33.3 %", "30.0")
    assert rows["Quality"][3] == "14.5"
    assert rows["Ecosystem"] == ("26.0", "10 to 40", "40.0 %", "10.4", "—", "—", "—", "—")
    assert rows["Match graph"] == ("—", "—", "—", "—", "35.0", "30 to 40", "33.4 %", "11.6")
    assert rows["Rank"] == ("", "30 to 62", "100.0 %", "46.2", "", "51 to 64", "100.0 %", "58.3")


def test_an_artifact_of_which_nothing_is_known_has_no_rank() -> None:
    unknown = [{**part, "value": None, "weight": 0.0, "contribution": 0.0} for part in PARTS_A]
    answer = comparison(
        a=side(rank=None, low=None, high=None, parts=unknown, times_matched=None, capability_count=None)
    )
    text = text_page(comparison_page(answer), 100)
    assert re.search(r"^Rank +not known +58\.3/100", text, re.MULTILINE)
    assert re.search(r"^Times matched +not known ", text, re.MULTILINE)
    assert re.search(r"^Rank +— ", text, re.MULTILINE)


def test_text_shows_everything_that_the_answer_holds() -> None:
    text = text_page(comparison_page(comparison()), 100)
    one_line = " ".join(text.split())
    for expected in (
        "Cutter vs Painter",
        "Painter ranks 12.1 points higher.",
        "More used.",
        "46.2/100 (30.1 to 62.3)",
        "1,234 times by 56 clients, 2026-09-02",
        "(simulated log)",
        "never so far",
        "Paid, $10 per month",
        "70 % of the weight is known",
        "1 shared, 1 only in Cutter, 1 only in Painter.",
        "Similarity 0.91",
        "Cutter, unique: Works offline.",
        "Painter, versus others: Compared with Painter it is slower.",
        "Source: capabilities.jsonl, not known",
        "Need something different?",
        "cut out people 12 / 9 0.43 (0.30 to 0.56) 3 / 2 —",
        "Sketcher (Model, score 0.50 instead of Cutter and 0.35 instead of Painter, rank 40.0)",
        "Same needs: Chosen for the same 3 intents.",
        "Snapshot 20261101-0a1b2c3d4e5f. Evidence from 2026-09-02 to 2026-10-31.",
        "come from a simulated log",
    ):
        assert expected in one_line


def test_no_simulation_is_claimed_where_there_is_none() -> None:
    answer = comparison()
    answer["b"]["simulated"] = answer["simulated"] = False
    assert "simulated" not in text_page(comparison_page(answer), 100)


@pytest.mark.parametrize("width", [80, 100, 160])
def test_text_keeps_to_the_width(width: int) -> None:
    assert max(map(len, text_page(comparison_page(comparison()), width).splitlines())) <= width


def test_hidden_characters_of_names_never_reach_the_terminal() -> None:
    text = text_page(comparison_page(comparison(a=side(name=HOSTILE))), 100)
    assert "Evil[31m" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_markdown_has_whole_tables_and_no_markup_from_data() -> None:
    answer = comparison(a=side(name=HOSTILE))
    answer["verdict"]["text"] = HOSTILE
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown_page(comparison_page(answer)))
    inline = [child for token in tokens for child in token.children or []]
    assert not [
        token for token in [*tokens, *inline] if token.type in ("html_block", "html_inline", "link_open", "code_inline")
    ]
    assert [token.tag for token in tokens if token.type == "heading_open"].count("h1") == 1
    cells = [sum(token.type == "td_open" for token in row) for row in table_rows(tokens)]
    assert set(cells) == {3, 5, 9}
    assert any("<script>" in token.content for token in inline if token.type == "text")


def table_rows(tokens: list) -> list[list]:
    rows: list[list] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif rows:
            rows[-1].append(token)
    return [row for row in rows if any(token.type == "td_open" for token in row)]


def test_html_is_well_formed_self_contained_and_accessible() -> None:
    page = outline(html_page(comparison_page(comparison())))
    names = [tag for tag, _ in page.tags]
    assert dict(page.tags)["html"] == {"lang": "en"}
    assert names.count("h1") == 1
    assert names.count("table") == names.count("caption") == 3
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in page.tags if tag == "th")
    assert not {"script", "link", "img", "iframe"} & set(names)
    assert "Cutter vs Painter" in page.words


def test_html_escapes_everything_and_links_only_web_addresses() -> None:
    answer = comparison(a=side(name=HOSTILE, url="javascript:alert(1)"))
    source = html_page(comparison_page(answer))
    page = outline(source)
    assert "<script" not in source
    assert any('<script>alert("1")</script>' in word for word in page.words)
    links = {attributes["href"] for tag, attributes in page.tags if tag == "a"}
    assert links == {"https://example.org/cutter"}


def test_perhaps_one_thing_under_two_names_is_said_before_the_verdict() -> None:
    twin = {"kind": "same", "reasons": [{"kind": "perhaps_same", "text": "one repository"}]}
    text = text_page(comparison_page(comparison(duplicate=twin)), 100)
    said = "These two are perhaps one thing under two names: one repository."
    assert said in text
    assert text.index(said) < text.index("Verdict")
    variant = {"kind": "variant", "reasons": [{"kind": "variant", "text": "one name"}]}
    assert "variants of one family" in text_page(comparison_page(comparison(duplicate=variant)), 100)


def test_facts_are_shown_with_status_source_and_date() -> None:
    fact = {"name": "license", "value": "MIT", "status": "stated", "source": "a.jsonl", "date": "2026-09-22"}
    count = {**fact, "name": "clients", "value": 1234, "status": "measured", "source": None}
    page = comparison_page(comparison(facts={"a": [fact], "b": [count]}))
    (table,) = [block for block in page if isinstance(block, Table) and block.caption.startswith("What is claimed")]
    assert table.rows == (
        ("Cutter", "license", "MIT", "stated", "a.jsonl", "2026-09-22"),
        ("Painter", "clients", "1,234", "measured", "not known", "2026-09-22"),
    )
