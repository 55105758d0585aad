"""Under which of its names does a thing that is listed several times take its one place?

Under the name of which most is known: the largest completeness of the rank, then the most clients, then the first id.
The others are *also known as*. Each must be the same as that one by itself, so that a chain of likenesses does not join
what its ends do not have in common. Ranks are not changed: each name keeps its own parts and its own evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

Known: TypeAlias = tuple[float, int]
"""Completeness of the rank, and clients that chose the artifact."""


def heads(same: Iterable[tuple[str, str]], known: Mapping[str, Known]) -> dict[str, str]:
    """Return for each id of the pairs that are the same thing the id under which it is listed.

    `known`: what is known of every id.

    >>> heads([("a", "b"), ("b", "c")], {"a": (0.5, 0), "b": (0.9, 3), "c": (0.9, 1)})
    {'b': 'b', 'a': 'b', 'c': 'b'}
    >>> heads([("a", "b"), ("b", "c")], {"a": (0.9, 3), "b": (0.5, 0), "c": (0.9, 1)})
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
