"""What must not be stored in clear, found in the parts of a row that have no column of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graph.keys import KeyCache, key_text
from graph.masking import mask_personal_data
from ingest.border.networks import network_of

CLIENT: Final = "hashed-client"
SESSION: Final = "hashed-session"
ADDRESS: Final = "hashed-address"
OTHER: Final = "pseudonym"

_NAMES_OF_MARK: Final = {
    CLIENT: "client_id user_id client user",
    SESSION: "session_id",
    ADDRESS: "client_ip ip ip_address remote_addr source_ip x_forwarded_for",
    OTHER: "user_name email e_mail mail phone telephone device_id visitor_id customer_id account_id login full_name "
    "first_name last_name address cookie token access_token api_key authorization password",
}
_MARK_OF_NAME: Final = {name.replace("_", ""): mark for mark, names in _NAMES_OF_MARK.items() for name in names.split()}
"""Fields whose values name a person or open a door, without `_`, and the mark before what replaces them."""

_MARKED = re.compile(rf"(?:{CLIENT}|{SESSION}|{OTHER}):([0-9a-f]{{16}})|{ADDRESS}:[0-9a-f]{{16}}/[0-9a-f]{{16}}")
_ADDRESS_FIELDS: Final = "|".join(name.replace("_", "[-_]?") for name in _NAMES_OF_MARK[ADDRESS].split())
_NETWORK: Final = rf'"(?i:{_ADDRESS_FIELDS})":"{ADDRESS}:[0-9a-f]{{16}}/(?P<network>[0-9a-f]{{16}})"'
_LOOSE_FIELD = re.compile(r'("([^"\\]{1,40})"\s*:\s*)(?:"((?:[^"\\]|\\.)*)("?)|(\d[\w.+-]*))')


class Pseudonyms:
    """Keyed hashes in place of what names a person, the same in every table of a home.

    `restores`: the values come from the quarantine; those that are replaced already stay, with the keys that they got.
    """

    def __init__(self, secret: bytes, *, restores: bool = False, burst: int = 50_000) -> None:
        """Remember the keys of at most `burst` sessions and addresses: they come in a burst and never again."""
        people = _RestoringCache if restores else KeyCache
        self.clients = people(secret, "client")
        self.sessions = people(secret, "session", limit=burst)
        self._networks = KeyCache(secret, "network", limit=burst)
        self._others = KeyCache(secret, "field", limit=burst)
        self._restores = restores

    def masked(self, value: Any) -> Any:
        """Return a copy of a JSON value: personal fields replaced by keyed hashes, texts masked."""
        if isinstance(value, dict):
            return {
                name: self.masked(inner) if (mark := _mark_of(name)) is None else self._replaced(mark, inner)
                for name, inner in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.masked(inner) for inner in value]
        return mask_personal_data(value) if isinstance(value, str) else value

    def masked_name(self, name: str) -> str:
        """Return a name masked; if there was something to mask, with a keyed hash that keeps different names apart."""
        masked = mask_personal_data(name)
        return name if masked == name else f"{masked} {OTHER}:{key_text(self._others.key(name))}"

    def masked_text(self, text: str) -> str:
        """Return a text that is no JSON, masked, with what looks like a personal field of JSON replaced as well."""
        return mask_personal_data(_LOOSE_FIELD.sub(self._replaced_field, text))

    def _replaced(self, mark: str, value: Any) -> Any:
        """Replace a personal field's value; lists and objects keep their form."""
        if isinstance(value, dict):
            return {name: self._replaced(mark, inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._replaced(mark, inner) for inner in value]
        if value is None or value == "" or isinstance(value, bool):
            return value
        text = str(value)
        return text if self._restores and _MARKED.fullmatch(text) else self._pseudonym(mark, text)

    def _pseudonym(self, mark: str, text: str) -> str:
        if mark == CLIENT:
            return f"{mark}:{key_text(self.clients.key(text))}"
        if mark == SESSION:
            return f"{mark}:{key_text(self.sessions.key(text))}"
        key = key_text(self._others.key(text))
        network = network_of(text) if mark == ADDRESS else None
        return f"{OTHER}:{key}" if network is None else f"{ADDRESS}:{key}/{key_text(self._networks.key(network))}"

    def _replaced_field(self, field: re.Match[str]) -> str:
        begin, name, text, end, number = field.groups()
        mark = _mark_of(name)
        if mark is None or text == "":
            return field.group()
        return f'{begin}"{self._replaced(mark, text)}{end}' if text else f'{begin}"{self._replaced(mark, number)}"'


class _RestoringCache(KeyCache):
    """Keys of people's ids, where some ids are written as the keys that they once got."""

    def _new_keys(self, texts: Sequence[str]) -> list[int]:
        marks = [_MARKED.fullmatch(text) for text in texts]
        new = super()._new_keys(texts)
        return [int(mark[1], 16) if mark and mark[1] else key for key, mark in zip(new, marks, strict=True)]


@lru_cache(maxsize=4096)
def _mark_of(name: str) -> str | None:
    """Return how a field's value is marked when it is replaced, None for a field that is not personal."""
    return _MARK_OF_NAME.get(name.lower().replace("_", "").replace("-", ""))


def client_key_of(masked: dict[str, Any]) -> int | None:
    """Return the key of the client that a masked row names."""
    value = masked.get("client_id")
    found = _MARKED.fullmatch(value) if isinstance(value, str) else None
    return int(found[1], 16) if found is not None and found[1] else None


def network_keys(texts: pa.Array) -> pa.Array:
    """Return the key of the network that masked rows came from, (n,) JSON texts in, null where none is named.

    The names of the fields are looked at too, so that no other text can pass for an address.
    """
    found = pc.struct_field(pc.extract_regex(texts, _NETWORK), "network")
    if found.null_count == len(found):
        return pa.nulls(len(found), pa.int64())
    return pa.array([None if digits is None else int(digits, 16) for digits in found.to_pylist()], pa.int64())
