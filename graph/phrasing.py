"""How counts are put into words, in every sentence and on every page: singular, plural, once."""

from __future__ import annotations


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
