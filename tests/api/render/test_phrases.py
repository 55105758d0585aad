import doctest

import pytest

from api.render import phrases
from api.render.phrases import matched_phrase, pricing_phrase, rank_phrase, type_title


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(phrases).failed == 0


@pytest.mark.parametrize(
    ("pricing", "expected"),
    [
        ({"model": "free", "price": None}, "Free"),
        ({"model": "unknown", "price": "$5"}, "$5"),
        ({"model": "unknown", "price": None}, "not known"),
        ({"model": "barter", "price": None}, "barter"),
        (None, "not known"),
    ],
)
def test_prices(pricing: dict[str, str | None] | None, expected: str) -> None:
    assert pricing_phrase({"pricing": pricing}) == expected


def test_what_is_not_known_is_not_zero() -> None:
    assert rank_phrase({"rank": None, "low": 0, "high": 100}) == "not known"
    assert matched_phrase({"times_matched": None}) == "not known"
    assert matched_phrase({"times_matched": 0, "simulated": True}) == "never so far"
    assert type_title(None) == "not known"


def test_types_of_the_vocabulary_have_titles_and_others_stay() -> None:
    assert (type_title("mcp"), type_title("gadget")) == ("MCP Server", "gadget")
