"""What a step of a measurement costs, and how it is said: a line of JSON for each."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def timed(run: Callable[[], Any], server_pid: int | None = None) -> tuple[dict[str, float], Any]:
    """Run something; return its `seconds` by the clock and in `cpu` with those of a server, and its result."""
    began, cpu = time.perf_counter(), time.process_time() + cpu_of(server_pid)
    result = run()
    used = time.process_time() + cpu_of(server_pid) - cpu
    return {"seconds": round(time.perf_counter() - began, 3), "cpu": round(used, 3)}, result


def cpu_of(pid: int | None) -> float:
    """CPU seconds that another process has used (Linux)."""
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def say(**figures: Any) -> None:
    """Print figures as one line."""
    print(json.dumps(figures), flush=True)
