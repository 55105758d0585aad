"""Do two capabilities whose names differ do different things? A word of one name that the other nowhere says tells so.

"get_weather" and "get_current_weather" are one thing where the first is described as "the current weather";
"add_permission" and "remove_permission" share most of their words and are opposites. Verbs that only ask for something
("get", "list") count as one; what asks for one thing differs from what asks for many of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from queries.text.tokens import stem

ASKING: Final = frozenset({"fetch", "find", "get", "list", "look", "lookup", "read", "retriev", "show", "view"})
"""Stems of verbs by which names ask for something; which of them is a matter of taste."""

_PLURAL = re.compile(r"[a-z]{2,}[^siu]s")
"""The plural of English nouns, not "class", "analysis" or "status"."""


@dataclass(frozen=True)
class Said:
    """What is said of one capability."""

    name: Sequence[str]
    """Stems of the words of its name."""
    many: bool | None
    """`asks_for_many` of its name."""
    description: frozenset[str]
    """Stems of the words of its description."""


def differ(a: Said, b: Said) -> bool:
    """Say whether a word of one name is neither in the other's name nor in its description, or the number differs.

    >>> differ(Said(["add", "user"], None, frozenset()), Said(["delet", "user"], None, frozenset()))
    True
    """
    if a.many is not None and b.many is not None and a.many != b.many:
        return True
    names = _plain(a.name), _plain(b.name)
    return not (names[0] - names[1] <= b.description and names[1] - names[0] <= a.description)


def _plain(name: Sequence[str]) -> frozenset[str]:
    """Return the words of a name, verbs that ask as one of them."""
    return frozenset("get" if word in ASKING else word for word in name)


def asks_for_many(name: list[str]) -> bool | None:
    """Say whether the words of a name ask for several things or for one; None if they do not ask.

    >>> asks_for_many(["list", "users"]), asks_for_many(["get", "user"]), asks_for_many(["delete", "users"])
    (True, False, None)
    """
    if ASKING.isdisjoint(stem(name)):
        return None
    return any(_PLURAL.fullmatch(word) for word in name)
