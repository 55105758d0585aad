"""Building the text index of a snapshot: documents, meanings, past searches, and words that may stand for others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from graph.keys import KeyCache
from graph.snapshot_schemas import EDGES, INTENTS
from queries.retrieval.index_documents import Document, documents, meanings
from queries.retrieval.meaning import write_meaning
from queries.retrieval.past_searches import PastSearches, replace_labels, write_past_searches
from queries.retrieval.text_index import FIELD_WEIGHTS, ID_DOCUMENTS, ID_KEYS, LABELS, OBJECTS, OWNERS, WORDS
from queries.text.encoders.contract import BUILT_IN
from queries.text.index_files import map_columns, write_columns
from queries.text.postings import Postings
from queries.text.postings_writer import PostingsWriter, split
from queries.text.tokens import index_terms, stem, words
from queries.text.typos import known_words, write_typo_index

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
    numbers = _write_documents(path, documents(artifacts, capabilities))
    write_past_searches(
        path,
        numbers,
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
    shown = set(stem([word for label in labels for word in words(label or "")]))
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
    written = sorted({word for label in labels for word in words(label or "")})
    written += [] if spelled is None else [word for word, _ in known_words(spelled)]
    terms = [(term, word) for term, word in zip(stem(written), written, strict=True) if term in counts]
    shortest = dict(sorted(terms, key=lambda pair: (-len(pair[1]), pair[1])))
    write_typo_index(path, {**{word: counts[term] for term, word in terms}, **counts}.items(), shortest)


def _write_documents(path: Path, found: Iterable[Document]) -> dict[tuple[str, str | None], int]:
    """Write words, labels and ids of the documents; return the number of each."""
    said, labels = PostingsWriter(index_terms, FIELD_WEIGHTS), PostingsWriter(list)
    pairs: list[tuple[str, str | None]] = []
    names: list[str | None] = []
    for part in _parts(found):
        said.add(split([each.main for each in part]), split([each.detail for each in part]))
        labels.add(pa.array([each.facets for each in part], pa.list_(pa.string())))
        pairs.extend([(each.artifact_id, each.capability_id) for each in part])
        names.extend([each.name for each in part])
    said.write(path / WORDS)
    labels.write(path / LABELS)
    columns = [[artifact for artifact, _ in pairs], [own for _, own in pairs], names]
    write_columns(path / OBJECTS, pa.table([pa.array(column, pa.string()) for column in columns], _OBJECT_COLUMNS))
    _write_ids(path, pairs)
    return {pair: number for number, pair in enumerate(pairs)}


def _parts(found: Iterable[Document]) -> Iterator[list[Document]]:
    waiting = iter(found)
    while part := list(islice(waiting, _STEP)):
        yield part


def _write_ids(path: Path, ids: Sequence[tuple[str, str | None]]) -> None:
    """Write whose the documents are, and the documents of each id of an artifact or capability."""
    names = {artifact: number for number, artifact in enumerate(dict.fromkeys(artifact for artifact, _ in ids))}
    owners = np.array([names[artifact] for artifact, _ in ids], np.int32)
    np.save(path / OWNERS, owners)
    finer = [(number, own) for number, (_, own) in enumerate(ids) if own is not None]
    hashed = KeyCache()
    keys_of_owners = np.array(hashed.keys(names), np.int64)
    keys = np.concatenate([keys_of_owners[owners], np.array(hashed.keys(own for _, own in finer), np.int64)])
    numbers = np.concatenate([np.arange(len(ids)), np.array([number for number, _ in finer], np.int64)])
    order = np.argsort(keys, kind="stable")
    np.save(path / ID_KEYS, keys[order])
    np.save(path / ID_DOCUMENTS, numbers[order].astype(np.int32))
