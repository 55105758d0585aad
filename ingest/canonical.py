"""The border: rows as a reader found them become rows of the ledger, once and for all readers alike.

Here, and nowhere else, times become microseconds, texts and people become keys, personal data is masked, positions
count from 1 and every row gets its identity. What cannot be brought to this form becomes a `Rejection`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.keys import Int64Array, KeyCache, combine_keys, stable_key
from graph.masking import mask_personal_data
from graph.schemas import LEDGER_TABLES
from graph.text import normalise_query
from graph.vocabulary import ACTION_OF_NAME, ACTORS, FEEDBACK, MAX_POSITION, OTHER
from ingest.contract import Chunk, Note, Rejection
from ingest.personal_data import PseudonymCache, without_personal_data
from ingest.times import (
    UNREADABLE,
    event_dates,
    nullable,
    outside_of_time,
    to_microseconds,
)

MAX_ID_CHARS: Final = 512
MAX_TEXT_BYTES: Final = 1 << 20
_ENCODE = msgspec.json.Encoder(order="deterministic")
_LEADING_COLUMNS: Final = {"artifacts": "artifact_id", "capabilities": "capability_id"}
_VALUE_OF_NAME: Final = {"thumbs_up": 1.0, "like": 1.0, "thumbs_down": -1.0, "dislike": -1.0}
BoolArray = npt.NDArray[np.bool_]


@dataclass
class CanonicalRows:
    """Rows ready for the ledger, and those refused."""

    batch: pa.RecordBatch
    rejections: list[Rejection]
    notes: list[Note]


class Canonicaliser:
    """Brings the chunks of one file to the ledger's form.

    `secret`: the home's key for pseudonyms. `label`: the file's name in the `source` column. `now_us`: the time of
    the import; rows dated more than a day later are refused. `actor`: who is assumed where the log does not say.
    `restores_pseudonyms`: the rows come from the quarantine, where ids of people are hashed already.
    """

    def __init__(
        self, *, secret: bytes, label: str, now_us: int, actor: str = "human", restores_pseudonyms: bool = False
    ) -> None:
        self._label = label
        self._now_us = now_us
        self._actor = actor
        self._texts = KeyCache()
        self._clients = (PseudonymCache if restores_pseudonyms else KeyCache)(secret, "client")
        self._sessions = (PseudonymCache if restores_pseudonyms else KeyCache)(secret, "session")
        self._fields = KeyCache(secret, "field")
        self._queries: dict[str, tuple[str, str]] = {}

    def canonical(self, chunk: Chunk) -> CanonicalRows:
        """Return the chunk's rows in the schema of its table."""
        if chunk.table == "events":
            columns, faults, notes = self._events(chunk)
        elif chunk.table == "searches":
            columns, faults, notes = self._searches(chunk)
        elif chunk.table == "outcomes":
            columns, faults, notes = self._outcomes(chunk)
        else:
            columns, faults, notes = self._descriptions(chunk)
        columns["source"] = pa.repeat(pa.scalar(self._label, pa.string()), len(chunk))
        columns["source_row"] = pa.array(np.asarray(chunk.lines, dtype=np.int64))
        columns["ingested_at"] = pa.repeat(pa.scalar(self._now_us, pa.int64()), len(chunk))
        schema = LEDGER_TABLES[chunk.table]
        batch = pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)
        rejections = [
            Rejection(chunk.lines[index], code, reason, remedy, chunk.raw(index))
            for index, (code, reason, remedy) in sorted(faults.items())
        ]
        if faults:
            keep = np.ones(len(chunk), dtype=np.bool_)
            keep[list(faults)] = False
            batch = batch.filter(pa.array(keep))
        return CanonicalRows(batch, rejections, [*chunk.notes, *notes])

    # -- logs -----------------------------------------------------------------------------------------------

    def _events(self, chunk: Chunk) -> tuple[dict[str, pa.Array], Faults, list[Note]]:
        faults: Faults = {}
        n = len(chunk)
        names = text_column(chunk, "action_name")
        action, notes = _actions(names)
        stamps = self._times(chunk, "time", faults)
        _refuse(faults, names.is_null().to_numpy(zero_copy_only=False), MISSING_ACTION)
        position = _positions(chunk, faults)
        search = _keys(text_column(chunk, "search_id"), self._texts)
        client = _keys(text_column(chunk, "client_id"), self._clients)
        session = _keys(text_column(chunk, "session_id"), self._sessions)
        objects = text_column(chunk, "object_id")
        object_key = _keys(objects, self._texts)
        value = _floats(chunk, "value")
        if pc.any(pc.equal(action, FEEDBACK)).as_py():
            value = _with_feedback_values(value, names)
        extra = self._extra_column(chunk)
        parts = {
            "search": _filled(search),
            "client": _filled(client),
            "session": _filled(session),
            "object": _filled(object_key),
            "action": _filled(_keys(names, self._texts)),
            "time": stamps,
            "position": position,
            "application": _filled(_keys(text_column(chunk, "application"), self._texts)),
        }
        for name, column in (("value", value), ("dwell", _floats(chunk, "dwell_seconds"))):
            if column.null_count < n:
                parts[name] = column.fill_null(np.nan).to_numpy(zero_copy_only=False).view(np.int64)
        if extra.null_count < n:
            parts["extra"] = _filled(_keys(extra, KeyCache()))
        content_hash = combine_keys(parts)
        _identify_by_id(content_hash, chunk)
        columns = {
            "search_key": search,
            "search_id": text_column(chunk, "search_id"),
            "application": text_column(chunk, "application"),
            "action": action,
            "action_name": names,
            "ts_us": nullable(stamps),
            "event_date": event_dates(stamps),
            "client_key": client,
            "session_key": session,
            "actor": self._actors(chunk, notes),
            "object_id": objects,
            "object_key": object_key,
            "object_field": text_column(chunk, "object_field"),
            "position": pa.array(position, pa.int32(), mask=position <= 0),
            "dwell_seconds": _floats(chunk, "dwell_seconds"),
            "value": value,
            "worked": pa.array(chunk.columns["worked"], pa.bool_())
            if "worked" in chunk.columns
            else _nulls(n, pa.bool_()),
            "query_text": self._query_columns(text_column(chunk, "query_text"))[0],
            "extra": extra,
            "content_hash": pa.array(content_hash),
        }
        return columns, faults, notes

    def _searches(self, chunk: Chunk) -> tuple[dict[str, pa.Array], Faults, list[Note]]:
        faults: Faults = {}
        notes: list[Note] = []
        stamps = self._times(chunk, "time", faults)
        text, norm, text_key = self._query_columns(text_column(chunk, "query_text"))
        for index, query in enumerate(chunk.columns["query_text"]):
            if query is None:
                faults.setdefault(index, MISSING_QUERY)
        client = _keys(text_column(chunk, "client_id"), self._clients)
        session = _keys(text_column(chunk, "session_id"), self._sessions)
        hits = pa.array(chunk.columns.get("hits") or [None] * len(chunk), pa.list_(pa.string()))
        shown, hits_key = self._shown(hits, chunk)
        search_ids = text_column(chunk, "search_id")
        search = _keys(search_ids, self._texts)
        parts = {
            "search": _filled(search),
            "client": _filled(client),
            "session": _filled(session),
            "text": _filled(text_key),
            "time": stamps,
            "hits": hits_key,
        }
        extra = self._extra_column(chunk)
        if extra.null_count < len(chunk):
            parts["extra"] = _filled(_keys(extra, KeyCache()))
        if search.null_count:  # bare queries: every line of the file is one search
            parts["row"] = np.asarray(chunk.lines, dtype=np.int64) * search.is_null().to_numpy(zero_copy_only=False)
        content_hash = combine_keys(parts)
        columns = {
            "search_key": pc.coalesce(search, pa.array(content_hash)),
            "search_id": search_ids,
            "application": text_column(chunk, "application"),
            "kind": text_column(chunk, "kind"),
            "ts_us": nullable(stamps),
            "event_date": event_dates(stamps),
            "client_key": client,
            "session_key": session,
            "actor": self._actors(chunk, notes),
            "query_text": text,
            "query_norm": norm,
            "text_key": text_key,
            "hits": hits,
            "shown": shown,
            "object_field": text_column(chunk, "object_field"),
            "extra": extra,
            "content_hash": pa.array(content_hash),
        }
        return columns, faults, notes

    def _outcomes(self, chunk: Chunk) -> tuple[dict[str, pa.Array], Faults, list[Note]]:
        faults: Faults = {}
        stamps = self._times(chunk, "time", faults)
        objects = text_column(chunk, "object_id")
        session = _keys(text_column(chunk, "session_id"), self._sessions)
        search = _keys(text_column(chunk, "search_id"), self._texts)
        no_target = session.is_null().to_numpy(zero_copy_only=False) & search.is_null().to_numpy(zero_copy_only=False)
        _refuse(faults, no_target, MISSING_TARGET)
        columns = {
            "session_key": session,
            "search_key": search,
            "object_id": objects,
            "object_key": _keys(objects, self._texts),
            **{name: text_column(chunk, name) for name in ("outcome", "judge", "kind")},
            "ts_us": nullable(stamps),
            "event_date": event_dates(stamps),
            "extra": self._extra_column(chunk),
        }
        identity = {
            name: _filled(column if pa.types.is_integer(column.type) else _keys(column, self._texts))
            for name, column in columns.items()
            if name not in ("object_id", "event_date")
        }
        columns["content_hash"] = pa.array(combine_keys(identity))
        return columns, faults, []

    # -- descriptions ---------------------------------------------------------------------------------------

    def _descriptions(self, chunk: Chunk) -> tuple[dict[str, pa.Array], Faults, list[Note]]:
        faults: Faults = {}
        schema = LEDGER_TABLES[chunk.table]
        leading = text_column(chunk, _LEADING_COLUMNS[chunk.table])
        lengths = pc.utf8_length(leading).fill_null(0).to_numpy(zero_copy_only=False)
        _refuse(faults, lengths == 0, MISSING_ID)
        _refuse(faults, lengths > MAX_ID_CHARS, LONG_ID)
        columns: dict[str, pa.Array] = {}
        for field in schema:
            if field.name.endswith("_at") and field.name != "ingested_at":
                columns[field.name] = nullable(self._times(chunk, field.name, faults))
            elif field.name == "extra":
                columns["extra"] = self._extra_column(chunk)
            elif field.name in chunk.columns:
                columns[field.name] = pa.array(chunk.columns[field.name], field.type)
            else:
                columns[field.name] = _nulls(len(chunk), field.type)
        content = {name: column.to_pylist() for name, column in columns.items()}
        rows = [dict(zip(content, values, strict=True)) for values in zip(*content.values(), strict=True)]
        hashes = [stable_key(chunk.table, _ENCODE.encode(row).decode()) for row in rows]
        columns["content_hash"] = pa.array(hashes, pa.int64())
        return columns, faults, []

    # -- columns --------------------------------------------------------------------------------------------

    def _times(self, chunk: Chunk, column: str, faults: Faults) -> Int64Array:
        values = chunk.columns.get(column) or [None] * len(chunk)
        stamps = to_microseconds(values)
        for index in np.flatnonzero(stamps == UNREADABLE).tolist():
            faults[index] = (
                "unreadable-time",
                f"{column} is {str(values[index])[:60]!r}, which is no time",
                "Write times in ISO 8601, for example 2026-05-01T12:00:00Z, or as epoch numbers.",
            )
        for index in np.flatnonzero(outside_of_time(stamps, self._now_us)).tolist():
            faults[index] = (
                "impossible-time",
                f"{column} is {str(values[index])[:60]!r}, which lies before 1990 or in the future",
                "Check the clock and the unit of the source's times.",
            )
        return stamps

    def _actors(self, chunk: Chunk, notes: list[Note]) -> pa.Array:
        given = text_column(chunk, "actor")
        if given.null_count == len(chunk):
            return pa.repeat(pa.scalar(self._actor, pa.string()), len(chunk))
        for name in sorted(set(pc.unique(given).drop_null().to_pylist()) - set(ACTORS)):
            notes.append(
                Note("unknown-actor", f"actor {name[:60]!r} is not one of {', '.join(ACTORS)}; taken as {self._actor}")
            )
        known = pc.is_in(given, pa.array(ACTORS))
        return pc.if_else(known, given, self._actor).fill_null(self._actor)

    def _query_columns(self, texts: pa.Array) -> tuple[pa.Array, pa.Array, pa.Array]:
        """Return the masked text, its canonical form and the form's key; each distinct text is treated once."""
        if texts.null_count == len(texts):
            return texts, texts, _nulls(len(texts), pa.int64())
        coded = texts.dictionary_encode()
        pairs = [self._query(text) for text in coded.dictionary.to_pylist()]
        masked = pa.array([pair[0] for pair in pairs], pa.string()).take(coded.indices)
        norms = [pair[1] for pair in pairs]
        keys = pa.array([self._texts.key(norm) for norm in norms], pa.int64())
        return masked, pa.array(norms, pa.string()).take(coded.indices), keys.take(coded.indices)

    def _query(self, text: str) -> tuple[str, str]:
        found = self._queries.get(text)
        if found is None:
            if len(self._queries) >= 200_000:
                self._queries.clear()
            masked = mask_personal_data(text[:MAX_TEXT_BYTES])
            found = self._queries[text] = (masked, normalise_query(masked))
        return found

    def _shown(self, hits: pa.Array, chunk: Chunk) -> tuple[pa.Array, Int64Array]:
        """Return the shown lists as (position, object key) and one key for each list."""
        flat = hits.flatten()
        keys = _filled(_keys(flat, self._texts))
        offsets = hits.offsets.to_numpy()
        lengths = np.diff(offsets)
        first = np.asarray([value or 1 for value in chunk.columns.get("first_position") or [1] * len(hits)], np.int64)
        position = np.arange(len(flat)) - np.repeat(offsets[:-1], lengths) + np.repeat(first, lengths)
        entries = pa.StructArray.from_arrays(
            [pa.array(position.astype(np.int32)), pa.array(keys)], names=["position", "object_key"]
        )
        shown_type = LEDGER_TABLES["searches"].field("shown").type
        shown = pa.ListArray.from_arrays(hits.offsets, entries, mask=hits.is_null()).cast(shown_type)
        if not len(flat):
            return shown, np.zeros(len(hits), np.int64)
        mixed = combine_keys({"key": keys, "position": position})
        sums = np.concatenate([[0], np.cumsum(mixed.astype(np.uint64))]).astype(np.uint64)
        totals = (sums[offsets[1:]] - sums[offsets[:-1]]).view(np.int64)
        return shown, totals

    def _extra_column(self, chunk: Chunk) -> pa.Array:
        values = chunk.columns.get("extra")
        if values is None or not any(values):
            return _nulls(len(chunk), pa.string())
        clean = [
            _ENCODE.encode(without_personal_data(value, self._fields.key)).decode() if value else None
            for value in values
        ]
        return pa.array(clean, pa.string())


