"""In which words do artifacts say what they are for? Their stems, what each is worth, and how it is first written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from graph.text import normalise_query
from queries.text.stemmed_texts import stemmed
from queries.text.word_entries import entries

Row = Mapping[str, Any]

TEXT_WORDS: Final = 150
"""Words of a description that count."""
WORD_HALF: Final = 10
"""Words of a description after which a word counts half as much as the first: the purpose is said first, then with
what a thing is made and what else it can do."""
TAG_WORTH: Final = 0.5
"""What a word of a tag is worth beside one that is said first: others say it that bear another tag."""


class PurposeWords(NamedTuple):
    """The stems of what artifacts say they are for."""

    worths: Any
    """What each is worth, see `purpose_words`: CSR matrix (artifacts, stems in alphabetical order)."""
    written: npt.NDArray[np.int64]
    """For each of its entries the word as the artifact first writes it, a place in `words`."""
    words: list[str]
    """The first is that of what stands in tags alone, an empty one."""


def purpose_texts(artifact: Row, capabilities: Iterable[Row]) -> list[str]:
    """Return the texts that say what an artifact is for: name, description (its beginning), capability names, needs."""
    return [text for text in _texts(artifact, capabilities) if text]


def _texts(artifact: Row, capabilities: Iterable[Row]) -> Iterator[str]:
    """Yield the same in order, the second is the description's beginning."""
    yield artifact["name"] or ""
    yield " ".join((artifact["description"] or "").split()[:TEXT_WORDS])
    for row in capabilities:
        yield row["name"] or ""
        yield from row["intents"] or ()


def purpose_tags(artifact: Row, capabilities: Iterable[Row]) -> list[str]:
    """Return the tags of an artifact, normalised; those of its capabilities if it has none itself."""
    tags = artifact["tags"] or [tag for row in capabilities for tag in row["tags"] or ()]
    return [tag for tag in map(normalise_query, tags) if tag]


def purpose_words(described: Sequence[tuple[Row, Sequence[Row]]], tags: Sequence[Sequence[str]]) -> PurposeWords:
    """Return the stems of `purpose_texts` and of tags, for each artifact (with its capabilities) and its tags.

    A word is worth 1 each time it stands there, in the description h / (h + words before it), h = `WORD_HALF`, in a
    tag `TAG_WORTH`.
    """
    texts = [list(_texts(*each)) for each in described]
    sizes = np.array([len(each) for each in texts], np.int64)
    is_description = np.zeros(sizes.sum() + len(tags), bool)
    is_description[np.cumsum(sizes) - sizes + 1] = True
    found = stemmed([*chain.from_iterable(texts), *map(" ".join, tags)])
    text, count = found.texts(), len(described)
    owner = np.concatenate([np.repeat(np.arange(count), sizes), np.arange(count)])[text]
    described_by, in_tag = is_description[text], text >= sizes.sum()
    worth = np.where(in_tag, TAG_WORTH, np.where(described_by, WORD_HALF / (WORD_HALF + found.places()), 1.0))
    held = entries(found.stems, found.numbers, owner, count)
    order = np.argsort(~described_by, kind="stable")  # so that the last bit does not depend on what stands around it
    worths = np.bincount(held.entry[order], worth[order], minlength=len(held.columns))
    written = np.zeros(len(held.columns), np.int64)
    told = np.flatnonzero(~in_tag)[::-1]
    written[held.entry[told]] = 1 + found.numbers[told]  # of several the last counts: that which stands first
    return PurposeWords(held.matrix(worths), written, ["", *found.words])
