"""Budgets of analysts' queries: time, rows and memory that a query may use, and a process that really ends with them.

A query engine asked to stop may go on for a minute (measured: DuckDB 2.0 in `repeat('a', 4000000000)`, 77 s in
spite of its memory limit). So a query runs in a process of its own, which the system kills and whose memory it bounds.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import pyarrow as pa

from graph.errors import MatchgraphError, OverBudget, ServerTrouble, WrongUse
from graph.projections.query_result import QueryResult

_BASE_MB: Final = 3072
"""Address space of a process that has the libraries loaded and does nothing; most of it is never touched."""
_NO_MEMORY: Final = 3
_ERRORS: Final[dict[int, type[MatchgraphError]]] = {2: WrongUse, 4: OverBudget, 5: ServerTrouble}
"""By the code with which the process ends; the message is on its stderr."""
_TRUNCATED: Final = b"truncated"
_SNAPSHOT: Final = b"snapshot"


@dataclass(frozen=True)
class Budget:
    """What one query may use."""

    seconds: float = 30.0
    """From the start of its process."""
    rows: int = 10_000
    """Further rows are cut off, and the result says so."""
    memory_mb: int = 1024
    """For the query itself, beside the libraries."""


def run_in_process(module: str, request: dict[str, Any], budget: Budget) -> QueryResult:
    """Run a query by `python -m module`, whose `main` calls `answer`. `request` is JSON-like.

    Raises `OverBudget` when it was stopped, `WrongUse` with the engine's message when it is not a query that can be
    run, and `ServerTrouble` from the engine's server.
    """
    message = msgspec.json.encode({**request, "rows": budget.rows, "memory_mb": budget.memory_mb})
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and module; the query goes through stdin
            [sys.executable, "-m", module],
            input=message,
            capture_output=True,
            timeout=budget.seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise OverBudget(
            f"The query was stopped after {budget.seconds:g} s. Narrow it, or give it more time."
        ) from error
    if done.returncode == 0:
        return _decoded(done.stdout)
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode in _ERRORS:
        raise _ERRORS[done.returncode](said)
    if done.returncode == _NO_MEMORY or done.returncode < 0 or "MemoryError" in said or "bad_alloc" in said:
        raise OverBudget(f"The query was stopped: it needed more than {budget.memory_mb} MB of memory.")
    raise OverBudget(f"The query's process ended with code {done.returncode}: {said[-500:]}")


def answer(run: Callable[[dict[str, Any]], QueryResult]) -> None:
    """Be the process of `run_in_process`: bound the memory, read the request, write the result or the error, end."""
    request = msgspec.json.decode(sys.stdin.buffer.read())
    _bound_memory(request["memory_mb"])
    try:
        encoded = _encoded(run(request))
        code = 0
    except tuple(_ERRORS.values()) as error:
        print(error, file=sys.stderr)  # noqa: T201  # the channel of errors
        encoded, code = b"", next(code for code, kind in _ERRORS.items() if isinstance(error, kind))
    except (MemoryError, pa.ArrowMemoryError):
        encoded, code = b"", _NO_MEMORY
    sys.stdout.buffer.write(encoded)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # nothing is left to be closed, and engines take their time to


def _bound_memory(memory_mb: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the engine's own stands
        return
    size = (_BASE_MB + memory_mb) << 20
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))


def _encoded(result: QueryResult) -> bytes:
    said = {_TRUNCATED: b"1" if result.truncated else b"", _SNAPSHOT: (result.snapshot_id or "").encode()}
    table = result.arrow.replace_schema_metadata(said)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _decoded(encoded: bytes) -> QueryResult:
    table = pa.ipc.open_stream(encoded).read_all()
    said = table.schema.metadata or {}
    return QueryResult(
        table.replace_schema_metadata(None),
        truncated=bool(said.get(_TRUNCATED)),
        snapshot_id=said.get(_SNAPSHOT, b"").decode() or None,
    )
