"""How the server bears load: searches, events, the exchange of a snapshot, and death in the middle of it.

    python -m bench.serving [--capabilities N] [--seconds S] [--kills N] [--home DIR] [searches events exchange kills]

The load generator runs beside the server on the same machine. Requests per second are told as ratios to a bare
FastAPI echo that is loaded in the same way in the same run: that holds on any machine.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import quote

import numpy as np

from api.access.keys import create_key
from api.feedback.importing import import_spools
from bench.load import Load, get, post, run_load
from bench.search_speed import catalogue, past_searches, texts, vocabulary
from graph.home import Home
from graph.ledger import Ledger
from graph.snapshot import current_id, list_snapshots, publish, put_in_force
from graph.snapshot_schemas import SNAPSHOT_TABLES
from queries.retrieval.build_index import build_text_index
from tests.api.http.serving import Server, serving, start_server

NOW_US = 1_793_491_200_000_000
DAY_US = 86_400_000_000
QUERIES = 50_000
"""More than a server answers in a run: answers are remembered."""
REPEATED = 5_000
"""So many of them where queries repeat."""
CONNECTIONS = 32
PROCESSES = 2
WARM_UP_SECONDS = 2
TURNS = 5
START_SECONDS = 60
ECHO = """
import sys, socket, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.get("/echo")
async def echo(q: str) -> dict[str, str]:
    return {"q": q}
listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print(listening.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, loop="asyncio", http="h11")).run([listening])
"""


@contextmanager
def echo_server() -> Iterator[tuple[int, int]]:
    """Run the bare echo; yields its port and its process."""
    process = subprocess.Popen([sys.executable, "-c", ECHO], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline()), process.pid
    finally:
        process.terminate()
        process.wait()


def searches(home: Home, queries: list[str], seconds: float) -> None:
    """Search against echo: every query another one, and queries that repeat as those of people do.

    In turn for a second or two each, so that a machine whose speed changes meanwhile is the same for all.
    """
    chance = random.Random(26)
    repeated = chance.choices(queries[:REPEATED], [1 / (rank + 1) for rank in range(REPEATED)], k=100_000)
    with (
        echo_server() as (echo, process),
        serving(home.path, search_processes=PROCESSES) as differing,
        serving(home.path, search_processes=PROCESSES) as repeating,
    ):
        run_load(echo, lambda _: get("/echo?q=a"), connections=4, seconds=WARM_UP_SECONDS)
        warm_up(differing)
        warm_up(repeating)
        asked = {
            "echo": (echo, process, echoing(queries)),
            "search, all queries differ": (differing.port, differing.process.pid, searching(queries)),
            "search, queries repeat": (repeating.port, repeating.process.pid, searching(repeated)),
        }
        loads, used = {name: Load() for name in asked}, dict.fromkeys(asked, 0.0)
        for _ in range(TURNS):
            for name, (port, pid, request) in asked.items():
                before = cpu_seconds(pid)
                loads[name] += run_load(port, request, connections=CONNECTIONS, seconds=seconds / TURNS)
                used[name] += cpu_seconds(pid) - before
    for name, load in loads.items():
        share = load.per_second / loads["echo"].per_second
        say(f"{name:26s} {_rate(load, used[name])}   {share:.0%} of the echo, {load.failures} failures")


def warm_up(server: Server) -> None:
    """Wait until the server's processes search; it answers before, but not as it will."""
    end = time.monotonic() + START_SECONDS
    while f"matchgraph_search_processes_ready {PROCESSES}.0" not in server.client().get("/metrics").text:
        assert time.monotonic() < end, "the search processes did not start"
        time.sleep(0.1)
    run_load(server.port, lambda n: get(f"/v1/search?q=warm%20up%20{n}"), connections=4, seconds=WARM_UP_SECONDS)


def searching(queries: list[str]) -> Callable[[int], bytes]:
    """Return the requests that ask these queries in turn, and go on where the last run ended."""
    numbers = count()
    return lambda _: get(f"/v1/search?q={quote(queries[next(numbers) % len(queries)])}")


def echoing(queries: list[str]) -> Callable[[int], bytes]:
    """Return the same requests to the echo."""
    return lambda n: get(f"/echo?q={quote(queries[n % len(queries)])}")


