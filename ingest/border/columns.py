"""What all tables need at the border: columns of a chunk as Arrow, keys, times, masked texts, and what is refused."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.keys import Int64Array, KeyCache
from graph.masking import mask_personal_data
from graph.text import normalise_query
from graph.vocabulary import ACTORS
from ingest.border.personal_data import Pseudonyms, network_keys
from ingest.border.times import UNKNOWN, UNREADABLE, outside_of_time, to_microseconds
from ingest.files.contract import Chunk, Note

MAX_TEXT_CHARS: Final = 1 << 20
MAX_CACHED_QUERIES: Final = 200_000
MAX_CACHED_BURST: Final = 50_000
"""Keys remembered of ids whose rows stand close together in a log."""
ENCODER: Final = msgspec.json.Encoder(order="deterministic")

Fault = tuple[str, str, str]
"""Code, reason and remedy."""
Faults = dict[int, Fault]
"""The rows of a chunk that must be refused, by index; the first fault of a row counts."""
Columns = dict[str, pa.Array]


class Border:
    """Keys and rules for the chunks of one file; see `ingest.border.canonical.Canonicaliser` for the arguments."""

    def __init__(self, secret: bytes, now_us: int, actor: str, *, restores_pseudonyms: bool) -> None:
        self.now_us = now_us
        self.texts = KeyCache()
        self.searches = KeyCache(limit=MAX_CACHED_BURST)
        self.events = KeyCache(prefix="event", limit=MAX_CACHED_BURST)
        self._pseudonyms = Pseudonyms(secret, restores=restores_pseudonyms)
        self.clients, self.sessions = self._pseudonyms.clients, self._pseudonyms.sessions
        self._actor = actor
        self._queries: dict[str, tuple[str, str]] = {}

    def times(self, chunk: Chunk, name: str, faults: Faults) -> Int64Array:
        """Return a time column in microseconds (see `ingest.border.times`); times that cannot be are faults."""
        values = chunk.columns.get(name)
        if values is None:
            return np.full(len(chunk), UNKNOWN)
        stamps = to_microseconds(values)
        for index in np.flatnonzero(stamps == UNREADABLE).tolist():
            faults.setdefault(
                index,
                (
                    "unreadable-time",
                    f"{name} is {_shown(values[index])}, which is no time",
                    "Write times in ISO 8601, for example 2026-05-01T12:00:00Z, or as epoch numbers.",
                ),
            )
        for index in np.flatnonzero(outside_of_time(stamps, self.now_us)).tolist():
            faults.setdefault(
                index,
                (
                    "impossible-time",
                    f"{name} is {_shown(values[index])}, which lies before 1990 or in the future",
                    "Check the clock and the unit of the source's times.",
                ),
            )
        return stamps

    def actors(self, chunk: Chunk, notes: list[Note]) -> pa.Array:
        """Return who acted: what the log says if it is a known actor, else the one assumed."""
        given = text_column(chunk, "actor")
        if given.null_count == len(chunk):
            return constant(self._actor, len(chunk))
        for name in sorted(set(pc.unique(given).drop_null().to_pylist()) - set(ACTORS)):
            text = f"actor {name[:60]!r} is not one of {', '.join(ACTORS)}; taken as {self._actor}"
            notes.append(Note("unknown-actor", text))
        known = pc.is_in(given, pa.array(ACTORS))
        return pc.if_else(known, given, self._actor).fill_null(self._actor)

    def queries(self, texts: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
        """Return query texts masked, in canonical form, and that form's keys; each distinct text is treated once."""
        if texts.null_count == len(texts):
            return texts, texts, nulls(len(texts), pa.int64())
        coded = texts.dictionary_encode()
        pairs = [self._query(text) for text in coded.dictionary.to_pylist()]
        norms = [norm or None for _, norm in pairs]
        masked = pa.array([masked for masked, _ in pairs], pa.string()).take(coded.indices)
        keys = pa.array(self.texts.keys(norms), pa.int64()).take(coded.indices)
        return masked, pa.array(norms, pa.string()).take(coded.indices), keys

    def names(self, texts: pa.Array) -> pa.Array:
        """Return names of judges without the personal data in them; different names stay different."""
        coded = texts.dictionary_encode()
        masked = [self._pseudonyms.masked_name(text) for text in coded.dictionary.to_pylist()]
        return pa.array(masked, pa.string()).take(coded.indices)

    def _query(self, text: str) -> tuple[str, str]:
        found = self._queries.get(text)
        if found is None:
            if len(self._queries) >= MAX_CACHED_QUERIES:
                self._queries.clear()
            masked = mask_personal_data(text[:MAX_TEXT_CHARS])
            found = self._queries[text] = (masked, normalise_query(masked))
        return found

    def extras(self, chunk: Chunk) -> tuple[Columns, Int64Array | None]:
        """Return the columns `extra` (JSON without personal data) and `network_key`, and the keys of the extras.

        The keys are None where no row has anything beyond its columns.
        """
        values = chunk.columns.get("extra")
        if values is None or not any(values):
            return {"extra": nulls(len(chunk), pa.string()), "network_key": nulls(len(chunk), pa.int64())}, None
        masked = self._pseudonyms.masked
        texts = [ENCODER.encode(masked(value)).decode() if value else None for value in values]
        column = pa.array(texts, pa.string())
        keys = filled(pa.array(KeyCache().keys(texts), pa.int64()))
        return {"extra": column, "network_key": network_keys(column)}, keys


