"""Inner loops as machine code. Starting the compiler takes half a second, so the first large search does it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=16)
def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of arrays and numbers as machine code, during which other threads run.

    The code is kept beside the program or in the user's cache; where neither can be written, until the process ends.
    """
    from numba import njit

    try:
        made: Callable[..., Any] = njit(nogil=True, cache=True)(function)
    except RuntimeError:  # nowhere to keep it
        made = njit(nogil=True)(function)
    return made