def _rate(load: Load, cpu: float) -> str:
    times = f"p50 {load.percentile(0.5):6.1f} ms   p99 {load.percentile(0.99):6.1f} ms"
    return f"{load.per_second:8.0f} requests/s   {times}   CPU {1000 * cpu / len(load.latencies):5.2f} ms each"


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process and those it started have used; of Linux."""
    found = {int(path.name): _ticks(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    counted, ticks = [pid], 0
    while counted:
        one = counted.pop()
        ticks += found[one][1]
        counted += [other for other, (parent, _) in found.items() if parent == one]
    return ticks / os.sysconf("SC_CLK_TCK")


def _ticks(process: Path) -> tuple[int, int]:
    """Return the parent of a process and its clock ticks, (-1, 0) if it is gone."""
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return -1, 0
    return int(fields[1]), int(fields[11]) + int(fields[12])


def events(home: Home, seconds: float) -> None:
    """Events in batches of 100, each acknowledged when it is on the disk."""
    key, _ = create_key(home, "bench", ["feedback"], now_us=NOW_US)
    with serving(home.path) as server:
        load = run_load(server.port, lambda n: batch(key, n * 100, 100), connections=8, seconds=seconds, expect=202)
    say(f"events  {100 * load.per_second:8.0f} events/s acknowledged durable, {load.failures} failures")


def batch(key: str, first: int, size: int) -> bytes:
    told = [
        {"event_id": f"e{number}", "application": "bench", "query_id": f"s{number}", "artifact_id": "a1",
         "action": "click", "timestamp": "2026-10-31T12:00:00Z", "actor": "human", "client_id": f"c{number % 1000}"}
        for number in range(first, first + size)
    ]  # fmt: skip
    return post("/v1/observations", json.dumps({"events": told}).encode(), f"X-API-Key: {key}\r\n")


def exchange(home: Home, queries: list[str], seconds: float) -> None:
    """Put another snapshot in force under load."""
    old, new = sorted(manifest.snapshot_id for manifest in list_snapshots(home))
    put_in_force(home, old)
    with serving(home.path, search_processes=PROCESSES) as server:
        warm_up(server)
        swap_at = seconds / 2
        threading.Timer(swap_at, put_in_force, (home, new)).start()
        load = run_load(server.port, searching(queries), connections=CONNECTIONS, seconds=seconds)
        serving_now = server.client().get("/readyz").json["snapshot_id"]
    before = load.percentile(0.99, until=swap_at)
    during, after = load.percentile(0.99, swap_at, swap_at + 2), load.percentile(0.99, since=swap_at + 2)
    say(f"swap    p99 {before:.0f} ms before, {during:.0f} ms in the two seconds after it, {after:.0f} ms then; "
        f"{load.failures} failures; the new one serves: {serving_now == new}")  # fmt: skip


def kills(home: Home, times: int) -> None:
    """Kill the server with SIGKILL under load; every acknowledged event must be in the ledger once."""
    key, _ = create_key(home, "bench", ["feedback"], now_us=NOW_US)
    numbers, acknowledged = count(), list[str]()
    for _ in range(times):
        server = start_server(home.path, import_seconds=0.5)
        stop = threading.Event()

        def send(port: int = server.port, stop: threading.Event = stop) -> None:
            from tests.api.http.serving import Client

            while not stop.is_set():
                first = 1_000_000 + 20 * next(numbers)
                body = batch(key, first, 20).split(b"\r\n\r\n", 1)[1]
                try:
                    reply = Client(port).post("/v1/observations", body, {"X-API-Key": key})
                except Exception:
                    return
                if reply.status == 202:
                    acknowledged.extend(f"s{number}" for number in range(first, first + 20))

        senders = [threading.Thread(target=send) for _ in range(4)]
        for sender in senders:
            sender.start()
        time.sleep(1 + random.random())
        server.stop(signal.SIGKILL)
        stop.set()
        for sender in senders:
            sender.join()
    import_spools(home, now_us=NOW_US)
    rows = Ledger.open(home).arrow("events", ["search_id", "application"]).to_pylist()
    found = [row["search_id"] for row in rows if row["application"] == "bench"]
    lost, twice = len(set(acknowledged) - set(found)), len(found) - len(set(found))
    say(f"kill -9 {times} times: {len(acknowledged):,} events acknowledged, {lost} lost, {twice} twice")


def say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--capabilities", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--home", type=Path, help="where the catalogue is kept for further runs")
    parser.add_argument("what", nargs="*", help=f"of {', '.join(PARTS)}; by default all")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.home or Path(temporary)
        home, queries = prepared(folder / "home", asked.capabilities)
        say(f"{asked.capabilities:,} capabilities, {CONNECTIONS} connections")
        for name in asked.what or PARTS:
            PARTS[name](home, queries, asked)


def prepared(path: Path, count: int) -> tuple[Home, list[str]]:
    """Return a home with two snapshots of a catalogue and a log, made unless they are there, and queries for it.

    Texts as in `bench.search_speed`; an intent for every five capabilities; queries of one to nine words.
    """
    chance = np.random.default_rng(26)
    words = vocabulary(chance)
    queries = list(dict.fromkeys(texts(chance, words, QUERIES, 4)))
    home = Home(path)
    if current_id(home) is None:
        artifacts, capabilities = catalogue(chance, words, count)
        edges, intents = past_searches(chance, words, count // 5, capabilities)
        given = {"artifacts": artifacts, "capabilities": capabilities, "edges": edges, "intents": intents}
        tables = {name: given.get(name, schema.empty_table()) for name, schema in SNAPSHOT_TABLES.items()}
        for now_us in (NOW_US, NOW_US + DAY_US):
            publish(
                home, tables, now_us=now_us, parameters={}, ledger_versions={}, code_version="bench",
                published_at=datetime.fromtimestamp(now_us / 1e6, UTC),
                add_files=lambda folder: build_text_index(folder / "text", artifacts, capabilities, edges, intents),
            )  # fmt: skip
    return home, queries


PARTS: dict[str, Callable[[Home, list[str], argparse.Namespace], None]] = {
    "searches": lambda home, queries, asked: searches(home, queries, asked.seconds),
    "events": lambda home, _, asked: events(home, asked.seconds),
    "exchange": lambda home, queries, asked: exchange(home, queries, asked.seconds),
    "kills": lambda home, _, asked: kills(home, asked.kills),
}


if __name__ == "__main__":
    main()
