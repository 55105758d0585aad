"""Why one artifact is an alternative to another: one line for each sign, with the counts behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from math import log, sqrt
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.phrasing import counted
from queries.alternatives.concepts import display_name
from queries.alternatives.purposes import Catalogue, purpose_tags, purpose_texts
from queries.alternatives.references import Reference, reference_key
from queries.text.mentions import Mention
from queries.text.similarity import FloatArray, split_names
from queries.text.tokens import stem, words

_SHOWN: Final = 3
_NEEDS_SHOWN: Final = 2
_MAX_SENTENCE: Final = 180
_MAX_NEED: Final = 80
_MIN_WORD: Final = 3
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


class Reasons:
    """Writes the reasons of pairs of one catalogue. Artifacts are given by their place in it."""

    def __init__(
        self,
        catalogue: Catalogue,
        pairs: pa.Table,
        found: Iterable[Mention],
        named: Iterable[Reference],
        *,
        chosen: Any,
        needs: Sequence[str | None],
        voters: Any,
    ) -> None:
        """Learn what the artifacts share: words and tags, similar capabilities (`pairs`), comparisons.

        `found`: artifacts named by others; `named`: products that artifacts stand in for; `chosen`: clients by artifact
        and need, CSR; `needs`: the texts of its columns, None for those that are withheld; `voters`: whose products
        are expected of an artifact, CSR (artifacts, artifacts).
        """
        self._catalogue = catalogue
        self._capabilities = _shared_capabilities(catalogue, pairs)
        self._sentences = _sentences(catalogue, found)
        self._products: dict[int, dict[str, Reference]] = defaultdict(dict)
        for each in named:
            self._products[catalogue.place[each.artifact_id]][each.key] = each
        self._chosen, self._needs, self._voters = chosen, needs, voters
        own = [(row, catalogue.capabilities_of(i)) for i, row in enumerate(catalogue.artifacts)]
        self._tags = [dict.fromkeys(purpose_tags(*each)) for each in own]
        self._tag_use = Counter(tag for tags in self._tags for tag in tags)
        self._words = [_surface_words(purpose_texts(*each)) for each in own]
        self._weights = _word_weights(catalogue.worths)
        self._last: tuple[int, dict[int, int]] = (-1, {})

    def line(self, kind: str, chosen: Chosen, row: int) -> str:
        """Return the reason of a kind for a pair, in one line."""
        a, b = int(chosen.left[row]), int(chosen.right[row])
        if kind == "text":
            return self.text(a, b, float(chosen.values["text"][row]))
        write = {
            "co_choice": self.co_choice,
            "expected": self.expected,
            "concept": self.concept,
            "stated": self.stated,
        }
        return write[kind](a, b)

    def concept(self, a: int, b: int) -> str:
        """Say which capabilities of `a` the artifact `b` has too."""
        shared = self._capabilities.get((a, b), [])
        return f"{counted(len(shared), 'shared capability', 'shared capabilities')}: {_listed(shared)}"

    def text(self, a: int, b: int, similarity: float) -> str:
        """Say what the two say of themselves in common: the words that weigh most, the rarest tags."""
        tags = sorted(self._tags[a].keys() & self._tags[b].keys(), key=lambda tag: (self._tag_use[tag], tag))
        mine, its, written, elsewhere = self._weights[a], self._weights[b], self._words[a], self._words[b]
        # What stands in tags alone is none of the words that are said.
        spoken = ((root, written.get(root) or elsewhere.get(root, "")) for root in mine.keys() & its.keys())
        common = {root: word for root, word in spoken if len(word) >= _MIN_WORD}
        first = nsmallest(_SHOWN, common, key=lambda root: (-mine[root] * its[root], root))
        said = [f"both speak of {_listed([common[root] for root in first], len(common))}"] if common else []
        said += [f"both tagged {_listed(tags)}"] if tags else []
        return f"{'; '.join(said) or _ALIKE} (similarity {similarity:.2f})"

    def co_choice(self, a: int, b: int) -> str:
        """Say for how many needs both were chosen, and for those with the most choices by how many clients each."""
        if self._last[0] != a:  # pairs come by artifact
            self._last = a, self._clients(a)
        mine, its = self._last[1], self._clients(b)
        shared = sorted(mine.keys() & its.keys(), key=lambda need: (-sqrt(mine[need] * its[need]), need))
        told = [
            f"“{_one_line(label, _MAX_NEED)}” (by {mine[need]} and {counted(its[need], 'client')})"
            for need in shared
            if (label := self._needs[need])
        ][:_NEEDS_SHOWN]
        if not told:
            return f"both chosen for {counted(len(shared), 'need')} that few people had"
        if len(shared) == 1:
            return f"both chosen for {told[0]}"
        link = ":" if len(told) == len(shared) else ", such as"
        return f"both chosen for {len(shared)} needs{link} {' and '.join(told)}"

    def _clients(self, place: int) -> dict[int, int]:
        start, end = self._chosen.indptr[place : place + 2]
        needs, clients = self._chosen.indices[start:end], self._chosen.data[start:end]
        return dict(zip(needs.tolist(), clients.astype(int).tolist(), strict=True))

    def stated(self, a: int, b: int) -> str:
        """Name the products that both stand in for, or say which names the other; else quote who compares the two."""
        for writer, other in ((a, b), (b, a)):
            says = self._products.get(writer, {}).get(self._own_key(other))
            if says is not None:
                verb = "says that it stands in for" if says.replaces else "compares itself with"
                return f"{self._catalogue.name(writer)} {verb} {self._catalogue.name(other)}"
        mine, its = self._products.get(a, {}), self._products.get(b, {})
        common = sorted(mine.keys() & its.keys())
        if common:
            replace = all(each[key].replaces for each in (mine, its) for key in common)
            verb = "say that they stand in for" if replace else "stand in for, or compare themselves with,"
            return f"both {verb} {_listed(mine[key].name for key in common)}"
        for writer, other in ((a, b), (b, a)):
            sentence = self._sentences.get((writer, other))
            if sentence:
                return f"{self._catalogue.name(writer)} compares the two: “{sentence}”"
        raise KeyError(f"{self._catalogue.id(a)} and {self._catalogue.id(b)} are not compared anywhere")

    def expected(self, a: int, b: int) -> str:
        """Say which products `b` stands in for, or is, as do others like the one that is replaced."""
        start, end = self._voters.indptr[a : a + 2]
        stated: set[str] = set()
        for voter in self._voters.indices[start:end].tolist():
            if voter != b:
                stated |= self._products.get(voter, {}).keys() | {self._own_key(voter)}
        others = f"others like {self._catalogue.name(a)}"
        common = [each.name for key, each in sorted(self._products.get(b, {}).items()) if key in stated]
        if common:
            return f"stands in for, or compares itself with, {_listed(common)}, as do {others}"
        return f"{others} stand in for it, or compare themselves with it"

    def _own_key(self, place: int) -> str:
        return reference_key(self._catalogue.name(place).rsplit("/", 1)[-1])


def _word_weights(worths: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """Return the weights of the words of `queries.text.similarity.tfidf_of_counts`, but for the rows' lengths."""
    use = Counter(word for found in worths for word in found)
    rarity = {word: 1 + log((1 + len(worths)) / (1 + count)) for word, count in use.items()}
    return [
        {word: (1 + log(worth) if worth > 1 else worth) * rarity[word] for word, worth in found.items()}
        for found in worths
    ]


