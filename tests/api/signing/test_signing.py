"""Signed passports: canonical JSON, keys that rotate, and checking without a server."""

from __future__ import annotations

import json
import math
import random
import struct
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from api.signing.canonical_json import canonical_json
from api.signing.documents import signed, verify
from api.signing.keys import public_keys, rotate, signing_key
from graph.home import Home
from tests.api.http.serving import Client

DOCUMENT = {"passport": {"name": "Ünïcode", "score": 0.1, "none": None, "many": [1, 2.5, True]}}


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


def test_a_signed_document_is_valid_until_anything_in_it_changes(tmp_path: Path) -> None:
    home = Home(tmp_path)
    document = signed(DOCUMENT, *signing_key(home), "2026-11-01T00:00:00Z")
    keys = public_keys(home)
    assert verify(document, keys).valid
    for changed in (
        {**document, "more": 1},
        {**document, "passport": {**document["passport"], "score": 0.2}},
        {**document, "signature": {**document["signature"], "signed_at": "2026-11-02T00:00:00Z"}},
        {**document, "signature": {**document["signature"], "value": "AAAA"}},
        DOCUMENT,
        None,
        [],
    ):
        assert not verify(changed, keys).valid


def test_old_signatures_stay_valid_after_a_rotation(tmp_path: Path) -> None:
    home = Home(tmp_path)
    old = signed(DOCUMENT, *signing_key(home), "2026-11-01T00:00:00Z")
    rotate(home)
    new = signed(DOCUMENT, *signing_key(home), "2026-11-01T00:00:00Z")
    assert old["signature"]["key_id"] != new["signature"]["key_id"]
    assert verify(old, public_keys(home)).valid
    assert verify(new, public_keys(home)).valid
    assert not verify(new, {"keys": public_keys(home)["keys"][1:]}).valid
    assert (tmp_path / "signing" / f"{new['signature']['key_id']}.key").stat().st_mode & 0o077 == 0


def test_a_served_passport_is_checked_offline_by_the_command_line(
    client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    passport, keys = tmp_path / "passport.json", tmp_path / "keys.json"
    passport.write_bytes(client.get("/v1/passports/flux-1-pro").body)
    keys.write_bytes(client.get("/.well-known/matchgraph-keys.json").body)
    assert run(["verify", str(passport), "--keys", str(keys)]) == 0
    passport.write_text(passport.read_text().replace("FLUX", "FLEX"))
    assert run(["verify", str(passport), "--keys", str(keys)]) == 1
    keys.write_text("{}")
    assert run(["verify", str(passport), "--keys", str(keys)]) == 3
    assert "Not valid" in capsys.readouterr().out
