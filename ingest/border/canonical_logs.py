"""Events, searches and outcomes in the ledger's form."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.keys import Int64Array, combine_keys
from graph.schemas import SHOWN
from graph.vocabulary import ACTION_OF_NAME, FEEDBACK, MAX_POSITION, OTHER
from ingest.border.columns import (
    Border,
    Columns,
    Faults,
    bits,
    column,
    filled,
    is_null,
    key_column,
    keys_of,
    refuse,
    text_column,
)
from ingest.border.times import event_dates, nullable
from ingest.files.contract import Chunk, Note

MISSING_ACTION: Final = ("missing-field", "action_name is missing", "Name what happened, for example click.")
MISSING_QUERY: Final = ("missing-field", "the query text is missing", "Give user_query (or text) for every search.")
MISSING_TARGET: Final = (
    "missing-field",
    "neither session_id nor query_id is given",
    "Say which session or search the outcome belongs to.",
)
_VALUE_OF_NAME: Final = {"thumbs_up": 1.0, "like": 1.0, "thumbs_down": -1.0, "dislike": -1.0}


def event_columns(chunk: Chunk, border: Border, faults: Faults, notes: list[Note]) -> Columns:
    """Return the columns of `graph.schemas.EVENTS`, provenance left out except for the row's identity."""
    names = text_column(chunk, "action_name")
    refuse(faults, is_null(names), MISSING_ACTION)
    action = _actions(names, notes)
    stamps = border.times(chunk, "time", faults)
    position = _positions(chunk, faults)
    value = _values(chunk, names, action)
    dwell = column(chunk, "dwell_seconds", pa.float64())
    extras, extra_keys = border.extras(chunk)
    query, _, query_key = border.queries(column(chunk, "query_text", pa.string()))
    search_ids, objects = text_column(chunk, "search_id"), text_column(chunk, "object_id")
    applications = text_column(chunk, "application")
    application_keys = keys_of(applications, border.texts)
    columns = {
        "search_key": keys_of(search_ids, border.searches),
        "search_id": search_ids,
        "application": applications,
        "action": action,
        "action_name": names,
        "ts_us": nullable(stamps),
        "event_date": event_dates(stamps),
        "client_key": key_column(chunk, "client_id", border.clients),
        **_session_keys(chunk, border, application_keys),
        "actor": border.actors(chunk, notes),
        "object_id": objects,
        "object_key": keys_of(objects, border.texts),
        "object_field": text_column(chunk, "object_field"),
        "position": pa.array(position, pa.int32(), mask=position <= 0),
        "dwell_seconds": dwell,
        "value": value,
        "worked": column(chunk, "worked", pa.bool_()),
        "query_text": query,
        **extras,
    }
    identity = {
        **{name: filled(columns[name]) for name in ("search_key", "client_key", "session_key", "object_key")},
        "action": filled(keys_of(names, border.texts)),
        "application": filled(application_keys),
        "time": stamps,
        "position": position,
    }
    for name, numbers in (("value", value), ("dwell", dwell)):
        if numbers.null_count < len(chunk):
            identity[name] = bits(numbers)
    if query_key.null_count < len(chunk):
        identity["query"] = filled(query_key)
    if extra_keys is not None:
        identity["extra"] = extra_keys
    # Where an event has an id of its own, that alone is its identity.
    own_ids = key_column(chunk, "event_id", border.events)
    columns["content_hash"] = pc.coalesce(own_ids, pa.array(combine_keys(identity)))
    return columns


def search_columns(chunk: Chunk, border: Border, faults: Faults, notes: list[Note]) -> Columns:
    """Return the columns of `graph.schemas.SEARCHES`, provenance left out except for the row's identity."""
    text, norm, text_key = border.queries(column(chunk, "query_text", pa.string()))
    refuse(faults, is_null(text), MISSING_QUERY)
    stamps = border.times(chunk, "time", faults)
    hits, shown, hits_key = _shown_lists(chunk, border)
    search_key = key_column(chunk, "search_id", border.searches)
    applications = text_column(chunk, "application")
    application_keys = keys_of(applications, border.texts)
    extras, extra_keys = border.extras(chunk)
    columns = {
        "search_id": text_column(chunk, "search_id"),
        "application": applications,
        "kind": text_column(chunk, "kind"),
        "ts_us": nullable(stamps),
        "event_date": event_dates(stamps),
        "client_key": key_column(chunk, "client_id", border.clients),
        **_session_keys(chunk, border, application_keys),
        "actor": border.actors(chunk, notes),
        "query_text": text,
        "query_norm": norm,
        "text_key": text_key,
        "hits": hits,
        "shown": shown,
        "object_field": text_column(chunk, "object_field"),
        **extras,
    }
    identity = {
        "search_key": filled(search_key),
        **{name: filled(columns[name]) for name in ("client_key", "session_key", "text_key")},
        "application": filled(application_keys),
        "time": stamps,
        "hits": hits_key,
    }
    if extra_keys is not None:
        identity["extra"] = extra_keys
    if search_key.null_count:  # searches without an id: every line of the file is one
        identity["line"] = np.where(is_null(search_key), np.asarray(chunk.lines, dtype=np.int64), 0)
    content_hash = pa.array(combine_keys(identity))
    columns["search_key"] = pc.coalesce(search_key, content_hash)
    columns["content_hash"] = content_hash
    return columns


