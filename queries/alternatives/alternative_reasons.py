"""Why one artifact is an alternative to another: one line for each sign, with the counts behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from queries.alternatives.concepts import display_name
from queries.alternatives.purposes import Catalogue, purpose_tags, purpose_texts
from queries.alternatives.references import Reference, reference_key
from queries.text.mentions import Mention
from queries.text.similarity import FloatArray, split_names
from queries.text.tokens import stem, words

_SHOWN: Final = 3
_MAX_SENTENCE: Final = 180
_MIN_WORD: Final = 4
"""Shorter words say little in a list without their sentence."""

_ALIKE: Final = "described in words of like meaning, or like what is most like it"

Pair = tuple[int, int]
IntArray = npt.NDArray[np.int64]


@dataclass
class Chosen:
    """The alternatives that are kept: arrays with one value for each pair, ordered by artifact and from the best on."""

    left: IntArray
    """Place of the artifact that is replaced."""
    right: IntArray
    """Place of the alternative."""
    scores: FloatArray
    values: dict[str, FloatArray] = field(default_factory=dict)
    """Kind of sign → its value, between 0 and 1."""
    intents: FloatArray = field(default_factory=lambda: np.zeros(0))
    """Intents for which both were chosen."""
    clients: FloatArray = field(default_factory=lambda: np.zeros(0))
    """Σ sqrt(c_a c_b) over these intents, c the clients."""


class Reasons:
    """Writes the reasons of pairs of one catalogue. Artifacts are given by their place in it."""

    def __init__(
        self, catalogue: Catalogue, pairs: pa.Table, found: Iterable[Mention], named: Iterable[Reference]
    ) -> None:
        """Learn what the artifacts share: words and tags, similar capabilities (`pairs`), comparisons.

        `found`: artifacts named by others; `named`: products that artifacts stand in for.
        """
        self._catalogue = catalogue
        self._capabilities = _shared_capabilities(catalogue, pairs)
        self._sentences = _sentences(catalogue, found)
        self._products: dict[int, dict[str, str]] = defaultdict(dict)
        for each in named:
            self._products[catalogue.place[each.artifact_id]][each.key] = each.name
        own = [(row, catalogue.capabilities_of(i)) for i, row in enumerate(catalogue.artifacts)]
        self._tags = [dict.fromkeys(purpose_tags(*each)) for each in own]
        self._words = [_surface_words(purpose_texts(*each)) for each in own]
        self._tag_use = Counter(tag for tags in self._tags for tag in tags)
        self._word_use = Counter(word for found in self._words for word in found)

    def line(self, kind: str, chosen: Chosen, row: int) -> str:
        """Return the reason of a kind for a pair, in one line."""
        a, b = int(chosen.left[row]), int(chosen.right[row])
        if kind == "text":
            return self.text(a, b, float(chosen.values["text"][row]))
        if kind == "co_choice":
            return self.co_choice(float(chosen.intents[row]), float(chosen.clients[row]))
        if kind == "expected":
            return self.expected(b)
        return self.concept(a, b) if kind == "concept" else self.stated(a, b)

    def concept(self, a: int, b: int) -> str:
        """Say which capabilities of `a` the artifact `b` has too."""
        shared = self._capabilities.get((a, b), [])
        return f"{len(shared)} shared {'capability' if len(shared) == 1 else 'capabilities'}: {_listed(shared)}"

    def text(self, a: int, b: int, similarity: float) -> str:
        """Say what the two say of themselves in common, the rarest first."""
        tags = sorted(self._tags[a].keys() & self._tags[b].keys(), key=lambda tag: (self._tag_use[tag], tag))
        stems = self._words[a].keys() & self._words[b].keys()
        rarest = sorted(stems, key=lambda stem: (self._word_use[stem], stem))
        common = [word for root in rarest if len(word := self._words[a][root]) >= _MIN_WORD]
        said = [f"described in similar words: {_listed(common)}"] if common else []
        said += [f"both tagged {_listed(tags)}"] if tags else []
        return f"{'; '.join(said) or _ALIKE} (similarity {similarity:.2f})"

    def co_choice(self, intents: float, clients: float) -> str:
        """Say for how many needs both were chosen. `clients`: Σ sqrt(c_a c_b) over the shared intents."""
        by = _count(max(1, round(clients)), "client")
        return f"both chosen for {_count(round(intents), 'need')}, by about {by} each"

    def stated(self, a: int, b: int) -> str:
        """Name the products that both stand in for; else quote the sentence in which one compares the two."""
        mine, its = self._stands_for(a), self._stands_for(b)
        if common := [name for key, name in sorted(mine.items()) if key in its]:
            return f"both are set beside {_listed(common)}"
        for writer, other in ((a, b), (b, a)):
            sentence = self._sentences.get((writer, other))
            if sentence:
                return f"compared by {self._catalogue.name(writer)}: “{sentence}”"
        raise KeyError(f"{self._catalogue.id(a)} and {self._catalogue.id(b)} are not compared anywhere")

    def expected(self, b: int) -> str:
        """Say what `b` stands in for, as do artifacts like the one that is replaced."""
        return f"stands in for {_listed(self._stands_for(b).values())}, as do others of this kind"

    def _stands_for(self, place: int) -> dict[str, str]:
        """Return the products that an artifact states, and its own name: names by their keys."""
        name = self._catalogue.name(place).rsplit("/", 1)[-1]
        return {**self._products.get(place, {}), reference_key(name): name}


def _shared_capabilities(catalogue: Catalogue, pairs: pa.Table) -> dict[Pair, list[str]]:
    names = {
        row["capability_id"]: display_name(row["name"], row["artifact_id"])
        for rows in catalogue.capabilities.values()
        for row in rows
    }
    found: dict[Pair, list[tuple[float, str]]] = defaultdict(list)
    for pair in pairs.to_pylist():
        a, b = catalogue.place.get(pair["artifact_a"]), catalogue.place.get(pair["artifact_b"])
        if a is not None and b is not None:
            for ends, own in (((a, b), "capability_a"), ((b, a), "capability_b")):
                found[ends].append((-pair["similarity"], names.get(pair[own], pair[own])))
    return {ends: list(dict.fromkeys(name for _, name in sorted(each))) for ends, each in found.items()}


def _sentences(catalogue: Catalogue, found: Iterable[Mention]) -> dict[Pair, str]:
    """Return for each comparison its first sentence, cut to a line."""
    sentences: dict[Pair, str] = {}
    for mention in sorted(found):
        if mention.compares:
            key = catalogue.place[mention.artifact_id], catalogue.place[mention.other_id]
            sentences.setdefault(key, _one_line(mention.sentence))
    return sentences


def _one_line(sentence: str) -> str:
    line = " ".join(sentence.split())
    return line if len(line) <= _MAX_SENTENCE else line[:_MAX_SENTENCE].rsplit(" ", 1)[0] + " …"


def _surface_words(texts: Iterable[str]) -> dict[str, str]:
    """Return for each stem the word as it was first written."""
    surface: dict[str, str] = {}
    for text in texts:
        written = words(split_names(text))
        for root, word in zip(stem(written), written, strict=True):
            surface.setdefault(root, word)
    return surface


def _listed(names: Iterable[str]) -> str:
    shown = list(names)
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more


def _count(number: int, thing: str) -> str:
    """Write a number with its thing.

    >>> _count(1, "client"), _count(7, "client")
    ('1 client', '7 clients')
    """
    return f"{number} {thing}{'' if number == 1 else 's'}"


def as_reasons(weighted: Mapping[str, tuple[float, str]]) -> list[dict[str, Any]]:
    """Return the reasons as they are stored, the weightiest first. `weight` is the sign's share in the score."""
    total = sum(weight for weight, _ in weighted.values())
    ordered = sorted(weighted.items(), key=_weightiest)
    return [{"kind": kind, "text": text, "weight": round(weight / total, 4)} for kind, (weight, text) in ordered]


def _weightiest(item: tuple[str, tuple[float, str]]) -> tuple[float, str]:
    return -round(item[1][0], 9), item[0]
