"""Building the text index of a snapshot: documents, meanings, past searches, and words that may stand for others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import tantivy

from graph.snapshot_schemas import EDGES, INTENTS
from queries.retrieval.index_documents import MAIN, NUMBER, ObjectId, documents, index_schema, meanings
from queries.retrieval.meaning import write_meaning
from queries.retrieval.past_searches import PastSearches, replace_labels, write_past_searches
from queries.retrieval.text_index import OBJECTS, OWNERS
from queries.text.encoders.contract import BUILT_IN
from queries.text.index_files import new_index, open_index, write_columns
from queries.text.tokens import stem, words
from queries.text.typos import write_typo_index


def build_text_index(
    path: Path,
    artifacts: pa.Table,
    capabilities: pa.Table,
    edges: pa.Table | None = None,
    intents: pa.Table | None = None,
    text_intents: pa.Table | None = None,
    judgments: pa.Table | None = None,
    encoder: str = BUILT_IN,
) -> None:
    """Write the index into the folder `path` (made if missing). Tables as in `graph.snapshot_schemas`.

    Documents are numbered in order of id, artifacts first, so that equal scores come in the same order whatever the
    order of the rows. Without edges and intents the index knows no past searches. `encoder`: see
    `queries.text.encoders.contract`.
    """
    path.mkdir(parents=True, exist_ok=True)
    ids: list[ObjectId] = []
    new_index(path, index_schema(), _numbered(documents(artifacts, capabilities), ids))
    numbers = {pair: number for number, pair in enumerate(ids)}
    write_past_searches(
        path,
        numbers,
        EDGES.empty_table() if edges is None else edges,
        INTENTS.empty_table() if intents is None else intents,
        text_intents,
        judgments,
        encoder,
    )
    write_meaning(path, meanings(artifacts, capabilities), encoder)
    _write_ids(path, ids)
    _write_known_words(path, lambda _: True)


def withhold_texts(path: Path, intents: pa.Table) -> None:
    """Make the index in the folder `path` show nothing of past searches but the labels of the table `intents`.

    The words of the others still find what was chosen for them, but no typing error is read as one of them.
    """
    replace_labels(path, intents)
    shown = set(stem([word for label in intents["label"].to_pylist() for word in words(label or "")]))
    _write_known_words(path, lambda term: term in shown)


def _write_known_words(path: Path, may_show: Callable[[str], bool]) -> None:
    """Write the words as which others may be read: those of the catalogue, and of past searches some."""
    known = Counter(dict(open_index(path).searcher().terms_with_prefix(MAIN, "")))
    known.update({term: count for term, count in PastSearches.open(path).terms() if may_show(term)})
    write_typo_index(path, known.items())


def _numbered(found: Iterable[tuple[ObjectId, tantivy.Document]], ids: list[ObjectId]) -> Iterator[tantivy.Document]:
    """Number the documents, and note down whose they are."""
    for object_id, document in found:
        document.add_integer(NUMBER, len(ids))
        ids.append(object_id)
        yield document


def _write_ids(path: Path, ids: Sequence[ObjectId]) -> None:
    columns = {"artifact_id": [pair[0] for pair in ids], "capability_id": [pair[1] for pair in ids]}
    table = pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
    write_columns(path / OBJECTS, table)
    names = {artifact: number for number, artifact in enumerate(dict.fromkeys(artifact for artifact, _ in ids))}
    np.save(path / OWNERS, np.array([names[artifact] for artifact, _ in ids], np.int32))
