"""Keys for one purpose each, derived from the home's secret, so that there is one secret to keep."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

TOKENS: Final = "callback-tokens"
CLIENTS: Final = "served-clients"


def derived_key(secret: bytes, purpose: str) -> bytes:
    """Return 32 bytes that tell nothing about the secret or the key of another purpose (BLAKE2b, RFC 7693)."""
    return blake2b(purpose.encode("ascii"), key=secret, digest_size=32).digest()
