"""Inner loops as machine code. Starting the compiler takes half a second, so the first large search does it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any, Final
from zlib import crc32

import numpy as np

_OURS: Final = __name__.partition(".")[0] + "."
"""How the names of modules begin whose functions become machine code where another one calls them."""


@lru_cache(maxsize=64)
def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of arrays and numbers as machine code, during which other threads run.

    So become the functions of this program that it calls. The code is kept beside the program or in the user's
    cache; where neither can be written, until the process ends.
    """
    from numba import njit

    itself = _with_called(function)
    try:
        made: Callable[..., Any] = njit(nogil=True, cache=True)(itself)
    except RuntimeError:  # nowhere to keep it
        made = njit(nogil=True)(itself)
    return made


def _with_called(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that calls machine code where it called functions of this program.

    What is kept goes by its name, which therefore tells what they are: the compiler looks at the caller's file only.
    """
    called = _called(function)
    if not called or not isinstance(function, FunctionType):
        return function
    known = {**function.__globals__, **{name: _part(other) for name, other in called.items()}}
    made = FunctionType(function.__code__, known, function.__name__, function.__defaults__, function.__closure__)
    made.__qualname__ = f"{function.__qualname__}_{crc32(repr(_told(function)).encode()):08x}"
    return made


@lru_cache(maxsize=64)
def _part(function: FunctionType) -> Callable[..., Any]:
    """Return a function as machine code that only machine code calls, which saves an eighth of the compiler's work."""
    from numba import njit

    options: dict[str, Any] = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    made: Callable[..., Any] = njit(**options)(_with_called(function))
    return made


def _called(function: Callable[..., Any]) -> dict[str, FunctionType]:
    """Return the functions of this program that a function calls by name."""
    if not isinstance(function, FunctionType):
        return {}
    module = function.__globals__
    named = {name: module[name] for name in function.__code__.co_names if name in module}
    return {
        name: other
        for name, other in named.items()
        if isinstance(other, FunctionType) and other is not function and other.__module__.startswith(_OURS)
    }


def _told(function: FunctionType) -> list[Any]:
    """Return what tells a function, and those that it calls, from others: code, and the constants that it reads."""
    code, module = function.__code__, function.__globals__
    read = [module[name] for name in code.co_names if isinstance(module.get(name), (int, float, np.generic))]
    itself = [code.co_code, code.co_names, [each for each in code.co_consts if not isinstance(each, CodeType)], read]
    return [itself, *map(_told, _called(function).values())]