def column(chunk: Chunk, name: str, kind: pa.DataType) -> pa.Array:
    """Return a column in an Arrow type, all null where the reader gave nothing."""
    values = chunk.columns.get(name)
    if values is None:
        return nulls(len(chunk), kind)
    return values if isinstance(values, pa.Array) else pa.array(values, kind)


def text_column(chunk: Chunk, name: str) -> pa.Array:
    """Return a text column, null where the reader gave nothing or the empty text."""
    texts = column(chunk, name, pa.string())
    if pc.index(texts, "").as_py() < 0:
        return texts
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _shown(value: Any) -> str:
    """Write a value for a message."""
    return repr(str(value.as_py() if isinstance(value, pa.Scalar) else value)[:60])


def key_column(chunk: Chunk, name: str, cache: KeyCache) -> pa.Array:
    """Return the key of every text of a column, null where there is none."""
    return keys_of(text_column(chunk, name), cache)


def keys_of(column: pa.Array, cache: KeyCache) -> pa.Array:
    """Return the key of every text of an Arrow column, null for null; each distinct text is looked up once."""
    if column.null_count == len(column):
        return nulls(len(column), pa.int64())
    coded = column.dictionary_encode()
    return pa.array(cache.keys(coded.dictionary.to_pylist()), pa.int64()).take(coded.indices)


def constant(value: str | int, length: int) -> pa.Array:
    """Return a column that holds one value everywhere."""
    return pa.repeat(pa.scalar(value, pa.string() if isinstance(value, str) else pa.int64()), length)


def nulls(length: int, kind: pa.DataType) -> pa.Array:
    """Return a column of nulls."""
    return pa.nulls(length, kind)


def filled(column: pa.Array) -> Int64Array:
    """Return an integer column as an array, 0 for null."""
    values: Int64Array = column.fill_null(0).to_numpy(zero_copy_only=False)
    return values


def is_null(column: pa.Array) -> npt.NDArray[np.bool_]:
    """Return where a column is null, as an array."""
    missing: npt.NDArray[np.bool_] = column.is_null().to_numpy(zero_copy_only=False)
    return missing


def refuse(faults: Faults, where: npt.NDArray[np.bool_], fault: Fault) -> None:
    """Note the same fault for several rows."""
    for index in np.flatnonzero(where).tolist():
        faults.setdefault(index, fault)


def bits(column: pa.Array) -> Int64Array:
    """Return the bit patterns of a floating-point column, for hashing."""
    values: Any = column.fill_null(np.nan).to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(values, dtype=np.float64).view(np.int64)
