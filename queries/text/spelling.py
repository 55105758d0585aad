"""Spelling of query words, as far as the catalogue knows it: "imgae" is read as "image".

Only a word that the catalogue does not use is read as another one, and only as one that it uses: two neighbouring
letters swapped, or in a long word any single typing error, the first letter right. Short words are one letter away from
too many others ("shoes", "shows"). What a word is read as depends on the catalogue alone and not on what else was
searched for: intents stay where they are when the log grows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyarrow as pa

from graph.text import normalise_query
from queries.text.tokens import stem
from queries.text.typos import TypoIndex, write_typo_index

Spelling = Callable[[str], str]
"""Gives the word that a word is read as; the word itself if there is nothing to correct."""

MIN_CHARS: Final = 5
MIN_CHARS_OF_ANY_ERROR: Final = 9
"""In shorter words only swapped neighbours are put right."""

_ARTIFACT_TEXTS: Final = ("name", "description")
_CAPABILITY_TEXTS: Final = ("name", "description", "unique", "vs_alternatives")
_CAPABILITY_LISTS: Final = ("intents", "tags")


def catalogue_spelling(artifacts: pa.Table, capabilities: pa.Table, folder: Path) -> Spelling:
    """Return the spelling of a catalogue; its word list is written into `folder`, which must stay."""
    counts = Counter(word for text in _texts(artifacts, capabilities) for word in set(normalise_query(text).split()))
    folder.mkdir(parents=True, exist_ok=True)
    write_typo_index(folder, counts.items())
    index = TypoIndex.open(folder)
    known = counts.keys() | set(stem(sorted(counts)))

    @lru_cache(maxsize=200_000)
    def read_as(word: str) -> str:
        if len(word) < MIN_CHARS or word in known or stem([word])[0] in known:
            return word
        nearest = index.nearest(word)
        return nearest if nearest is not None and _is_slip(word, nearest) else word

    return read_as


def _is_slip(word: str, meant: str) -> bool:
    swapped = sorted(word) == sorted(meant)
    return word[0] == meant[0] and (swapped or len(word) >= MIN_CHARS_OF_ANY_ERROR)


def as_written(word: str) -> str:
    """Return the word: the spelling that corrects nothing."""
    return word


def _texts(artifacts: pa.Table, capabilities: pa.Table) -> Iterator[str]:
    for table, names in ((artifacts, _ARTIFACT_TEXTS), (capabilities, _CAPABILITY_TEXTS)):
        for name in names:
            yield from (text for text in table[name].to_pylist() if text)
    for name in _CAPABILITY_LISTS:
        yield from (text for texts in capabilities[name].to_pylist() for text in texts or ())
