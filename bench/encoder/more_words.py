"""Words that the vocabulary of BERT (2018) only knows in pieces, and that those who describe software often write.

"chatbot", "segmentation", "url": a piece like "##bot" has one vector for all words that it is in, a word has its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LEAST = 15
"""In so many texts a word has to occur."""

SLIP = 100
"""A word of four letters or more that is in no definition, and one letter away from one so many times as frequent, is
taken for a slip and gets no vector."""


def more_words(known: Sequence[str], summaries: Iterable[str], definitions: Iterable[str], count: int) -> list[str]:
    """Return the words in most texts, most frequent first, that are not known; no slips, those of 3 letters or more."""
    in_dictionary = _texts_with(definitions)
    frequency = _texts_with(summaries) + in_dictionary
    vocabulary = set(known)
    found: list[str] = []
    for word, times in sorted(frequency.items(), key=lambda item: (-item[1], item[0])):
        if times < LEAST or len(found) == count:
            break
        if word not in vocabulary and (word in in_dictionary or not _is_slip(word, frequency)):
            found.append(word)
    return found


def _texts_with(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in set(re.findall(r"[a-z]{3,}", text.lower())))


def _is_slip(word: str, frequency: Mapping[str, int]) -> bool:
    return len(word) > 3 and any(frequency.get(other, 0) >= SLIP * frequency[word] for other in _one_away(word))


def _one_away(word: str) -> Iterator[str]:
    """Yield what a letter too many, missing or wrong, or two swapped, make of a word."""
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        yield from (head + letter + tail for letter in LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
