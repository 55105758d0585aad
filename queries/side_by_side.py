"""Work on the other processors, for what is large enough to be worth starting processes.

New processes instead of forked ones: Arrow has threads, which a fork leaves behind half alive. Where none can be
started (a script without `if __name__ == "__main__"`), or there is one processor, this process does the work alone; the
results are the same.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar

T = TypeVar("T")

_SHARED: Final[dict[str, Any]] = {}
"""What `in_order` gave this process when it started."""


def processors() -> int:
    """Return how many processors this process may use; where the system does not tell, how many there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
    """Yield `work(*shared, *part)` for every part, in order; each process reads what is shared once."""
    done = 0
    if processes > 1 and len(parts) > 1:
        try:
            for found in _of_others(work, parts, shared, processes):
                yield found
                done += 1
        except BrokenProcessPool:
            pass
    yield from (work(*shared, *part) for part in parts[done:])


def _of_others(
    work: Callable[..., T], parts: Sequence[tuple[Any, ...]], shared: tuple[Any, ...], processes: int
) -> Iterator[T]:
    """Yield the results of other processes. What is shared goes by a file: who waits to hand it on, waits for ever."""
    context = get_context("spawn")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shared"
        path.write_bytes(pickle.dumps((work, shared)))
        with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(path,)) as pool:
            yield from pool.map(_work, parts)


def _begin(path: Path) -> None:
    work, shared = pickle.loads(path.read_bytes())  # noqa: S301  # written by the process that began this one
    _SHARED["work"] = partial(work, *shared)


def _work(part: tuple[Any, ...]) -> Any:
    return _SHARED["work"](*part)
