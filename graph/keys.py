"""Integer keys for texts and people: stable on every machine, 63 bits, never zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

Int64Array = npt.NDArray[np.int64]

MASK_63: Final = (1 << 63) - 1
UNIT_SEPARATOR: Final = "\x1f"
MAX_CACHED: Final = 1_000_000


def stable_key(*parts: str) -> int:
    """Return the 63-bit key of a text, or of several texts in order: BLAKE2b cut to 8 bytes (RFC 7693).

    Two of n different texts share a key with probability about n² / 2^64: 5e-8 for a million.
    """
    return _keys([UNIT_SEPARATOR.join(parts)], "", b"")[0]


def stable_keys(texts: Sequence[str]) -> Int64Array:
    """Return the `stable_key` of each of many texts (n,)."""
    return np.array(_keys(texts, "", b""), np.int64)


def key_text(key: int) -> str:
    """Write a key as 16 hexadecimal digits, the form used in printed ids."""
    return f"{key:016x}"


def _keys(texts: Sequence[str], prefix: str, secret: bytes) -> list[int]:
    """Return the keys of texts that all get the same prefix; in one go, for a log brings hundreds of thousands."""
    digests = [
        blake2b((prefix + text).encode("utf-8", "surrogatepass"), digest_size=8, key=secret).digest() for text in texts
    ]
    keys = np.frombuffer(b"".join(digests), "<u8") & np.uint64(MASK_63)
    return np.maximum(keys, np.uint64(1)).tolist()  # type: ignore[no-any-return]


class KeyCache:
    """Keys of many texts, each computed once. With a secret (16 to 64 bytes) the keys are pseudonyms.

    A keyed hash cannot be turned back, nor compared between homes, without the home's secret.
    """

    def __init__(self, secret: bytes = b"", prefix: str = "", *, limit: int = MAX_CACHED) -> None:
        """Remember at most `limit` keys: few for ids that come in a burst and never again, such as searches."""
        self._limit = limit
        self._secret = secret
        self._prefix = prefix + UNIT_SEPARATOR if prefix else ""
        self._cache: dict[str, int] = {}

    def key(self, text: str) -> int:
        """Return the key of one text."""
        key = self.keys([text])[0]
        if key is None:
            raise ValueError("the empty text has no key")
        return key

    def _new_keys(self, texts: Sequence[str]) -> list[int]:
        return _keys(texts, self._prefix, self._secret)

    def keys(self, texts: Iterable[str | None]) -> list[int | None]:
        """Return the keys of several texts, in order; None for None and for the empty text."""
        texts = list(texts)
        known = self._cache.get
        found: list[int | None] = list(map(known, texts))  # type: ignore[arg-type]
        if None in found:
            new = list(dict.fromkeys(text for text, key in zip(texts, found, strict=True) if key is None and text))
            if len(self._cache) + len(new) > self._limit:
                self._cache.clear()
            self._cache.update(zip(new, self._new_keys(new), strict=True))
            found = [key or (known(text) if text else None) for key, text in zip(found, texts, strict=True)]
        return found


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
