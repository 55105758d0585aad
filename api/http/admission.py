"""Who may wait for a place: nobody for whom the wait would be longer than is useful.

Without it a server that is asked more than it can do makes everybody wait until nobody gets an answer in time. Told
to come again at once, a client can go elsewhere, and the answers that are given stay quick.
"""

from __future__ import annotations

from math import ceil
from typing import Final

from api.http.problems import Problem

_NEWEST: Final = 0.1
"""Share of the newest piece of work in the mean time that one takes."""


class Admission:
    """Reckons a wait from how long work took lately. For one thread: the event loop's."""

    def __init__(self, seconds: float) -> None:
        """`seconds`: the longest wait."""
        self._seconds = seconds
        self._each = 0.0

    def check(self, before: int, places: int) -> None:
        """Raise `Problem` (overloaded) if a place is too long to wait for: so many wait or are at work before."""
        wait = before * self._each / places
        if wait > self._seconds:
            detail = f"An answer would wait {wait:.1f} seconds for its turn, longer than {self._seconds:g}."
            raise Problem("overloaded", detail, headers={"Retry-After": str(ceil(wait))})

    def took(self, seconds: float, pieces: int = 1) -> None:
        """Note that a place was busy for so long with so many pieces of work."""
        self._each += _NEWEST * (seconds / pieces - self._each)
