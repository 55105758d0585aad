"""API keys on the command line: shown once, listed without the secret, out of use once revoked."""

import json
from pathlib import Path

import pytest

from api.cli import run


def printed(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> str:
    assert run([*words, "--home", str(home)]) == 0
    return capsys.readouterr().out


def test_a_key_is_shown_once_and_revoked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = json.loads(printed(capsys, tmp_path, "keys", "create", "shop", "--scope", "feedback", "--json"))
    assert made["key"]
    listed = printed(capsys, tmp_path, "keys", "list", "--json")
    assert made["key"] not in listed
    (entry,) = json.loads(listed)["keys"]
    assert (entry["key_id"], entry["scopes"], entry["revoked"]) == (made["key_id"], ["feedback"], None)
    assert json.loads(printed(capsys, tmp_path, "keys", "revoke", made["key_id"], "--json"))["key_id"] == made["key_id"]
    (entry,) = json.loads(printed(capsys, tmp_path, "keys", "list", "--json"))["keys"]
    assert entry["revoked"] is not None


def test_without_json_the_key_alone_is_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(printed(capsys, tmp_path, "keys", "create", "shop").split()) == 1


def test_every_rotation_signs_with_another_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = [json.loads(printed(capsys, tmp_path, "keys", "rotate", "--json"))["key_id"] for _ in range(2)]
    assert ids[0] != ids[1]
