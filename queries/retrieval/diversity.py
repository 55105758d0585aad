"""Choosing hits that differ: from each other, and from an artifact that is not wanted.

Maximal marginal relevance (Carbonell & Goldstein 1998, SIGIR, equation 1): the next hit is the one with the largest

    (1 − diversity) · score − diversity · likeness to the hits chosen before

where likeness is the mean of two shares between 0 and 1: equal facets (type, licence, pricing, vendor; those known of
both), and common words of names, tags and descriptions (Jaccard).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from graph.vocabulary import ARTIFACT_TYPES
from queries.text.tokens import stem, words

COMPARED: Final = ("type", "license", "pricing_model", "vendor")

Artifact = Mapping[str, Any]
"""A row of the snapshot table `artifacts`."""


def most_different(
    artifacts: Sequence[Artifact],
    scores: Sequence[float],
    *,
    limit: int,
    diversity: float,
    unlike: Artifact | None = None,
) -> list[int]:
    """Return the positions of the chosen artifacts, in order of choice. Scores are taken relative to the best.

    `diversity` between 0 (by score alone) and 1. `unlike`: an artifact that counts as chosen before all others.
    """
    best = max(scores, default=0.0) or 1.0
    said = [_said(artifact) for artifact in artifacts]
    likeness = [
        0.0 if unlike is None else alike(artifact, unlike, one, _said(unlike))
        for artifact, one in zip(artifacts, said, strict=True)
    ]
    left = list(range(len(artifacts)))
    chosen: list[int] = []
    while left and len(chosen) < limit:
        worth = {i: (1 - diversity) * scores[i] / best - diversity * likeness[i] for i in left}
        pick = max(left, key=lambda i: (round(worth[i], 9), -i))
        left.remove(pick)
        chosen.append(pick)
        for i in left:
            likeness[i] = max(likeness[i], alike(artifacts[i], artifacts[pick], said[i], said[pick]))
    return chosen


def alike(a: Artifact, b: Artifact, said_a: frozenset[str], said_b: frozenset[str]) -> float:
    """Return how alike two artifacts are, 0 to 1, given the words that each says."""
    known = [name for name in COMPARED if a[name] is not None and b[name] is not None]
    same = sum(a[name] == b[name] for name in known) / len(known) if known else 0.0
    either = len(said_a | said_b)
    return (same + (len(said_a & said_b) / either if either else 0.0)) / 2


def _said(artifact: Artifact) -> frozenset[str]:
    text = " ".join([artifact["name"] or "", artifact["description"] or "", *(artifact["tags"] or ())])
    return frozenset(stem(words(text)))


def differences(artifact: Artifact, other: Artifact) -> list[str]:
    """Say in words how an artifact differs from another: type, pricing, licence, vendor."""
    found = []
    if artifact["type"] and other["type"] and artifact["type"] != other["type"]:
        found.append(f"{_titled(artifact['type'])}, not {_titled(other['type'])}")
    for column, label in (("pricing_model", "pricing"), ("license", "licence"), ("vendor", "vendor")):
        mine, its = artifact[column], other[column]
        if mine and its and mine != its:
            found.append(f"{label} {mine.replace('_', ' ')}, not {its.replace('_', ' ')}")
    return found


def _titled(kind: str) -> str:
    return ARTIFACT_TYPES.get(kind, kind)
