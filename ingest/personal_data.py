"""What must not be stored in clear, found in the parts of a row that have no column of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from graph.keys import KeyCache, key_text
from graph.masking import mask_personal_data

_PERSONAL: Final = (
    "user_id userid user user_name username email e_mail mail phone telephone ip ip_address client_ip remote_addr "
    "x_forwarded_for client_id device_id visitor_id customer_id account_id login full_name first_name last_name "
    "address session_id sessionid cookie token access_token api_key authorization password"
)
PERSONAL_FIELDS: Final = frozenset(_PERSONAL.split())
"""Field names whose values name a person or open a door; they are replaced by a pseudonym."""


HASHED_MARKS: Final = {"client_id": "hashed-client:", "user_id": "hashed-client:", "session_id": "hashed-session:"}
"""How ids of people are written in the quarantine: the mark and the key as 16 hexadecimal digits."""
_HASHED = re.compile(r"(?:hashed-client|hashed-session):([0-9a-f]{16})")


class PseudonymCache(KeyCache):
    """Keys of people's ids, where some ids are written as the keys that they once got."""

    def _new_keys(self, texts: Sequence[str]) -> list[int]:
        marks = [_HASHED.fullmatch(text) for text in texts]
        new = super()._new_keys(texts)
        return [key if mark is None else int(mark[1], 16) for key, mark in zip(new, marks, strict=True)]


def without_personal_data(value: Any, key_of: Callable[[str], int]) -> Any:
    """Return a copy of a JSON value: personal fields replaced by keyed hashes, texts masked."""
    if isinstance(value, dict):
        return {
            key: _pseudonym(inner, key_of)
            if key.lower().replace("-", "_") in PERSONAL_FIELDS
            else without_personal_data(inner, key_of)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [without_personal_data(inner, key_of) for inner in value]
    return mask_personal_data(value) if isinstance(value, str) else value


def _pseudonym(value: Any, key_of: Callable[[str], int]) -> Any:
    if value is None or value == "" or isinstance(value, bool):
        return value
    return f"pseudonym:{key_text(key_of(str(value)))}"
