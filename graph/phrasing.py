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


def with_id(name: str, own_id: str) -> str:
    """Write a name with its id, once.

    >>> with_id("Beam", "acme/beam"), with_id("Beam (acme/beam)", "acme/beam")
    ('Beam (acme/beam)', 'Beam (acme/beam)')
    """
    behind = f" ({own_id})"
    return name if name.endswith(behind) else name + behind


def told_apart(a: tuple[str, str], b: tuple[str, str]) -> tuple[str, str]:
    """Return the names of two things, given with their ids; where both bear one name, each with its id behind it.

    >>> told_apart(("Beam", "acme/beam"), ("beam", "zed/beam"))
    ('Beam (acme/beam)', 'beam (zed/beam)')
    """
    if a[0].casefold() != b[0].casefold():
        return a[0], b[0]
    return with_id(*a), with_id(*b)


def some_of(names: Sequence[str], shown: int, total: int | None = None) -> str:
    """Write the first of some names, and how many more there are; `total` where not all are given.

    >>> some_of(["a", "b"], 3), some_of(["a", "b", "c"], 2, 9)
    ('a and b', 'a, b and 7 more')
    """
    more = (total or len(names)) - shown
    if more > 0:
        return f"{', '.join(names[:shown])} and {more} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else ", ".join(names)