Faults = dict[int, tuple[str, str, str]]
"""Code, reason and remedy for each row (by index) that must be refused."""

MISSING_ACTION: Final = ("missing-field", "action_name is missing", "Name what happened, for example click.")
MISSING_QUERY: Final = ("missing-field", "the query text is missing", "Give user_query (or text) for every search.")
MISSING_TARGET: Final = (
    "missing-field",
    "neither session_id nor query_id is given",
    "Say which session or search the outcome belongs to.",
)
MISSING_ID: Final = ("missing-id", "the id is missing or empty", "Give every row an id that stays the same.")
LONG_ID: Final = ("id-too-long", f"the id has more than {MAX_ID_CHARS} characters", "Use a shorter id.")


def text_column(chunk: Chunk, name: str) -> pa.Array:
    """Return a text column of a chunk as Arrow, nulls where the reader gave none; "" counts as missing."""
    values = chunk.columns.get(name)
    if values is None or not any(values):
        return _nulls(len(chunk), pa.string())
    column = pa.array(values, pa.string())
    empty = pc.equal(column, "")
    return pc.if_else(empty, pa.scalar(None, pa.string()), column) if pc.any(empty).as_py() else column


def _nulls(length: int, kind: pa.DataType) -> pa.Array:
    return pa.nulls(length, kind)


