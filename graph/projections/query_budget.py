"""Budgets of analysts' queries: time, rows and memory that a query may use, and a process that really ends with them.

A query engine asked to stop may go on for a minute (measured: DuckDB 2.0 in `repeat('a', 4000000000)`, 77 s in
spite of its memory limit). So a query runs in a process of its own, which the system kills and whose memory it bounds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import msgspec
import pyarrow as pa

from graph.errors import MatchgraphError, OverBudget, ServerTrouble, WrongUse
from graph.projections.query_result import QueryResult

_BASE_MB: Final = 3072
"""Address space of a process that has the libraries loaded and does nothing; most of it is never touched."""
_BROKEN: Final = 1
_NO_MEMORY: Final = 3
KILLED: Final = 255
"""The code of a process that the system has ended."""
_ERRORS: Final[dict[int, type[MatchgraphError]]] = {2: WrongUse, 4: OverBudget, 5: ServerTrouble}
"""By the code with which a query ends."""
_TRUNCATED: Final = b"truncated"
_SNAPSHOT: Final = b"snapshot"


class Reply(NamedTuple):
    """How a query's process ended: 0 with the encoded rows, else a code with the message."""

    code: int
    content: bytes


class Processes(Protocol):
    """Processes that a server keeps ready for queries (`graph.projections.ready_processes`)."""

    def run(self, module: str, request: dict[str, Any], seconds: float) -> Reply:
        """Have a request answered by `run_request` of a module, within so many seconds."""


@dataclass(frozen=True)
class Budget:
    """What one query may use."""

    seconds: float = 30.0
    """From the start of its process."""
    rows: int = 10_000
    """Further rows are cut off, and the result says so."""
    memory_mb: int = 1024
    """For the query itself, beside the libraries."""
    processes: Processes | None = None
    """Where it runs; None: in a process that is started for it."""


def run_in_process(module: str, request: dict[str, Any], budget: Budget) -> QueryResult:
    """Run a query by the function `run_request` of a module. `request` is JSON-like.

    Raises `OverBudget` when it was stopped, `WrongUse` with the engine's message when it is not a query that can be
    run, and `ServerTrouble` from the engine's server.
    """
    request = {**request, "rows": budget.rows, "memory_mb": budget.memory_mb}
    began = time.monotonic()
    run = run_apart if budget.processes is None else budget.processes.run
    code, content = run(module, request, budget.seconds)
    if code == 0:
        return _decoded(content)
    if code in _ERRORS:
        raise _ERRORS[code](content.decode("utf-8", "replace"))
    if code == KILLED and time.monotonic() - began >= budget.seconds:
        raise OverBudget(f"The query was stopped after {budget.seconds:g} s. Narrow it, or give it more time.")
    if code in (KILLED, _NO_MEMORY):
        raise OverBudget(f"The query was stopped: it needed more than {budget.memory_mb} MB of memory.")
    raise OverBudget(f"The query's process ended with code {code}: {content.decode('utf-8', 'replace')[-500:]}")


def run_apart(module: str, request: dict[str, Any], seconds: float) -> Reply:
    """Have a request answered by `python -m module`, which calls `answer`."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    try:
        done = subprocess.run(  # noqa: S603  # our own interpreter and module; the query goes through stdin
            [sys.executable, "-m", module],
            input=msgspec.json.encode(request),
            capture_output=True,
            timeout=seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Reply(KILLED, b"")
    if done.returncode < 0:
        return Reply(KILLED, b"")
    return Reply(done.returncode, done.stderr.strip() if done.returncode else done.stdout)


def answer(run: Callable[[dict[str, Any]], QueryResult]) -> None:
    """Be the process of `run_apart`: read the request, write the rows or the error, end."""
    code, content = reply_to(run, msgspec.json.decode(sys.stdin.buffer.read()))
    (sys.stderr if code else sys.stdout).buffer.write(content)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # nothing is left to be closed, and engines take their time to


def reply_to(run: Callable[[dict[str, Any]], QueryResult], request: dict[str, Any]) -> Reply:
    """Bound the memory of this process, and answer a request in it."""
    _bound_memory(request["memory_mb"])
    try:
        return Reply(0, _encoded(run(request)))
    except tuple(_ERRORS.values()) as error:
        code = next(code for code, kind in _ERRORS.items() if isinstance(error, kind))
        return Reply(code, str(error).encode("utf-8", "replace"))
    except (MemoryError, pa.ArrowMemoryError):
        return Reply(_NO_MEMORY, b"")
    except Exception as error:  # of an engine, in words of its own
        said = "".join(traceback.format_exception(error))
        return Reply(_NO_MEMORY if "bad_alloc" in said else _BROKEN, said.encode("utf-8", "replace"))


def _bound_memory(memory_mb: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the engine's own stands
        return
    size = (_BASE_MB + memory_mb) << 20
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))


def bound_growth(memory_mb: int) -> None:
    """Bound what this process may take from now on; called by an engine without a limit of its own, once it is loaded.

    The limit on all of the address space leaves room for what libraries reserve, some 2 GB, which a query could use.
    """
    status = Path("/proc/self/status")
    if not status.exists():  # not Linux
        return
    import resource

    data_kb = int(status.read_text("ascii").split("VmData:")[1].split()[0])
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    size = (data_kb << 10) + (memory_mb << 20)
    resource.setrlimit(resource.RLIMIT_DATA, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))


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
