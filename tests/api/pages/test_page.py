import pytest
from starlette.requests import Request

from api.pages.page import plain, prefers_markdown


@pytest.mark.parametrize(
    ("accept", "preferred"),
    [
        ("text/markdown", True),
        ("text/markdown, text/html;q=0.9", True),
        ("text/html, text/markdown", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_markdown_is_for_who_names_it_before_html(accept: str, preferred: bool) -> None:
    request = Request({"type": "http", "headers": [(b"accept", accept.encode())]})
    assert prefers_markdown(request) is preferred


def test_hidden_characters_are_left_out_of_every_text() -> None:
    assert plain({"name": "a\u202eb", "tags": ["\x1b[31mred", 5]}) == {"name": "ab", "tags": ["[31mred", 5]}
