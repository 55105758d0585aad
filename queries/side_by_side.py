"""Work on the other processors, for what is large enough to be worth starting processes.

New processes instead of forked ones: Arrow has threads, which a fork leaves behind half alive. Where none can be
started (a script without `if __name__ == "__main__"`), or there is one processor, this process does the work alone; the
results are the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from typing import Any, Final, TypeVar

T = TypeVar("T")

_SHARED: Final[dict[str, Any]] = {}
"""What `in_order` gave this process when it started."""


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


def later(work: Callable[..., T], *arguments: Any, processes: int) -> Callable[[], T]:
    """Begin work in another process and return what waits for its result; with one process, what does it then."""
    alone = partial(work, *arguments)
    if processes == 1:
        return alone
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    begun = pool.submit(work, *arguments)

    def result() -> T:
        try:
            with pool:
                return begun.result()
        except BrokenProcessPool:
            return alone()

    return result


def in_order(
    work: Callable[..., T], parts: Sequence[tuple[Any, ...]], shared: tuple[Any, ...], *, processes: int
) -> Iterator[T]:
    """Yield `work(*shared, *part)` for every part, in order; each process gets what is shared once."""
    done = 0
    if processes > 1 and len(parts) > 1:
        try:
            with ProcessPoolExecutor(
                processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(work, shared)
            ) as pool:
                for found in pool.map(_work, parts):
                    yield found
                    done += 1
        except BrokenProcessPool:
            pass
    yield from (work(*shared, *part) for part in parts[done:])


def _begin(work: Callable[..., Any], shared: tuple[Any, ...]) -> None:
    _SHARED["work"] = partial(work, *shared)


def _work(part: tuple[Any, ...]) -> Any:
    return _SHARED["work"](*part)