def _shared_capabilities(catalogue: Catalogue, pairs: pa.Table) -> dict[Pair, list[str]]:
    names = {row["capability_id"]: _as_written(row) for rows in catalogue.capabilities.values() for row in rows}
    found: dict[Pair, list[tuple[float, str]]] = defaultdict(list)
    for pair in pairs.to_pylist():
        a, b = catalogue.place.get(pair["artifact_a"]), catalogue.place.get(pair["artifact_b"])
        if a is not None and b is not None:
            for ends, own in (((a, b), "capability_a"), ((b, a), "capability_b")):
                found[ends].append((-pair["similarity"], names.get(pair[own], pair[own])))
    return {ends: list(dict.fromkeys(name for _, name in sorted(each))) for ends, each in found.items()}


def _as_written(capability: Mapping[str, Any]) -> str:
    """Return a name of words as it stands, a function's name as words."""
    name = capability["name"] or ""
    return name if split_names(name) == name else display_name(name, capability["artifact_id"])


def _sentences(catalogue: Catalogue, found: Iterable[Mention]) -> dict[Pair, str]:
    """Return for each comparison its first sentence, cut to a line."""
    sentences: dict[Pair, str] = {}
    for mention in sorted(found):
        if mention.compares:
            key = catalogue.place[mention.artifact_id], catalogue.place[mention.other_id]
            sentences.setdefault(key, _one_line(mention.sentence))
    return sentences


def _one_line(sentence: str, longest: int = _MAX_SENTENCE) -> str:
    line = " ".join(sentence.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …"


def _surface_words(texts: Iterable[str]) -> dict[str, str]:
    """Return for each stem the word as it was first written."""
    surface: dict[str, str] = {}
    for text in texts:
        written = words(split_names(text))
        for root, word in zip(stem(written), written, strict=True):
            surface.setdefault(root, word)
    return surface


def _listed(names: Iterable[str], total: int | None = None) -> str:
    """Return the first of some names, and how many more there are; `total` where not all are given."""
    found = list(names)
    more = (total or len(found)) - _SHOWN
    shown = ", ".join(found[:_SHOWN]) if more > 0 or len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"
    return f"{shown} and {more} more" if more > 0 else shown


def as_reasons(signs: Mapping[str, tuple[float, str]], weights: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return the reasons as they are stored, the weightiest first. `signs`: kind → value, 0 to 1, and text.

    `weight` is the sign's share in the score: weight times value / their sum.
    """
    values = {kind: min(1.0, value) for kind, (value, _) in signs.items()}
    products = {kind: weights[kind] * value for kind, value in values.items()}
    total = sum(products.values())
    return [
        {
            "kind": kind,
            "text": signs[kind][1],
            "weight": round(products[kind] / total, 4),
            "value": round(values[kind], 6),
        }
        for kind in sorted(products, key=lambda kind: (-round(products[kind], 9), kind))
    ]