def _floats(chunk: Chunk, name: str) -> pa.Array:
    values = chunk.columns.get(name)
    return _nulls(len(chunk), pa.float64()) if values is None else pa.array(values, pa.float64())


def _keys(column: pa.Array, cache: KeyCache) -> pa.Array:
    """Return the key of every text of a column, null for null."""
    if column.null_count == len(column):
        return _nulls(len(column), pa.int64())
    coded = column.dictionary_encode()
    return pa.array(cache.keys(coded.dictionary.to_pylist()), pa.int64()).take(coded.indices)


def _filled(column: pa.Array) -> Int64Array:
    values: Int64Array = column.fill_null(0).to_numpy(zero_copy_only=False)
    return values


def _refuse(faults: Faults, where: BoolArray, fault: tuple[str, str, str]) -> None:
    for index in np.flatnonzero(where).tolist():
        faults.setdefault(index, fault)


def _actions(names: pa.Array) -> tuple[pa.Array, list[Note]]:
    coded = names.dictionary_encode()
    found = coded.dictionary.to_pylist()
    actions = [ACTION_OF_NAME.get(name.strip().lower(), OTHER) for name in found]
    notes = [
        Note("unknown-action", f"action {name[:60]!r} is not known; kept, but no evidence is drawn from it")
        for name in found
        if name.strip().lower() not in ACTION_OF_NAME
    ]
    return pa.array(actions, pa.string()).take(coded.indices), notes


