"""Why one artifact is an alternative to another: one line for each sign, with the counts behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from graph.phrasing import counted, some_of
from queries.alternatives.common_entries import IntArray, common_entries
from queries.alternatives.concepts import display_name
from queries.alternatives.purposes import Catalogue
from queries.alternatives.references import Reference, reference_key
from queries.alternatives.shared_words import SHOWN, SharedWords
from queries.text.mentions import Mention
from queries.text.similarity import FloatArray, split_names

_NEEDS_SHOWN: Final = 2
_MAX_SENTENCE: Final = 180
_MAX_NEED: Final = 80

Pair = tuple[int, int]


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
        self._names = [catalogue.name(place) for place in range(len(catalogue))]
        self._capabilities = _shared_capabilities(catalogue, pairs)
        self._sentences = _sentences(catalogue, found)
        self._products: dict[int, dict[str, Reference]] = defaultdict(dict)
        for each in named:
            self._products[catalogue.place[each.artifact_id]][each.key] = each
        self._chosen, self._needs, self._voters = chosen, needs, voters
        self._is_told = np.array([bool(label) for label in needs], bool)
        self._shared_words = SharedWords(catalogue)

    def lines(self, kind: str, left: IntArray, right: IntArray, values: FloatArray) -> Iterable[str]:
        """Return one line for each of some pairs that have a sign of this kind: why. `values`: those of the sign."""
        if kind == "text":
            return self._shared_words.lines(left, right, values)
        if kind == "co_choice":
            return self._shared_needs(left, right)
        write = {"expected": self.expected, "concept": self.concept, "stated": self.stated}[kind]
        return map(write, left.tolist(), right.tolist())

    def concept(self, a: int, b: int) -> str:
        """Say which capabilities of `a` the artifact `b` has too."""
        shared = self._capabilities.get((a, b), [])
        return f"{counted(len(shared), 'shared capability', 'shared capabilities')}: {some_of(shared, SHOWN)}"

    def _shared_needs(self, left: IntArray, right: IntArray) -> Iterator[str]:
        """Say for how many needs both were chosen, and for those with the most choices by how many clients each."""
        common = common_entries(self._chosen, left, right)
        mine, its = self._chosen.data[common.mine], self._chosen.data[common.its]
        known = np.flatnonzero(self._is_told[common.column])
        known = known[np.lexsort((-np.sqrt(mine[known] * its[known]), common.pair[known]))]
        ends = np.cumsum(np.bincount(common.pair[known], minlength=len(left))).tolist()
        start = 0
        for count, end in zip(np.bincount(common.pair, minlength=len(left)).tolist(), ends, strict=True):
            first = known[start : min(end, start + _NEEDS_SHOWN)].tolist()
            start = end
            yield _for_needs(count, [self._need(common.column[each], mine[each], its[each]) for each in first])

    def _need(self, column: int, mine: float, its: float) -> str:
        text = _one_line(self._needs[column] or "", _MAX_NEED)
        return f"“{text}” (by {mine:.0f} and {counted(int(its), 'client')})"

    def stated(self, a: int, b: int) -> str:
        """Name the products that both stand in for, or say which names the other; else quote who compares the two."""
        for writer, other in ((a, b), (b, a)):
            says = self._products.get(writer, {}).get(self._own_key(other))
            if says is not None:
                verb = "says that it stands in for" if says.replaces else "compares itself with"
                return f"{self._names[writer]} {verb} {self._names[other]}"
        mine, its = self._products.get(a, {}), self._products.get(b, {})
        common = sorted(mine.keys() & its.keys())
        if common:
            replace = all(each[key].replaces for each in (mine, its) for key in common)
            verb = "say that they stand in for" if replace else "stand in for, or compare themselves with,"
            return f"both {verb} {some_of([mine[key].name for key in common], SHOWN)}"
        for writer, other in ((a, b), (b, a)):
            sentence = self._sentences.get((writer, other))
            if sentence:
                return f"{self._names[writer]} compares the two: “{sentence}”"
        raise KeyError(f"{self._names[a]} and {self._names[b]} are not compared anywhere")

    def expected(self, a: int, b: int) -> str:
        """Say which products `b` stands in for, or is, as do others like the one that is replaced."""
        start, end = self._voters.indptr[a : a + 2]
        stated: set[str] = set()
        for voter in self._voters.indices[start:end].tolist():
            if voter != b:
                stated |= self._products.get(voter, {}).keys() | {self._own_key(voter)}
        others = f"others like {self._names[a]}"
        common = [each.name for key, each in sorted(self._products.get(b, {}).items()) if key in stated]
        if common:
            return f"stands in for, or compares itself with, {some_of(common, SHOWN)}, as do {others}"
        return f"{others} stand in for it, or compare themselves with it"

    def _own_key(self, place: int) -> str:
        return reference_key(self._names[place].rsplit("/", 1)[-1])


def _for_needs(count: int, told: Sequence[str]) -> str:
    """Say that two were both chosen for so many needs, of which some may be told."""
    if not told:
        return f"both chosen for {counted(count, 'need')} that few people had"
    if count == 1:
        return f"both chosen for {told[0]}"
    link = ":" if len(told) == count else ", such as"
    return f"both chosen for {count} needs{link} {' and '.join(told)}"


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
