"""Integer keys for texts and people: stable on every machine, 63 bits, never zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

Int64Array = npt.NDArray[np.int64]

MASK_63: Final = (1 << 63) - 1
UNIT_SEPARATOR: Final = "\x1f"
_MAX_CACHED: Final = 1_000_000


def stable_key(*parts: str) -> int:
    """Return the 63-bit key of a text, or of several texts in order: BLAKE2b cut to 8 bytes (RFC 7693).

    Two of n different texts share a key with probability about n² / 2^64: 5e-8 for a million.
    """
    return _key(UNIT_SEPARATOR.join(parts), b"")


def key_text(key: int) -> str:
    """Write a key as 16 hexadecimal digits, the form used in printed ids."""
    return f"{key:016x}"


def _key(text: str, secret: bytes) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=secret).digest()
    return (int.from_bytes(digest, "little") & MASK_63) or 1


class KeyCache:
    """Keys of many texts, each computed once. With a secret (16 to 64 bytes) the keys are pseudonyms.

    A keyed hash cannot be turned back, nor compared between homes, without the home's secret.
    """

    def __init__(self, secret: bytes = b"", prefix: str = "") -> None:
        self._secret = secret
        self._prefix = prefix + UNIT_SEPARATOR if prefix else ""
        self._cache: dict[str, int] = {}

    def key(self, text: str) -> int:
        """Return the key of one text."""
        key = self.keys([text])[0]
        if key is None:
            raise ValueError("the empty text has no key")
        return key

    def _new_key(self, text: str) -> int:
        return _key(self._prefix + text, self._secret)

    def keys(self, texts: Iterable[str | None]) -> list[int | None]:
        """Return the keys of several texts, in order; None for None and for the empty text."""
        texts = list(texts)
        found: list[int | None] = list(map(self._cache.get, texts))  # type: ignore[arg-type]
        if None in found:
            for index, key in enumerate(found):
                text = texts[index]
                if key is None and text:
                    found[index] = self._cache.get(text) or self._remember(text)
        return found

    def _remember(self, text: str) -> int:
        if len(self._cache) >= _MAX_CACHED:
            self._cache.clear()
        key = self._cache[text] = self._new_key(text)
        return key


def combine_keys(columns: Mapping[str, Int64Array]) -> Int64Array:
    """Hash a row of integers to one 63-bit key: (n,) arrays in, an (n,) array out.

    Each column is salted with its own name and mixed with the SplitMix64 finaliser (Steele, Lea & Flood 2014,
    "Fast splittable pseudorandom number generators", fig. 14), so that absent columns and swapped values differ.
    The order in which the columns are given does not matter; their names do.
    """
    total: npt.NDArray[np.uint64] | None = None
    for name in sorted(columns):
        salted = columns[name].astype(np.uint64) + np.uint64(stable_key(name))
        mixed = _mix64(salted)
        total = mixed if total is None else _mix64(total ^ mixed)
    if total is None:
        raise ValueError("combine_keys needs at least one column")
    keys = (total & np.uint64(MASK_63)).astype(np.int64)
    keys[keys == 0] = 1
    return keys


def _mix64(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: npt.NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(31))
    return result
