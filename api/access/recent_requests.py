"""Idempotency keys: which were used for what, for a day and for the latest hundred thousand.

Only conflicts are found here. That a repeated request counts once does not rest on it: the ids of its events do that.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

MAX_KEPT: Final = 100_000
KEPT_SECONDS: Final = 86_400


class KeyReused(ValueError):
    """An idempotency key was used for a different request."""


class RecentRequests:
    """Remembers keys with the content they were used for."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def check(self, key: str, content: str, now: float) -> None:
        """Raise `KeyReused` if the key was used for other content. `now`: seconds of a clock that never goes back."""
        known = self._kept.get(key)
        if known is not None and now - known[1] < KEPT_SECONDS:
            if known[0] != content:
                raise KeyReused(key)
            return
        self._kept[key] = (content, now)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
