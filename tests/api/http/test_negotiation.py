import pytest

from api.http.negotiation import preferred

OFFERED = ["application/json", "text/csv", "text/turtle"]


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        ("", []),
        ("*/*", OFFERED),
        ("text/csv", ["text/csv"]),
        ("TEXT/CSV ; charset=utf-8", ["text/csv"]),
        ("text/csv;q=0.9, text/turtle", ["text/turtle", "text/csv"]),
        ("text/*, application/json;q=0.1", ["text/csv", "text/turtle", "application/json"]),
        ("text/csv;q=0, */*", ["application/json", "text/turtle"]),
        ("text/html, image/*", []),
        ("text/csv;q=much, text/turtle", ["text/turtle"]),
        ("text/csv;q=nan", []),
        (",;q=1,,", []),
    ],
)
def test_what_is_preferred_comes_first_and_what_is_refused_not_at_all(accept: str, found: list[str]) -> None:
    assert preferred(accept, OFFERED) == found
