"""A query, analysed once: which words it is searched by, how much each weighs, and how it was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
"""So many terms are looked up once."""


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
    read_as: str | None = None
    """The word that was probably meant, where it is another than the one that was typed."""


class Analysis:
    """The words of a catalogue, by which queries are read. Safe to use from several threads."""

    def __init__(self, documents: int, document_count: Callable[[str], int], typos: TypoIndex) -> None:
        """`document_count` says how many of the `documents` hold an index term."""
        self._documents = documents
        self._document_count = document_count
        self._typos = typos
        self._read = lru_cache(maxsize=_REMEMBERED)(self._known)
        self._with_others = lru_cache(maxsize=_REMEMBERED)(self._derived_here)
        self._rarity = lru_cache(maxsize=_REMEMBERED)(self._rarity_of)

    def analyse(self, text: str, also_known: Callable[[str], bool] | None = None) -> Query:
        """Return the query's terms, each once: function words and words of asking left out, unknown words corrected.

        Hidden characters are no part of a word, as in the catalogue: names copied from pages are full of them.
        An English word that the catalogue lacks is no typing error: "bread" is not read as "break".

        A word that `also_known` accepts (by its index term) is not corrected.
        """
        text = without_hidden_characters(text[:MAX_QUERY_CHARS])
        said = list(dict.fromkeys(words(text)))
        asked = set(without_asking(said))
        stems: dict[str, None] = {}
        counts: dict[str, int] = {}
        spelled: dict[str, str] = {}
        read_as: dict[str, str] = {}
        for word in said:
            known, count, meant = self._read(word, also_known)
            stems[known] = None
            if meant is not None:
                read_as[word] = meant
            if word in asked:
                counts.setdefault(known, count)
                spelled.setdefault(known, word)
        held = [term for term in counts if counts[term]]
        if len(held) > MAX_QUERY_TERMS:
            rarest = sorted(held, key=lambda term: (-self._rarity(term, counts[term]), term))[:MAX_QUERY_TERMS]
            held = [term for term in held if term in rarest]
        unknown = [term for term in counts if not counts[term]]
        lost = sum([self._rarity(term, 0) for term in unknown])
        terms = self._with_derived(spelled, held)
        return Query(
            text,
            terms,
            rarities=tuple([self._rarity(term, self._document_count(term)) for term in terms]),
            stems=tuple(stems),
            corrected=read_as,
            unknown=tuple([spelled[term] for term in unknown]),
            mass=lost + sum([self._rarity(term, counts[term]) for term in held]),
            unknown_mass=lost,
        )

    def _known(self, word: str, also_known: Callable[[str], bool] | None) -> _Word:
        """Return the index term to look for instead of a word."""
        term = stem_of(word)
        count = self._document_count(term)
        if count or (also_known and also_known(term)):
            return _Word(term, count)
        origin = next(filter(self._document_count, derived(term)), None)
        if origin is not None:
            return _Word(origin, self._document_count(origin))
        meant = None if term in _english() else self._typos.nearest(word) or self._typos.nearest(term)
        if meant is None:
            return _Word(term, 0)
        near = meant if self._document_count(meant) else stem_of(meant)
        same = near == term or near in derived(term)
        return _Word(near, self._document_count(near), None if same else self._typos.written(meant))

    def _with_derived(self, spelled: Mapping[str, str], held: Sequence[str]) -> dict[str, str]:
        """Return the terms held and those of the same origin, each with the word of the query."""
        others = {other: spelled[term] for term in held for other in self._with_others(term)}
        return {**others, **{term: spelled[term] for term in held}}

    def _derived_here(self, term: str) -> tuple[str, ...]:
        """Return the terms of the same origin that documents hold."""
        return tuple(other for other in derived(term) if self._document_count(other))

    def _rarity_of(self, term: str, count: int) -> float:
        return inverse_frequency(count, self._documents) * salience(term)


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """Return the index terms of common English words: "bake" is one, as "baked" is in the vocabulary."""
    return frozenset(stem(token_table().words()))
