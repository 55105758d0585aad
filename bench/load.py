"""A load generator for HTTP: connections that each send the next request when the last was answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count


@dataclass
class Load:
    """What a run of the generator saw."""

    seconds: float = 0.0
    latencies: list[tuple[float, float]] = field(default_factory=list)
    """(when, how long) of each answer, in seconds from the start."""
    failures: int = 0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float, since: float = 0.0, until: float = float("inf")) -> float:
        """The latency that a share of the answers did not exceed, in ms."""
        found = sorted(took for when, took in self.latencies if since <= when < until)
        return 1000 * found[min(len(found) - 1, int(share * len(found)))] if found else float("nan")


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nUser-Agent: bench\r\n\r\n".encode()


def post(path: str, body: bytes, headers: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{headers}\r\n".encode() + body


def run_load(
    port: int, request: Callable[[int], bytes], *, connections: int, seconds: float, expect: int = 200
) -> Load:
    """Send `request(0)`, `request(1)`, ... for some seconds."""
    return asyncio.run(_run(port, request, connections, seconds, expect))


async def _run(port: int, request: Callable[[int], bytes], connections: int, seconds: float, expect: int) -> Load:
    load, numbers, began = Load(), count(), time.perf_counter()
    end = began + seconds
    await asyncio.gather(*(_connection(port, request, numbers, load, began, end, expect) for _ in range(connections)))
    load.seconds = time.perf_counter() - began
    return load


async def _connection(
    port: int,
    request: Callable[[int], bytes],
    numbers: Iterator[int],
    load: Load,
    began: float,
    end: float,
    expect: int,
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (sent := time.perf_counter()) < end:
        writer.write(request(next(numbers)))
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(length)
        except (OSError, asyncio.IncompleteReadError):
            load.failures += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        load.failures += int(head[9:12]) != expect
        load.latencies.append((sent - began, time.perf_counter() - sent))
    writer.close()
