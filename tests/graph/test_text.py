"""Canonical text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.text import MAX_QUERY_CHARS, clean_name, has_hidden_characters, normalise_query, slug


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("  Best  IMAGE-upscaler, for C++? ", "best image upscaler for c++"),
        ("c# + go", "c# go"),
        ("#1 tool", "1 tool"),
        ("snake_case", "snake case"),
        ("ＦＵＬＬ width", "full width"),
        ("Straße", "strasse"),
        ("हिन्दी खोज!", "हिन्दी खोज"),
        ("日本語、検索", "日本語 検索"),
        ("???", ""),
        ("", ""),
    ],
)
def test_normalise_query(typed: str, canonical: str) -> None:
    assert normalise_query(typed) == canonical


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise_query(text)
    assert normalise_query(once) == once


def test_a_query_of_a_megabyte_is_cut() -> None:
    assert len(normalise_query("word " * 200_000)) <= MAX_QUERY_CHARS


@given(st.text())
def test_clean_names_are_on_one_line_without_hidden_characters(text: str) -> None:
    name = clean_name(text)
    assert not has_hidden_characters(name)
    assert "\n" not in name
    assert name == name.strip()


def test_slug() -> None:
    assert slug("FLUX.1 Pro") == "flux-1-pro"
    assert slug("Übersetzer (neu)") == "übersetzer-neu"
