"""Signing a document, and checking a signed one with nothing but it and the public keys."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.signing.canonical_json import canonical_json
from api.signing.keys import public_key

ALGORITHM: Final = "Ed25519"
CANONICAL_FORM: Final = "RFC 8785"


class Verification(msgspec.Struct, frozen=True):
    """Whether a document is as it was signed."""

    valid: bool
    text: str
    key_id: str | None
    signed_at: str | None


def signed(document: Mapping[str, Any], key_id: str, key: Ed25519PrivateKey, signed_at: str) -> dict[str, Any]:
    """Return a document with a `signature`: over all of it in canonical form, the signature's own value left out."""
    stated = {"algorithm": ALGORITHM, "canonical_form": CANONICAL_FORM, "key_id": key_id, "signed_at": signed_at}
    value = key.sign(canonical_json({**document, "signature": stated}))
    return {**document, "signature": {**stated, "value": b64encode(value).decode()}}


def verify(document: Any, key_set: Mapping[str, Any]) -> Verification:
    """Check a signed document by a set of public keys. Never raises: what cannot be checked is not valid."""
    signature = document.get("signature") if isinstance(document, dict) else None
    if not isinstance(signature, dict) or not isinstance(signature.get("value"), str):
        return Verification(False, "It carries no signature.", None, None)
    key_id, signed_at = str(signature.get("key_id")), str(signature.get("signed_at"))
    key = next((each for each in key_set["keys"] if each.get("kid") == key_id), None)
    if key is None:
        return Verification(False, f"The key {key_id} is not among those given.", key_id, signed_at)
    stated = {name: value for name, value in signature.items() if name != "value"}
    try:
        content = canonical_json({**document, "signature": stated})
        public_key(key).verify(b64decode(signature["value"], validate=True), content)
    except (InvalidSignature, ValueError):
        return Verification(False, "It was changed after it was signed.", key_id, signed_at)
    return Verification(True, f"It is as it was signed with the key {key_id} at {signed_at}.", key_id, signed_at)
