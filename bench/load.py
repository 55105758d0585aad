"""A load generator for HTTP: connections that each send the next request when the last was answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import cast


@dataclass
class Load:
    """What a run of the generator saw."""

    seconds: float = 0.0
    latencies: list[tuple[float, float]] = field(default_factory=list)
    """(when, how long) of each answer, in seconds from the start."""
    failures: int = 0

    def __add__(self, more: Load) -> Load:
        return Load(self.seconds + more.seconds, self.latencies + more.latencies, self.failures + more.failures)

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
    load, numbers = Load(), count()
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    connection = partial(_Connection, lambda: request(next(numbers)), load, began, began + seconds, expect)
    opened = [await loop.create_connection(connection, "127.0.0.1", port) for _ in range(connections)]
    await asyncio.gather(*(asking.ended for _, asking in opened))
    load.seconds = time.perf_counter() - began
    return load


class _Connection(asyncio.Protocol):
    """One connection. It takes little time of its own: the server is measured beside it."""

    def __init__(self, request: Callable[[], bytes], load: Load, began: float, end: float, expect: int) -> None:
        self._request = request
        self._load = load
        self._began = began
        self._end = end
        self._expect = b"%d" % expect
        self._received = b""
        self._length = 0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def _ask(self) -> None:
        self._received, self._length = b"", 0
        self._sent = time.perf_counter()
        self._transport.write(self._request())

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._length:
            head, complete, _ = self._received.partition(b"\r\n\r\n")
            if not complete:
                return
            lines = head.lower().split(b"\r\n")
            self._length = len(head) + 4 + next(int(each[15:]) for each in lines if each.startswith(b"content-length:"))
        if len(self._received) < self._length:
            return
        now = time.perf_counter()
        self._load.failures += self._received[9:12] != self._expect
        self._load.latencies.append((self._sent - self._began, now - self._sent))
        if now < self._end:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._load.failures += time.perf_counter() < self._end
        if not self.ended.done():
            self.ended.set_result(None)
