"""Canonical JSON as RFC 8785 writes it."""

from __future__ import annotations

import json
import math
import random
import struct
from typing import Any

import pytest

from api.signing.canonical_json import canonical_json


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (1.0, "1"), (5e-324, "5e-324"), (-5e-324, "-5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992.0, "9007199254740992"), (295147905179352830000.0, "295147905179352830000"),
        (9.999999999999997e22, "9.999999999999997e+22"), (1e23, "1e+23"), (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (9.999999999999997e-7, "9.999999999999997e-7"), (0.000001, "0.000001"),
        (333333333.3333332, "333333333.3333332"),
        (0.0001, "0.0001"), (123.456, "123.456"), (1e-7, "1e-7"), (4.35, "4.35"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_the_appendix_of_rfc_8785_lists_them(number: float, text: str) -> None:
    assert canonical_json(number).decode() == text


def test_any_float_is_read_back_as_it_was() -> None:
    chance = random.Random(7)
    for _ in range(2_000):
        (number,) = struct.unpack("<d", chance.randbytes(8))
        if math.isfinite(number):
            assert float(canonical_json(number)) == number


def test_keys_are_sorted_by_utf_16_and_texts_escaped_as_the_standard_shows() -> None:
    value = {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew", "1": "One", "\U0001f600": "Smiley"}
    assert list(json.loads(canonical_json(value))) == ["\r", "1", "\u20ac", "\U0001f600", "\ufb33"]
    assert canonical_json('\u20ac$\u000f\nA\'B"\\\\"/').decode() == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


@pytest.mark.parametrize("value", [math.nan, math.inf, 1 << 60, {1: 2}, "\ud800", object()])
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        canonical_json(value)
