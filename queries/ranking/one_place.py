"""Under which of its names does a thing that is listed several times take its one place?

Under the name that most clients chose, then the one with the largest completeness of its rank (of what the name's own
source states and its own evidence), then the first id. Clients come first because completeness is what an artifact
states of itself: a copy that states more takes no place. The others are *also known as*. Each must be the same as that
one by itself, so that a chain of likenesses does not join what its ends do not have in common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

Known: TypeAlias = tuple[int, float]
"""Clients that chose the artifact, and completeness of its rank."""


def heads(same: Iterable[tuple[str, str]], known: Mapping[str, Known]) -> dict[str, str]:
    """Return for each id of the pairs that are the same thing the id under which it is listed.

    `known`: what is known of every id.

    >>> heads([("a", "b"), ("b", "c")], {"a": (0, 0.9), "b": (3, 0.5), "c": (1, 0.9)})
    {'b': 'b', 'a': 'b', 'c': 'b'}
    >>> heads([("a", "b"), ("b", "c")], {"a": (3, 0.5), "b": (0, 0.9), "c": (1, 0.9)})
    {'a': 'a', 'b': 'a', 'c': 'c'}
    """
    others: dict[str, set[str]] = defaultdict(set)
    for a, b in same:
        others[a].add(b)
        others[b].add(a)
    found: dict[str, str] = {}
    for name in sorted(others, key=lambda name: (-known[name][0], -known[name][1], name)):
        if name not in found:
            found[name] = name
            found |= {other: name for other in sorted(others[name]) if other not in found}
    return found
