"""The keys that sign passports: `signing/` of the home. Rotating makes a new key; old ones go on being published.

Public keys go out as a JSON Web Key Set (RFC 7517, RFC 8037), so that any program can check a signature later.
"""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from graph.durable import write_durably
from graph.errors import BadInput, DamagedHome
from graph.home import Home

FOLDER: Final = "signing"
PUBLIC: Final = "keys.json"


def public_keys(home: Home) -> dict[str, Any]:
    """Return the key set as it is published, the newest key first; makes the first key if there is none."""
    path = _published(home)
    if not path.exists():
        with home.lock("signing"):
            if not path.exists():
                _add_key(home, {"keys": []})
    return read_key_set(path.read_bytes(), str(path))


def rotate(home: Home) -> str:
    """Make a new key and sign with it from now on; return its id."""
    public_keys(home)  # the first one, where there is none
    with home.lock("signing"):
        path = _published(home)
        return _add_key(home, read_key_set(path.read_bytes(), str(path)))


def signing_key(home: Home) -> tuple[str, Ed25519PrivateKey]:
    """Return the id and private half of the newest key; raises `DamagedHome`."""
    key_id = str(public_keys(home)["keys"][0]["kid"])
    path = home.path / FOLDER / f"{key_id}.key"
    try:
        return key_id, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii")))
    except (OSError, ValueError) as error:
        raise DamagedHome(f"{path} cannot be read ({error}). Restore it, or run: matchgraph keys rotate") from error


def read_key_set(content: bytes, source: str) -> dict[str, Any]:
    """Read a JSON Web Key Set; raises `BadInput`."""
    try:
        found: dict[str, Any] = msgspec.json.decode(content, type=dict[str, Any])
        for key in found["keys"]:
            public_key(key)
    except (msgspec.DecodeError, msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{source} is no set of Ed25519 public keys (JSON Web Key Set): {error}.") from error
    return found


def public_key(key: Mapping[str, Any]) -> Ed25519PublicKey:
    """Return the key that an entry of a key set describes; raises `ValueError` or `KeyError`."""
    if (key["kty"], key["crv"]) != ("OKP", "Ed25519"):
        raise ValueError("a key is not of the kind Ed25519")
    return Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(key["x"] + "=="))


def _add_key(home: Home, known: Mapping[str, Any]) -> str:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    key_id = sha256(public).hexdigest()[:16]
    folder = home.path / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / f"{key_id}.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(private.private_bytes_raw().hex())
        file.flush()
        os.fsync(file.fileno())
    entry = {
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
        "alg": "EdDSA",
        "kid": key_id,
        "x": urlsafe_b64encode(public).decode().rstrip("="),
    }
    content = msgspec.json.format(msgspec.json.encode({"keys": [entry, *known["keys"]]}), indent=1)
    write_durably(_published(home), content)
    return key_id


def _published(home: Home) -> Path:
    return home.path / FOLDER / PUBLIC
