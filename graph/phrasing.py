"""How counts are put into words, in every sentence and on every page: singular, plural, once."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Write a number with its noun.

    >>> counted(1, "client"), counted(1200, "capability", "capabilities")
    ('1 client', '1,200 capabilities')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def times(number: int) -> str:
    """Write how often something happened.

    >>> times(0), times(1), times(1200)
    ('0 times', 'once', '1,200 times')
    """
    return "once" if number == 1 else f"{number:,} times"


def some_of(names: Sequence[str], shown: int, total: int | None = None) -> str:
    """Write the first of some names, and how many more there are; `total` where not all are given.

    >>> some_of(["a", "b"], 3), some_of(["a", "b", "c"], 2, 9)
    ('a and b', 'a, b and 7 more')
    """
    more = (total or len(names)) - shown
    if more > 0:
        return f"{', '.join(names[:shown])} and {more} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else ", ".join(names)
