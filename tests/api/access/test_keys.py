"""API keys: the file holds no secret, and a running server sees each change."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.access.keys import FILE_NAME, KeyRing, create_key, list_keys, revoke_key
from graph.errors import DamagedHome, UnknownName, WrongUse
from graph.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.create()
    return home


def test_a_key_is_found_by_its_text_and_kept_without_it(home: Home) -> None:
    text, entry = create_key(home, "crawler", ["read"], now_us=1)
    assert KeyRing(home).find(text) == entry
    assert list_keys(home) == [entry]
    kept = (home.path / FILE_NAME).read_text()
    assert text.split("_", 2)[2] not in kept
    assert (home.path / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_wrong_secrets_and_texts_that_are_no_keys_are_nobodys(home: Home) -> None:
    text, entry = create_key(home, "crawler", ["read"], now_us=1)
    ring = KeyRing(home)
    for wrong in ("", "mg", "mg__", text[:-1], text + "A", f"mg_{entry.key_id}_", f"mg_{entry.key_id}_\ud800"):
        assert ring.find(wrong) is None


def test_a_running_server_sees_new_and_revoked_keys(home: Home) -> None:
    ring = KeyRing(home)
    assert ring.find("mg_a_b") is None
    first, entry = create_key(home, "one", ["read"], now_us=1)
    second, _ = create_key(home, "two", ["feedback"], now_us=2)
    assert ring.find(first) is not None
    revoke_key(home, entry.key_id, now_us=3)
    assert ring.find(first) is None
    assert ring.find(second) is not None
    (home.path / FILE_NAME).unlink()
    assert ring.find(second) is None


def test_scopes(home: Home) -> None:
    _, reader = create_key(home, "reader", ["read"], now_us=1)
    _, admin = create_key(home, "operator", ["admin"], now_us=1)
    assert [reader.allows(scope) for scope in ("read", "feedback", "admin")] == [True, False, False]
    assert [admin.allows(scope) for scope in ("read", "feedback", "admin")] == [True, True, True]
    with pytest.raises(WrongUse, match="writer"):
        create_key(home, "x", ["read", "writer"], now_us=1)
    with pytest.raises(WrongUse, match="read, feedback, admin"):
        create_key(home, "x", [], now_us=1)


def test_unknown_ids_and_damaged_files_are_said(home: Home) -> None:
    _, entry = create_key(home, "one", ["read"], now_us=1)
    with pytest.raises(UnknownName, match=entry.key_id):
        revoke_key(home, entry.key_id[:-1] + "z", now_us=2)
    (home.path / FILE_NAME).write_text("[{]")
    with pytest.raises(DamagedHome, match="make new keys"):
        list_keys(home)


def test_a_key_without_a_name_is_wrong_use(home: Home) -> None:
    with pytest.raises(WrongUse, match="needs a name"):
        create_key(home, " ", ["read"], now_us=1)
    assert list_keys(home) == []
