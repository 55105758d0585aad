"""Choosing hits that differ: from each other, and from an artifact that is not wanted.

Maximal marginal relevance (Carbonell & Goldstein 1998, SIGIR, equation 1): the next hit is the one with the largest

    (1 − diversity) · score − diversity · likeness to the hits chosen before

where likeness is the mean of two shares between 0 and 1: common traits (type, licence, pricing, vendor, where it runs,
what it takes and gives; the mean of the Jaccard shares of those stated of both), and common words of names, tags and
descriptions (Jaccard).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.vocabulary import ARTIFACT_TYPES
from queries.retrieval.hosting import hosting
from queries.text.tokens import stem, words

Row = Mapping[str, Any]

_SAID: Final = {
    "type": "{}, not {}",
    "pricing_model": "pricing {}, not {}",
    "license": "licence {}, not {}",
    "vendor": "vendor {}, not {}",
    "hosting": "runs {}, not {}",
    "input_types": "takes {}, not {}",
    "output_types": "gives {}, not {}",
}
"""Traits, and how a difference in them is said, in this order."""

_OF_ARTIFACTS: Final = ("type", "pricing_model", "license", "vendor")
TRAITS: Final = (*_OF_ARTIFACTS, "name", "description", "tags", "extra")
"""Columns of `artifacts` that are read here."""


@dataclass(frozen=True)
class Traits:
    """What artifacts can differ in."""

    stated: Mapping[str, frozenset[str]]
    """Trait → values; without those that its source does not state."""
    words: frozenset[str]


def traits(artifact: Row, capabilities: Iterable[Row] = ()) -> Traits:
    """Return the traits of a row of `artifacts`, given its rows of `capabilities`."""
    found = {name: {artifact[name]} for name in _OF_ARTIFACTS if artifact[name]}
    found["hosting"] = set(hosting(artifact))
    offered = list(capabilities)
    for name in ("input_types", "output_types"):
        found[name] = {value for row in offered for value in row[name] or ()}
    text = " ".join([artifact["name"] or "", artifact["description"] or "", *(artifact["tags"] or ())])
    return Traits({name: frozenset(found[name]) for name in _SAID if found.get(name)}, frozenset(stem(words(text))))


def most_different(
    artifacts: Sequence[Traits],
    scores: Sequence[float],
    *,
    limit: int,
    diversity: float,
    unlike: Traits | None = None,
) -> list[int]:
    """Return the positions of the chosen artifacts, in order of choice. Scores are taken relative to the best.

    `diversity` between 0 (by score alone) and 1. `unlike`: an artifact that counts as chosen before all others.
    """
    best = max(scores, default=0.0) or 1.0
    likeness = [0.0 if unlike is None else alike(artifact, unlike) for artifact in artifacts]
    left = list(range(len(artifacts)))
    chosen: list[int] = []
    while left and len(chosen) < limit:
        worth = {i: (1 - diversity) * scores[i] / best - diversity * likeness[i] for i in left}
        pick = max(left, key=lambda i: (round(worth[i], 9), -i))
        left.remove(pick)
        chosen.append(pick)
        for i in left:
            likeness[i] = max(likeness[i], alike(artifacts[i], artifacts[pick]))
    return chosen


def alike(a: Traits, b: Traits) -> float:
    """Return how alike two artifacts are, 0 to 1."""
    shares = [_jaccard(a.stated[name], b.stated[name]) for name in a.stated.keys() & b.stated.keys()]
    return ((sum(shares) / len(shares) if shares else 0.0) + _jaccard(a.words, b.words)) / 2


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


def differences(artifact: Traits, other: Traits) -> list[str]:
    """Say in words in which traits an artifact has nothing in common with another; only what is stated of both."""
    found = []
    for name, mine in artifact.stated.items():
        its = other.stated.get(name)
        if its is not None and not mine & its:
            found.append(_SAID[name].format(_listed(name, mine), _listed(name, its)))
    return found


def _listed(name: str, values: frozenset[str]) -> str:
    known = ARTIFACT_TYPES if name == "type" else {}
    return " and ".join(known.get(value, value.replace("_", " ")) for value in sorted(values))
