"""A query, analysed once: which words it is searched by, how much each weighs, and how it was read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from graph.text import MAX_QUERY_CHARS, without_hidden_characters
from queries.text.encoders.token_table import token_table
from queries.text.index_files import inverse_frequency
from queries.text.salience import salience
from queries.text.tokens import derived, stem, stem_of, without_asking, words
from queries.text.typos import TypoIndex

MAX_QUERY_TERMS: Final = 48
"""Of longer queries the rarest words are used."""

_REMEMBERED: Final = 100_000
"""So many words are read once."""

_READERS: Final = 4
"""So many ways of reading words, by what else is known, are remembered."""


@dataclass(frozen=True)
class Query:
    """A query, analysed once."""

    text: str
    terms: dict[str, str]
    """Index term → the word of the query that it came from. Without function words and words of asking; with terms
    of the same origin (`queries.text.tokens.derived`)."""
    rarities: tuple[float, ...] = ()
    """What each of the terms weighs: its inverse document frequency times how telling it is."""
    stems: tuple[str, ...] = ()
    """Index terms with the words of asking, corrected: for comparison with other queries."""
    corrected: dict[str, str] = field(default_factory=dict)
    """Unknown word of the query → the known word it was read as."""
    unknown: tuple[str, ...] = ()
    """Words that no document holds and that are near none."""
    mass: float = 0.0
    """Sum of what all its words weigh: about the score of a document that holds them all."""
    unknown_mass: float = 0.0
    """The part of it in unknown words."""


class _Word(NamedTuple):
    """A word of a query as it is looked for."""

    term: str
    """Index term."""
    documents: int
    """How many documents hold it."""
    weighs: float
    others: tuple[tuple[str, float], ...]
    """Terms of the same origin that documents hold, with what each weighs."""
    read_as: str | None = None
    """The word that was probably meant, where it is another than the one that was typed."""


class Analysis:
    """The words of a catalogue, by which queries are read. Safe to use from several threads."""

    def __init__(self, documents: int, document_count: Callable[[str], int], typos: TypoIndex) -> None:
        """`document_count` says how many of the `documents` hold an index term."""
        self._documents = documents
        self._document_count = document_count
        self._typos = typos
        self._reader = lru_cache(maxsize=_READERS)(self._reader_of)

    def analyse(self, text: str, also_known: Callable[[str], bool] | None = None) -> Query:
        """Return the query's terms, each once: function words and words of asking left out, unknown words corrected.

        Hidden characters are no part of a word, as in the catalogue: names copied from pages are full of them.
        An English word that the catalogue lacks is no typing error: "bread" is not read as "break".

        A word that `also_known` accepts (by its index term) is not corrected.
        """
        text = without_hidden_characters(text[:MAX_QUERY_CHARS])
        said = list(dict.fromkeys(words(text)))
        reads = list(map(self._reader(also_known), said))
        every = dict(zip(said, reads, strict=True))
        asked: dict[str, tuple[str, _Word]] = {}
        for word in without_asking(said):
            asked.setdefault(every[word].term, (word, every[word]))
        held = [one for one in asked.values() if one[1].documents]
        if len(held) > MAX_QUERY_TERMS:
            rarest = sorted(held, key=lambda one: (-one[1].weighs, one[1].term))[:MAX_QUERY_TERMS]
            held = [one for one in held if one in rarest]
        unknown = [one for one in asked.values() if not one[1].documents]
        lost = sum([word.weighs for _, word in unknown])
        terms = _with_others(held)
        return Query(
            text,
            {term: spelled for term, (spelled, _) in terms.items()},
            rarities=tuple([weighs for _, weighs in terms.values()]),
            stems=tuple(dict.fromkeys([read.term for read in reads])),
            corrected={word: read.read_as for word, read in every.items() if read.read_as is not None},
            unknown=tuple([spelled for spelled, _ in unknown]),
            mass=lost + sum([word.weighs for _, word in held]),
            unknown_mass=lost,
        )

    def _reader_of(self, also_known: Callable[[str], bool] | None) -> Callable[[str], _Word]:
        """Return what reads the words of those queries whose terms `also_known` may know besides."""
        return lru_cache(maxsize=_REMEMBERED)(lambda word: self._read(word, also_known))

    def _read(self, word: str, also_known: Callable[[str], bool] | None) -> _Word:
        """Return the index term to look for instead of a word."""
        term = stem_of(word)
        if self._document_count(term) or (also_known and also_known(term)):
            return self._word(term)
        origin = next(filter(self._document_count, derived(term)), None)
        if origin is not None:
            return self._word(origin)
        meant = None if term in _english() else self._typos.nearest(word) or self._typos.nearest(term)
        if meant is None:
            return self._word(term)
        near = meant if self._document_count(meant) else stem_of(meant)
        same = near == term or near in derived(term)
        return self._word(near, None if same else self._typos.written(meant))

    def _word(self, term: str, read_as: str | None = None) -> _Word:
        others = [(other, self._rarity(other)) for other in derived(term) if self._document_count(other)]
        return _Word(term, self._document_count(term), self._rarity(term), tuple(others), read_as)

    def _rarity(self, term: str) -> float:
        return inverse_frequency(self._document_count(term), self._documents) * salience(term)


def _with_others(held: Sequence[tuple[str, _Word]]) -> dict[str, tuple[str, float]]:
    """Return the terms of the same origin as those held, and these, with the word of the query and what each weighs."""
    found = {other: (spelled, weighs) for spelled, word in held for other, weighs in word.others}
    for spelled, word in held:
        found[word.term] = spelled, word.weighs
    return found


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """Return the index terms of common English words: "bake" is one, as "baked" is in the vocabulary."""
    return frozenset(stem(token_table().words()))