def _positions(chunk: Chunk, faults: Faults) -> Int64Array:
    """Return 1-based positions; 0 stands for unknown or not shown."""
    values: Sequence[int | None] | None = chunk.columns.get("position")
    if values is None:
        return np.zeros(len(chunk), np.int64)
    position = _filled(pa.array(values, pa.int64()))
    for index in np.flatnonzero((position < 0) | (position > MAX_POSITION)).tolist():
        faults[index] = (
            "impossible-position",
            f"position {position[index]} is not between 0 and {MAX_POSITION}",
            "Positions count the places of the shown list, from 1 (or from 0 throughout the file).",
        )
    return position


def _with_feedback_values(value: pa.Array, names: pa.Array) -> pa.Array:
    lower = pc.utf8_lower(names)
    for name, meaning in _VALUE_OF_NAME.items():
        value = pc.coalesce(value, pc.if_else(pc.equal(lower, name), meaning, pa.scalar(None, pa.float64())))
    return value


def _identify_by_id(content_hash: Int64Array, chunk: Chunk) -> None:
    """Where an event has an id of its own, that alone is its identity."""
    ids: Sequence[str | None] | None = chunk.columns.get("event_id")
    if ids is None or not any(ids):
        return
    for index, event_id in enumerate(ids):
        if event_id:
            content_hash[index] = stable_key("event", event_id)
