"""Keys that rotate, old ones remaining known."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.signing.documents import signed, verify
from api.signing.keys import public_keys, read_key_set, rotate, signing_key
from graph.errors import BadInput, DamagedHome
from graph.home import Home

DOCUMENT = {"passport": {"name": "Ünïcode", "score": 0.1, "none": None, "many": [1, 2.5, True]}}


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


def test_keys_made_at_the_same_time_are_all_published(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = rotate(home)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: rotate(home), range(8)))
    assert {first, *made} < {key["kid"] for key in public_keys(home)["keys"]}


def test_a_lost_private_half_is_said_with_its_remedy(tmp_path: Path) -> None:
    home = Home(tmp_path)
    key_id, _ = signing_key(home)
    (tmp_path / "signing" / f"{key_id}.key").unlink()
    with pytest.raises(DamagedHome, match="matchgraph keys rotate"):
        signing_key(home)
    rotate(home)
    assert signing_key(home)[0] != key_id


@pytest.mark.parametrize("content", [b"{}", b"[]", b"rubbish", b'{"keys": [{"kty": "RSA", "crv": "x"}]}'])
def test_what_is_no_set_of_keys_is_bad_input(content: bytes) -> None:
    with pytest.raises(BadInput, match=r"keys\.json is no set of Ed25519 public keys"):
        read_key_set(content, "keys.json")
