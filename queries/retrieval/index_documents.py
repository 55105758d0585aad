"""The documents of the text index: what of an artifact or capability is searched, and how much it counts.

Two fields: `main` (names and tags twice, description, what is unique, stated intents) and `detail` (parameters, types,
requirements, whatever else a description says, and the artifact around a capability). Not searched: what a thing
cannot do and what it is compared with, where its words would mean the opposite.

Tables are read column by column: a column that says nothing costs nothing, and the words of an artifact are taken
apart once for all of its capabilities.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from queries.retrieval.facets import OF_CAPABILITIES, artifact_facets, facet
from queries.retrieval.parameters import required
from queries.text.tokens import indexable
from queries.text.word_columns import Runs, Said, said, said_in_lists

_MAX_EXTRA_CHARS: Final = 4_000
_MAX_AROUND_CHARS: Final = 400
_MAX_MEANING_CHARS: Final = 2_000
_STEP: Final = 50_000
_FACETS_OF_ARTIFACTS: Final = ("type", "license", "pricing_model", "tags", "extra")

TermsOf = Callable[[Said], Runs]
"""Gives the numbers of the terms that words become, or labels."""


class Part(NamedTuple):
    """Some documents, artifacts or capabilities: their ids, and the terms that are searched, text by text."""

    artifact_ids: pa.StringArray
    capability_ids: pa.StringArray
    """Nulls for artifacts as a whole."""
    names: pa.StringArray
    main: list[Runs]
    detail: list[Runs]
    facets: list[Runs]
    """Labels to restrict by."""
    required: npt.NDArray[np.int8]
    """How many parameters each must be told."""


class _Owners(NamedTuple):
    """What the documents of capabilities say of their artifacts."""

    ids: pa.StringArray
    name: Runs
    around: list[Runs]
    facets: list[Runs]


def in_order(artifacts: pa.Table, capabilities: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return both tables in order of their ids, the same ones if they are."""
    return _sorted(artifacts, ["artifact_id"]), _sorted(capabilities, ["artifact_id", "capability_id"])


def _sorted(table: pa.Table, by: Sequence[str]) -> pa.Table:
    less, equal = pa.array(np.zeros(max(table.num_rows - 1, 0), np.bool_)), True
    for name in by:
        ids = table[name].combine_chunks()
        less = pc.or_(less, pc.and_(equal, pc.less(ids[:-1], ids[1:])))
        equal = pc.and_(equal, pc.equal(ids[:-1], ids[1:]))
    return table if pc.all(less).as_py() is not False else table.sort_by([(name, "ascending") for name in by])


def documents(artifacts: pa.Table, capabilities: pa.Table, words: TermsOf, labels: TermsOf) -> Iterator[Part]:
    """Yield the documents of artifacts, then those of capabilities; both tables in order of their ids."""
    found = []
    for rows in _parts(artifacts):
        part, owners = _artifacts(rows, words, labels)
        found.append(owners)
        yield part
    every = _all_owners(found)
    for rows in _parts(capabilities):
        yield _capabilities(rows, every, words, labels)


def meanings(artifacts: pa.Table, capabilities: pa.Table) -> Iterator[str]:
    """Yield what each document says of itself, in the order of `documents`: the text that stands for its meaning."""
    for rows in _parts(artifacts):
        yield from _sentences(rows, ("name", "description"), ("tags",))
    for rows in _parts(capabilities):
        yield from _sentences(rows, ("name", "description", "unique"), ("tags", "intents"))


def _parts(table: pa.Table) -> Iterator[dict[str, pa.Array]]:
    """Yield some rows after the other: the columns that say anything in any row of the table."""
    told = table.select([name for name in table.column_names if table[name].null_count < table.num_rows])
    for start in range(0, table.num_rows, _STEP):
        rows = told.slice(start, _STEP)
        yield {name: rows[name].combine_chunks() for name in told.column_names}


def _sentences(rows: Mapping[str, pa.Array], texts: Sequence[str], lists: Sequence[str]) -> list[str]:
    """Return the texts of rows, and those in their lists, as sentences."""
    columns = [_not_empty(rows[name]) for name in texts if name in rows]
    for name in lists:
        if name in rows:
            joined = [". ".join([text for text in each or () if text]) for each in rows[name].to_pylist()]
            columns.append(_not_empty(pa.array(joined, pa.string())))
    if not columns:
        return [""] * len(rows["artifact_id"])
    found = pc.binary_join_element_wise(*columns, ". ", null_handling="skip")
    if (pc.max(pc.binary_length(found)).as_py() or 0) > _MAX_MEANING_CHARS:
        found = pc.utf8_slice_codeunits(found, 0, _MAX_MEANING_CHARS)
    every: list[str] = found.to_pylist()
    return every


def _not_empty(texts: pa.StringArray) -> pa.StringArray:
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _artifacts(rows: Mapping[str, pa.Array], words: TermsOf, labels: TermsOf) -> tuple[Part, _Owners]:
    ids = rows["artifact_id"]
    count = len(ids)
    (name,) = _words(rows, ["name"], words) or [_empty(count)]
    tags = _words_in_lists(rows, ["tags"], words)
    says = _words(rows, ["description"], words)
    around = _words({"start": pc.utf8_slice_codeunits(rows["description"], 0, _MAX_AROUND_CHARS)}, ["start"], words) \
        if "description" in rows else []  # fmt: skip
    facets = [labels(_said_by_each(map(artifact_facets, _rows(rows, _FACETS_OF_ARTIFACTS))))]
    part = Part(
        ids,
        pa.nulls(count, pa.string()),
        rows["name"] if "name" in rows else pa.nulls(count, pa.string()),
        [name, name, *tags, *tags, *says],
        [*_words(rows, ["vendor"], words), *_words_of_extras(rows, words), _empty(count)],
        facets,
        _required(rows),
    )
    return part, _Owners(ids, name, [*around, *tags], facets)


