"""Personal data in free text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.masking import mask_personal_data


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail jane.doe+x@mail.example.org now", "mail [email] now"),
        ("a%20b jane%40example.org", "a%20b [email]"),
        ("call +49 30 1234567", "call [phone]"),
        ("call (030) 555-1234 or 555-123-4567", "call [phone] or [phone]"),
        ("host 192.168.0.12 is down", "host [ip] is down"),
        ("pay with 4111 1111 1111 1111", "pay with [card]"),
        ("key sk-proj-abcdefghijklmnopqrstuv", "key [secret]"),
        ("token ghp_abcdefghijklmnopqrstuvwxyz012345", "token [secret]"),
        ("AKIAIOSFODNN7EXAMPLE", "[secret]"),
    ],
)
def test_is_masked(text: str, masked: str) -> None:
    assert mask_personal_data(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "python 3.11 on 2026-11-22",
        "resize to 1024x2048 at 30 fps",
        "order 1234 5678 9012 3456",  # fails the check digit
        "version 10.2.33",
        "task-runner_with_long_names for ci",
        "2025-08-01T01:00:10Z",
    ],
)
def test_stays_as_it_is(text: str) -> None:
    assert mask_personal_data(text) == text


@given(st.text())
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask_personal_data(text)
    assert mask_personal_data(once) == once


@pytest.mark.parametrize("unit", ["0", "a.", "+1 ", "4-", "a@", "f:", "sk-", "(555)"])
def test_hostile_texts_take_time_in_proportion_to_their_length(unit: str) -> None:
    begun = time.process_time()
    mask_personal_data(unit * (300_000 // len(unit)))
    assert time.process_time() - begun < 2.0
