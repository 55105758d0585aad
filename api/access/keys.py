"""API keys: made once, shown once, kept only as hashes in `api_keys.json` of the home.

A key is `mg_<id>_<secret>` with 256 random bits, so a plain SHA-256 of it cannot be turned back by guessing.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest
from typing import Final

import msgspec

from graph.durable import write_durably
from graph.errors import DamagedHome, UnknownName, WrongUse
from graph.home import Home

SCOPES: Final = ("read", "feedback", "admin")
"""read: ask; feedback: report events without callback tokens; admin: metrics and operation. admin includes all."""
FILE_NAME: Final = "api_keys.json"


class ApiKey(msgspec.Struct, frozen=True):
    """A key as it is kept."""

    key_id: str
    name: str
    scopes: tuple[str, ...]
    secret_hash: str
    created_us: int
    revoked_us: int | None = None

    def allows(self, scope: str) -> bool:
        """Say whether the key has a scope."""
        return scope in self.scopes or "admin" in self.scopes


def create_key(home: Home, name: str, scopes: Sequence[str], *, now_us: int) -> tuple[str, ApiKey]:
    """Make a key; return its text, which is kept nowhere, and its entry."""
    if not name.strip():
        raise WrongUse("A key needs a name, by which it is known in the list of keys.")
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise WrongUse(f"No scope is called {', '.join(unknown) or 'nothing'}. Scopes: {', '.join(SCOPES)}.")
    key_id = secrets.token_hex(6)
    text = f"mg_{key_id}_{secrets.token_urlsafe(32)}"
    entry = ApiKey(key_id, name, tuple(dict.fromkeys(scopes)), _hash(text), now_us)
    with home.lock("api_keys"):
        _write(home, [*list_keys(home), entry])
    return text, entry


def revoke_key(home: Home, key_id: str, *, now_us: int) -> ApiKey:
    """Take a key out of use; raises `UnknownName`."""
    with home.lock("api_keys"):
        keys = list_keys(home)
        found = next((key for key in keys if key.key_id == key_id), None)
        if found is None:
            raise UnknownName("API key", key_id, [key.key_id for key in keys])
        revoked = msgspec.structs.replace(found, revoked_us=now_us)
        _write(home, [revoked if key is found else key for key in keys])
    return revoked


def list_keys(home: Home) -> list[ApiKey]:
    """Return all keys, the oldest first; raises `DamagedHome`."""
    path = home.path / FILE_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[ApiKey])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError) as error:
        raise DamagedHome(f"{path} cannot be read ({error}). Restore it, or delete it and make new keys.") from error


def _write(home: Home, keys: Sequence[ApiKey]) -> None:
    path = home.path / FILE_NAME
    write_durably(path, msgspec.json.format(msgspec.json.encode(keys), indent=1))
    path.chmod(0o600)


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()


class KeyRing:
    """The keys of a home for a running server; a change of the file is seen at the next request."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stamp: tuple[int, int] | None = None
        self._by_id: dict[str, ApiKey] = {}

    def find(self, text: str) -> ApiKey | None:
        """Return the key that a text is, or None if it is none or was revoked."""
        self._renew()
        parts = text.split("_", 2)
        entry = self._by_id.get(parts[1]) if len(parts) == 3 else None
        if entry is None or entry.revoked_us is not None or not compare_digest(entry.secret_hash, _hash(text)):
            return None
        return entry

    def _renew(self) -> None:
        try:
            status = (self._home.path / FILE_NAME).stat()
        except FileNotFoundError:
            self._stamp, self._by_id = None, {}
            return
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self._stamp:
            self._by_id = {key.key_id: key for key in list_keys(self._home)}
            self._stamp = stamp
