"""Descriptions in plain words, cut where a sentence ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.render.descriptions import described, opening


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Makes pictures larger.", "Makes pictures larger."),
        ("## What it does\n\n- *really* fast", "What it does - really fast"),
        ("See [the paper](https://example.org/a) and ![a picture](a.png) here", "See the paper and here"),
        ("Run ```bash pip install sharp``` or `sharp --help`", "Run pip install sharp or sharp --help"),
        ('<p align="center">Sharp <b>tool</b></p>', "Sharp tool"),
        ("2 * 3 * 4 in C# with snake_case and __init__", "2 * 3 * 4 in C# with snake_case and __init__"),
        ("a < b and c > d", "a < b and c > d"),
        ("", ""),
    ],
)
def test_marks_are_taken_out_and_words_stay(text: str, plain: str) -> None:
    assert opening(text) == plain
    assert not described(text).more


def test_it_ends_with_a_sentence_in_the_second_half_else_between_words() -> None:
    assert opening("One two three. Four five six seven.", 20) == "One two three."
    assert opening("One. Two three four five six", 20) == "One. Two three …"
    assert opening("漢" * 50, 20) == "漢" * 18 + " …"


@given(st.text(max_size=300), st.integers(10, 50))
def test_it_is_never_longer_and_says_when_it_goes_on(text: str, limit: int) -> None:
    found = described(text, limit)
    assert len(found.opening) <= limit
    assert found.more or len(text) <= 8 * limit