def _capabilities(rows: Mapping[str, pa.Array], owners: _Owners, words: TermsOf, labels: TermsOf) -> Part:
    ids = rows["artifact_id"]
    owner = pc.fill_null(pc.index_in(ids, value_set=owners.ids), -1).to_numpy().astype(np.int64)
    head = [*_words(rows, ["name"], words), *_words_in_lists(rows, ["tags"], words)]
    says = [*_words(rows, ["description", "unique"], words), *_words_in_lists(rows, ["intents", "best_for"], words)]
    lists = _words_in_lists(rows, ["parameters", "input_types", "output_types", "requires"], words)
    own = [labels(_facets_in_lists(name, rows[column])) for name, column in OF_CAPABILITIES.items() if column in rows]
    return Part(
        ids,
        rows["capability_id"],
        rows["name"] if "name" in rows else pa.nulls(len(ids), pa.string()),
        [*head, *head, owners.name.of(owner), *says],
        [*lists, *_words_of_extras(rows, words), _empty(len(ids)), *(each.of(owner) for each in owners.around)],
        [*(each.of(owner) for each in owners.facets), *own],
        _required(rows),
    )


def _all_owners(parts: Sequence[_Owners]) -> _Owners:
    ids = pa.concat_arrays([pa.array([], pa.string()), *(part.ids for part in parts)])
    return _Owners(
        ids,
        _together([part.name for part in parts]),
        [_together(each) for each in zip(*[part.around for part in parts], strict=True)],
        [_together(each) for each in zip(*[part.facets for part in parts], strict=True)],
    )


def _together(parts: Sequence[Runs]) -> Runs:
    return Runs(*(np.concatenate([np.zeros(0, np.int64), *each]) for each in zip(*parts, strict=True))) \
        if parts else _empty(0)  # fmt: skip


def _empty(count: int) -> Runs:
    """Return rows that hold nothing."""
    return Runs(np.zeros(0, np.int64), np.zeros(count, np.int64))


def _rows(rows: Mapping[str, pa.Array], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return some columns as rows, None where a column says nothing."""
    nothing = pa.nulls(len(rows["artifact_id"]))
    found: list[dict[str, Any]] = pa.table({name: rows.get(name, nothing) for name in names}).to_pylist()
    return found


def _words(rows: Mapping[str, pa.Array], names: Sequence[str], words: TermsOf) -> list[Runs]:
    return [words(said(rows[name], _apart)) for name in names if name in rows]


def _words_in_lists(rows: Mapping[str, pa.Array], names: Sequence[str], words: TermsOf) -> list[Runs]:
    return [words(said_in_lists(rows[name], _apart)) for name in names if name in rows]


def _apart(text: str) -> list[str]:
    return indexable(text).split()


def _required(rows: Mapping[str, pa.Array]) -> npt.NDArray[np.int8]:
    count = len(rows["artifact_id"])
    if "extra" not in rows:
        return np.zeros(count, np.int8)
    return np.fromiter(map(required, rows["extra"].to_pylist()), np.int8, count)


def _words_of_extras(rows: Mapping[str, pa.Array], words: TermsOf) -> list[Runs]:
    """Return the terms of what descriptions say beside the fields of the schema."""
    if "extra" not in rows:
        return []
    texts = [_extra_texts(extra) for extra in rows["extra"].to_pylist()]
    return [words(said_in_lists(pa.array(texts, pa.list_(pa.string())), _apart))]


def _extra_texts(extra: str | None) -> list[str]:
    """Return the texts inside the JSON of fields that the schema does not name; no addresses, numbers, types."""
    found: list[str] = []
    left = _MAX_EXTRA_CHARS
    waiting = [] if extra is None else [json.loads(extra)]
    while waiting and left > 0:
        value = waiting.pop(0)
        if isinstance(value, str) and "://" not in value:
            found.append(value[:left])
            left -= len(value)
        elif isinstance(value, dict):
            waiting.extend(part for name, part in value.items() if name != "type")
        elif isinstance(value, list):
            waiting.extend(value)
    return found


def _said_by_each(rows: Iterable[Sequence[str]]) -> Said:
    """Return words given row by row."""
    every = list(rows)
    known: dict[str, int] = {}
    numbers = [known.setdefault(word, len(known)) for word in chain.from_iterable(every)]
    return Said(list(known), np.array(numbers, np.int64), np.array([len(row) for row in every], np.int64))


def _facets_in_lists(name: str, lists: pa.ListArray) -> Said:
    """Return the facets of a name that the values in a column of lists are."""
    encoded = pc.list_flatten(lists).dictionary_encode()
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy().astype(np.int64)
    values = [facet(name, value) for value in encoded.dictionary.to_pylist()]
    return Said(values, encoded.indices.to_numpy().astype(np.int64), counts)
