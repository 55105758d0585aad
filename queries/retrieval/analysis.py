"""A query, analysed once: which words it is searched by, how much each weighs, and how it was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from graph.text import MAX_QUERY_CHARS
from queries.text.encoders.token_table import token_table
from queries.text.index_files import inverse_frequency
from queries.text.tokens import derived, stem, without_asking, words
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
    """Inverse document frequency of each of the terms."""
    stems: tuple[str, ...] = ()
    """Index terms with the words of asking, corrected: for comparison with other queries."""
    corrected: dict[str, str] = field(default_factory=dict)
    """Unknown word of the query → the known word it was read as."""
    unknown: tuple[str, ...] = ()
    """Words that no document holds and that are near none."""
    mass: float = 0.0
    """Sum of the inverse document frequencies of all its words: about the score of a document that holds them all."""
    unknown_mass: float = 0.0
    """The part of it in unknown words."""


class Analysis:
    """The words of a catalogue, by which queries are read. Safe to use from several threads."""

    def __init__(self, documents: int, document_count: Callable[[str], int], typos: TypoIndex) -> None:
        """`document_count` says how many of the `documents` hold an index term."""
        self._documents = documents
        self._document_count = document_count
        self._typos = typos
        self._with_others = lru_cache(maxsize=_REMEMBERED)(self._derived_here)

    def analyse(self, text: str, also_known: Callable[[str], bool] | None = None) -> Query:
        """Return the query's terms, each once: function words and words of asking left out, unknown words corrected.

        An English word that the catalogue lacks is no typing error: "bread" is not read as "break".

        A word that `also_known` accepts (by its index term) is not corrected.
        """
        said = list(dict.fromkeys(words(text[:MAX_QUERY_CHARS])))
        asked = set(without_asking(said))
        stems: dict[str, None] = {}
        counts: dict[str, int] = {}
        spelled: dict[str, str] = {}
        read_as: dict[str, str] = {}
        for word, term in zip(said, stem(said), strict=True):
            known, count = self._known(word, term, also_known)
            stems[known] = None
            if known != term and known not in derived(term):
                read_as[word] = known
            if word in asked:
                counts.setdefault(known, count)
                spelled.setdefault(known, word)
        return self._weighed(Query(text, spelled, stems=tuple(stems), corrected=read_as), counts)

    def _known(self, word: str, term: str, also_known: Callable[[str], bool] | None) -> tuple[str, int]:
        """Return the index term to look for, and how many documents hold it."""
        count = self._document_count(term)
        if count or (also_known and also_known(term)):
            return term, count
        near = next(filter(self._document_count, derived(term)), None)
        if near is None and not token_table().knows(word):
            near = self._typos.nearest(word) or self._typos.nearest(term)
        return (near, self._document_count(near)) if near else (term, 0)

    def _weighed(self, query: Query, counts: Mapping[str, int]) -> Query:
        """Keep the rarest of the terms that documents hold; add up what they and the unknown words weigh."""
        rarity = {term: self._rarity(count) for term, count in counts.items()}
        held = sorted((term for term in counts if counts[term]), key=lambda term: (-rarity[term], term))
        kept = set(held[:MAX_QUERY_TERMS])
        unknown = [term for term in counts if not counts[term]]
        lost = sum(rarity[term] for term in unknown)
        terms = self._with_derived({term: word for term, word in query.terms.items() if term in kept})
        return replace(
            query,
            terms=terms,
            rarities=tuple(self._rarity(self._document_count(term)) for term in terms),
            unknown=tuple(query.terms[term] for term in unknown),
            mass=lost + sum(rarity[term] for term in kept),
            unknown_mass=lost,
        )

    def _with_derived(self, terms: Mapping[str, str]) -> dict[str, str]:
        others = {other: word for term, word in terms.items() for other in self._with_others(term)}
        return {**others, **terms}

    def _derived_here(self, term: str) -> tuple[str, ...]:
        """Return the terms of the same origin that documents hold."""
        return tuple(other for other in derived(term) if self._document_count(other))

    def _rarity(self, count: int) -> float:
        return inverse_frequency(count, self._documents)
