"""Building the text index of a snapshot: documents, meanings, past searches, and words that may stand for others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.keys import KeyCache
from graph.snapshot_schemas import EDGES, INTENTS
from queries.retrieval.index_documents import documents, in_order, meanings
from queries.retrieval.meaning import write_meaning
from queries.retrieval.past_searches import PastSearches, replace_labels, write_past_searches
from queries.retrieval.text_index import (
    FIELD_WEIGHTS,
    ID_DOCUMENTS,
    ID_KEYS,
    LABELS,
    OBJECTS,
    OWNERS,
    REQUIRED,
    WORDS,
    B,
)
from queries.text.bytes_of_texts import LOWERED
from queries.text.encoders.contract import BUILT_IN
from queries.text.index_files import map_columns, write_columns
from queries.text.postings import Postings
from queries.text.postings_writer import PostingsWriter
from queries.text.salience import salience
from queries.text.tokens import index_terms, stem, tells, words
from queries.text.typos import known_words, write_typo_index
from queries.text.word_columns import said

_STEP: Final = 50_000
_OBJECT_COLUMNS: Final = ["artifact_id", "capability_id", "name"]


def build_text_index(
    path: Path,
    artifacts: pa.Table,
    capabilities: pa.Table,
    edges: pa.Table | None = None,
    intents: pa.Table | None = None,
    text_intents: pa.Table | None = None,
    judgments: pa.Table | None = None,
    encoder: str = BUILT_IN,
    evidence: pa.Table | None = None,
    spelled: Path | None = None,
    clients: int | None = None,
) -> None:
    """Write the index into the folder `path` (made if missing). Tables as in `graph.snapshot_schemas`.

    Documents are numbered in order of id, artifacts first, so that equal scores come in the same order whatever the
    order of the rows. Without edges and intents the index knows no past searches. `encoder`: see
    `queries.text.encoders.contract`. `spelled`: folder with the words of the catalogue as they are written
    (`queries.text.spelling`), to which typing errors are nearer than to their stems. `clients`: how many
    chose anything.
    """
    path.mkdir(parents=True, exist_ok=True)
    artifacts, capabilities = in_order(artifacts, capabilities)
    _write_documents(path, artifacts, capabilities)
    write_past_searches(
        path,
        map_columns(path / OBJECTS),
        EDGES.empty_table() if edges is None else edges,
        INTENTS.empty_table() if intents is None else intents,
        text_intents,
        judgments,
        encoder,
        evidence,
        clients,
    )
    write_meaning(path, meanings(artifacts, capabilities), encoder)
    labels = [] if intents is None else intents["label"].to_pylist()
    _write_known_words(path, labels, spelled, lambda _: True)


def withhold_texts(path: Path, intents: pa.Table, spelled: Path | None = None) -> None:
    """Make the index in the folder `path` show nothing of past searches but the labels of the table `intents`.

    The words of the others still find what was chosen for them, but no typing error is read as one of them.
    """
    replace_labels(path, intents)
    labels = intents["label"].to_pylist()
    shown = set(stem(_words_in(labels)))
    _write_known_words(path, labels, spelled, lambda term: term in shown)


def _write_known_words(
    path: Path, labels: Sequence[str | None], spelled: Path | None, may_show: Callable[[str], bool]
) -> None:
    """Write the words as which others may be read: those of the catalogue, and those of past searches, some or all.

    Stems, and words as they are written, as far as that is known: "imges" is one error away from "images" and two from
    its stem, with "clasifying" and "classifies" it is the other way round.
    """
    counts = Counter(dict(Postings(path / WORDS, map_columns(path / OBJECTS).num_rows).terms()))
    counts.update({term: count for term, count in PastSearches.open(path).terms() if may_show(term)})
    written = _words_in(labels)
    written += [] if spelled is None else [word for word, _ in known_words(spelled)]
    terms = [(term, word) for term, word in zip(stem(written), written, strict=True) if term in counts]
    shortest = dict(sorted(terms, key=lambda pair: (-len(pair[1]), pair[1])))
    write_typo_index(path, {**{word: counts[term] for term, word in terms}, **counts}.items(), shortest)


def _words_in(labels: Sequence[str | None]) -> list[str]:
    """Return the words of labels but function words, each once."""
    found = said(pa.array(labels, pa.string()), words, LOWERED).words
    return sorted(filter(tells, found))


def _write_documents(path: Path, artifacts: pa.Table, capabilities: pa.Table) -> None:
    """Write words, labels and ids of the documents."""
    texts, labels = PostingsWriter(index_terms, FIELD_WEIGHTS, telling=salience, b=B), PostingsWriter(list)
    ids: list[pa.Table] = []
    required = [np.zeros(0, np.int8)]
    for part in documents(artifacts, capabilities, texts.terms_of, labels.terms_of):
        texts.add(part.main, part.detail)
        labels.add(part.facets)
        required.append(part.required)
        ids.append(pa.table([part.artifact_ids, part.capability_ids, part.names], _OBJECT_COLUMNS))
    texts.write(path / WORDS)
    labels.write(path / LABELS)
    np.save(path / REQUIRED, np.concatenate(required))
    empty = pa.schema([pa.field(name, pa.string()) for name in _OBJECT_COLUMNS]).empty_table()
    objects = pa.concat_tables([empty, *ids]).combine_chunks()
    write_columns(path / OBJECTS, objects)
    _write_ids(path, objects["artifact_id"].combine_chunks(), objects["capability_id"].combine_chunks())


def _write_ids(path: Path, artifact_ids: pa.StringArray, capability_ids: pa.StringArray) -> None:
    """Write whose the documents are, and the documents of each id of an artifact or capability."""
    encoded = artifact_ids.dictionary_encode()
    owners = encoded.indices.to_numpy().astype(np.int32)
    np.save(path / OWNERS, owners)
    finer = np.flatnonzero(pc.is_valid(capability_ids).to_numpy(zero_copy_only=False))
    keys_of_owners = np.array(KeyCache().keys(encoded.dictionary.to_pylist()), np.int64)
    keys = np.concatenate([keys_of_owners[owners], _keys_of(capability_ids.drop_null())])
    numbers = np.concatenate([np.arange(len(owners)), finer])
    order = np.argsort(keys, kind="stable")
    np.save(path / ID_KEYS, keys[order])
    np.save(path / ID_DOCUMENTS, numbers[order].astype(np.int32))


def _keys_of(ids: pa.StringArray) -> npt.NDArray[np.int64]:
    """Return the keys of ids, of which each comes once or a few times."""
    parts = [ids[start : start + _STEP] for start in range(0, len(ids), _STEP)]
    return np.concatenate([np.zeros(0, np.int64), *(np.array(KeyCache().keys(part.to_pylist())) for part in parts)])
