"""Checking a passport without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli import run
from tests.api.http.serving import Client


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
