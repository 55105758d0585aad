"""The documents of the text index: what of an artifact or capability is searched, and how much it counts.

Two fields: `main` (names and tags twice, description, what is unique, stated intents) and `detail` (parameters, types,
requirements, whatever else a description says, and the artifact around a capability). Not searched: what a thing
cannot do and what it is compared with, where its words would mean the opposite.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pyarrow as pa

from queries.retrieval.facets import artifact_facets, capability_facets
from queries.text.tokens import indexable

_MAX_EXTRA_CHARS: Final = 4_000
_MAX_AROUND_CHARS: Final = 400
_MAX_MEANING_CHARS: Final = 2_000
_ROWS_PER_STEP: Final = 20_000


class Document(NamedTuple):
    """What is searched of an artifact or capability: words separated by spaces, and labels to restrict by."""

    artifact_id: str
    capability_id: str | None
    """None for an artifact as a whole."""
    name: str | None
    main: str
    detail: str
    facets: tuple[str, ...]


def documents(artifacts: pa.Table, capabilities: pa.Table) -> Iterator[Document]:
    """Yield a document for each artifact, then for each capability, in order of their ids."""
    owners: dict[str, _Owner] = {}
    for row in _sorted_rows(artifacts, ["artifact_id"]):
        owner = owners[row["artifact_id"]] = _owner(row)
        yield _artifact_document(row, owner)
    for row in _sorted_rows(capabilities, ["artifact_id", "capability_id"]):
        yield _capability_document(row, owners.get(row["artifact_id"], _UNKNOWN_OWNER))


def meanings(artifacts: pa.Table, capabilities: pa.Table) -> Iterator[str]:
    """Yield what each document says of itself, in the order of `documents`: the text that stands for its meaning."""
    for row in _sorted_rows(artifacts, ["artifact_id"]):
        yield _sentences([row["name"], row["description"], *(row["tags"] or ())])
    for row in _sorted_rows(capabilities, ["artifact_id", "capability_id"]):
        says = [row["name"], row["description"], row["unique"], *(row["tags"] or ()), *(row["intents"] or ())]
        yield _sentences(says)


def _sentences(texts: Iterable[str | None]) -> str:
    return ". ".join(text for text in texts if text)[:_MAX_MEANING_CHARS]


def _sorted_rows(table: pa.Table, by: list[str]) -> Iterator[dict[str, Any]]:
    ordered = table.sort_by([(name, "ascending") for name in by])
    filled = [name for name in ordered.column_names if name in by or ordered[name].null_count < ordered.num_rows]
    empty = dict.fromkeys(set(ordered.column_names) - set(filled))
    for batch in ordered.select(filled).to_batches(_ROWS_PER_STEP):
        for row in batch.to_pylist():
            yield {**empty, **row}


@dataclass(frozen=True)
class _Owner:
    """What the documents of an artifact's capabilities say of it, analysed once."""

    name: str
    around: str
    facets: tuple[str, ...]


_UNKNOWN_OWNER: Final = _Owner("", "", ())


def _owner(row: Mapping[str, Any]) -> _Owner:
    around = [(row["description"] or "")[:_MAX_AROUND_CHARS], *(row["tags"] or ())]
    return _Owner(_joined([row["name"]]), _joined(around), artifact_facets(row))


def _artifact_document(row: Mapping[str, Any], owner: _Owner) -> Document:
    tags = _joined(row["tags"] or ())
    main = f"{owner.name} {owner.name} {tags} {tags} {_joined([row['description']])}"
    detail = _joined([row["vendor"], *_extra_texts(row["extra"])])
    return Document(row["artifact_id"], None, row["name"], main, detail, owner.facets)


def _capability_document(row: Mapping[str, Any], owner: _Owner) -> Document:
    head = _joined([row["name"], *(row["tags"] or ())])
    says = _joined([row["description"], row["unique"], *(row["intents"] or ()), *(row["best_for"] or ())])
    lists = [text for name in ("parameters", "input_types", "output_types", "requires") for text in row[name] or ()]
    return Document(
        row["artifact_id"], row["capability_id"], row["name"], f"{head} {head} {owner.name} {says}",
        f"{_joined([*lists, *_extra_texts(row['extra'])])} {owner.around}", (*owner.facets, *capability_facets(row)),
    )  # fmt: skip


def _joined(texts: Iterable[str | None]) -> str:
    return " ".join([indexable(text) for text in texts if text])


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