def outcome_columns(chunk: Chunk, border: Border, faults: Faults) -> Columns:
    """Return the columns of `graph.schemas.OUTCOMES`, provenance left out except for the row's identity."""
    stamps = border.times(chunk, "time", faults)
    extras, extra_keys = border.extras(chunk)
    columns = {
        **_session_keys(chunk, border, key_column(chunk, "application", border.texts), needs_application=True),
        "search_key": key_column(chunk, "search_id", border.searches),
        "object_id": text_column(chunk, "object_id"),
        "object_key": key_column(chunk, "object_id", border.texts),
        **{name: text_column(chunk, name) for name in ("outcome", "kind")},
        "judge": border.names(text_column(chunk, "judge")),
        "ts_us": nullable(stamps),
        "event_date": event_dates(stamps),
        "extra": extras["extra"],
    }
    refuse(faults, is_null(columns["bare_session_key"]) & is_null(columns["search_key"]), MISSING_TARGET)
    identity = {
        **{name: filled(columns[name]) for name in ("session_key", "bare_session_key", "search_key", "object_key")},
        **{name: filled(keys_of(columns[name], border.texts)) for name in ("outcome", "judge", "kind")},
        "time": stamps,
    }
    if extra_keys is not None:
        identity["extra"] = extra_keys
    columns["content_hash"] = pa.array(combine_keys(identity))
    return columns


def _session_keys(chunk: Chunk, border: Border, applications: pa.Array, *, needs_application: bool = False) -> Columns:
    """Return the keys of the session within its application (of which the keys are given), and of the session id alone.

    `needs_application`: a session without application has no key of its own (it may be any application's).
    """
    bare = key_column(chunk, "session_id", border.sessions)
    if bare.null_count == len(chunk):
        return {"session_key": bare, "bare_session_key": bare}
    scoped = combine_keys({"session": filled(bare), "application": filled(applications)})
    unknown = is_null(bare) | is_null(applications) if needs_application else is_null(bare)
    return {"session_key": pa.array(scoped, mask=unknown), "bare_session_key": bare}


def _actions(names: pa.Array, notes: list[Note]) -> pa.Array:
    coded = names.dictionary_encode()
    found = coded.dictionary.to_pylist()
    for name in found:
        if name.strip().lower() not in ACTION_OF_NAME:
            text = f"action {name[:60]!r} is not known; kept, but no evidence is drawn from it"
            notes.append(Note("unknown-action", text))
    actions = [ACTION_OF_NAME.get(name.strip().lower(), OTHER) for name in found]
    return pa.array(actions, pa.string()).take(coded.indices)


def _positions(chunk: Chunk, faults: Faults) -> Int64Array:
    """Return 1-based positions; 0 stands for unknown or not shown."""
    position = filled(column(chunk, "position", pa.int64()))
    for index in np.flatnonzero((position < 0) | (position > MAX_POSITION)).tolist():
        faults.setdefault(
            index,
            (
                "impossible-position",
                f"position {position[index]} is not between 0 and {MAX_POSITION}",
                "Positions count the places of the shown list, from 1 (or from 0 throughout the file).",
            ),
        )
    return np.clip(position, 0, MAX_POSITION)


def _values(chunk: Chunk, names: pa.Array, action: pa.Array) -> pa.Array:
    value = column(chunk, "value", pa.float64())
    if not pc.any(pc.equal(action, FEEDBACK)).as_py():
        return value
    lower = pc.utf8_lower(names)
    for name, meaning in _VALUE_OF_NAME.items():
        value = pc.coalesce(value, pc.if_else(pc.equal(lower, name), meaning, pa.scalar(None, pa.float64())))
    return value


def _shown_lists(chunk: Chunk, border: Border) -> tuple[pa.Array, pa.Array, Int64Array]:
    """Return the lists of ids, the same as (position, key) entries, and one key for each list.

    Among the entries of a list each object stands once, at its first position: the job relies on it.
    """
    hits = column(chunk, "hits", pa.list_(pa.string()))
    keys = filled(pa.array(border.texts.keys(hits.flatten().to_pylist()), pa.int64()))
    offsets = hits.offsets.to_numpy()
    lengths = np.diff(offsets)
    first = filled(column(chunk, "first_position", pa.int64()))
    position = np.arange(len(keys)) - np.repeat(offsets[:-1] - np.maximum(first, 1), lengths)
    once = _first_in_list(np.repeat(np.arange(len(lengths)), lengths), keys)
    ends = np.concatenate([[0], np.cumsum(once)])[offsets]
    entries = pa.StructArray.from_arrays(
        [position[once].astype(np.int32), keys[once]], names=["position", "object_key"]
    )
    shown = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), entries, mask=hits.is_null()).cast(SHOWN)
    totals = np.zeros(len(keys) + 1, np.uint64)
    if len(keys):
        np.cumsum(combine_keys({"key": keys, "position": position}).astype(np.uint64), out=totals[1:])
    return hits, shown, (totals[offsets[1:]] - totals[offsets[:-1]]).view(np.int64)


def _first_in_list(of_list: Int64Array, keys: Int64Array) -> npt.NDArray[np.bool_]:
    """Say of each entry whether it has a key, and its list had none like it before: (n,), lists one after the other."""
    order = np.lexsort((keys, of_list))
    again = (np.diff(keys[order]) == 0) & (np.diff(of_list[order]) == 0)
    first: npt.NDArray[np.bool_] = keys != 0
    first[order[1:][again]] = False
    return first
