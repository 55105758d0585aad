"""Callback tokens: whoever got an answer may say what became of it, about that answer and nothing else.

A token states query, artifact, position, client, actor and expiry, and is signed (HMAC-SHA-256, RFC 2104, cut to 16
bytes). Nothing is kept: an event's id follows from its token and kind, so a replay is a duplicate to the ledger.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from binascii import b2a_base64
from hashlib import sha256
from hmac import compare_digest
from typing import Final

import msgspec

MAC_BYTES: Final = 16
MAX_TOKEN_CHARS: Final = 2_048
_BLOCK_BYTES: Final = 64
"""Of SHA-256."""
_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")


class BadToken(ValueError):
    """The token was not signed with this key, or is no token."""


class ExpiredToken(ValueError):
    """The token was valid once."""


class Grant(msgspec.Struct, frozen=True, array_like=True):
    """What a token allows to report about."""

    query_id: str
    artifact_id: str
    position: int
    """Place in the answer, from 1."""
    client_id: str
    actor: str
    expires: int
    """Seconds since 1970."""

    def event_id(self, kind: str) -> str:
        """Return the id of the one event of this kind that the token allows."""
        about = "\x1f".join((self.query_id, self.artifact_id, self.client_id, kind))
        return sha256(about.encode("utf-8", "replace")).hexdigest()[:32]


class TokenSigner:
    """Makes and reads tokens with one key."""

    def __init__(self, key: bytes) -> None:
        """`key`: 32 bytes."""
        padded = key.ljust(_BLOCK_BYTES, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in padded))
        self._decoder = msgspec.msgpack.Decoder(Grant)

    def sign(self, grant: Grant) -> str:
        """Return the token of a grant."""
        body = msgspec.msgpack.encode(grant)
        return _spelled(self._mac(body) + body)

    def read(self, token: str, now_seconds: float) -> Grant:
        """Return what a token grants; raises `BadToken` or `ExpiredToken`."""
        try:
            raw = urlsafe_b64decode(token[:MAX_TOKEN_CHARS].encode("ascii") + b"==")
        except ValueError as error:
            raise BadToken from error
        mac, body = raw[:MAC_BYTES], raw[MAC_BYTES:]
        # base64 has several spellings of one value; only the one given out counts.
        if not compare_digest(mac, self._mac(body)) or _spelled(raw) != token:
            raise BadToken
        grant = self._decoder.decode(body)
        if grant.expires < now_seconds:
            raise ExpiredToken
        return grant

    def _mac(self, body: bytes) -> bytes:
        """Return the HMAC, from what the key alone makes: an answer has ten, and the library's take twice the time."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(body)
        outer.update(inner.digest())
        return outer.digest()[:MAC_BYTES]


def _spelled(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).translate(_URL_SAFE, b"=").decode()
