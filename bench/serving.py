"""How the server bears load: searches, events, the exchange of a snapshot, and death in the middle of it.

    python -m bench.serving [--artifacts N] [--seconds S] [--kills N] [--home DIR] [searches events exchange kills]

The load generator runs beside the server on the same machine. Requests per second are told as ratios to a bare
FastAPI echo that is loaded in the same way in the same run: that holds on any machine.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, product
from pathlib import Path
from urllib.parse import quote

from api.access.keys import create_key
from api.feedback.importing import import_spools
from bench.load import Load, get, post, run_load
from graph.home import Home
from graph.ledger import Ledger
from graph.snapshot import current_id, put_in_force
from ingest.load import ingest_paths
from queries.recompute import recompute
from tests.api.http.serving import serving, start_server

NOW_US = 1_793_491_200_000_000
CAPABILITIES = 5
CONNECTIONS = 32
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


def write_catalogue(folder: Path, artifacts: int, chance: random.Random) -> list[str]:
    """Write artifacts with five capabilities each, of words with the frequencies of a language; return queries."""
    syllables = ("se ma tor vi ku lan pre dis", "gra men ti lo ver sho ple cu ban ri", "ne x ta ing or")
    words = ["".join(parts) for parts in product(*(each.split() for each in syllables))]
    weights = [1 / (place + 5) for place in range(len(words))]

    def text(length: int) -> str:
        return " ".join(chance.choices(words, weights, k=length))

    with (folder / "artifacts.jsonl").open("w") as out, (folder / "capabilities.jsonl").open("w") as more:
        for number in range(artifacts):
            row = {"id": f"a{number}", "name": f"{text(2)} {number}", "type": "model", "description": text(25)}
            out.write(json.dumps(row) + "\n")
            for place in range(CAPABILITIES):
                found = {
                    "id": f"a{number}/c{place}",
                    "artifact_id": f"a{number}",
                    "name": text(3),
                    "description": text(20),
                }
                more.write(json.dumps(found) + "\n")
    return [text(chance.choice((2, 3, 4, 5))) for _ in range(5_000)]


@contextmanager
def echo_server() -> Iterator[int]:
    """Run the bare echo; yields its port."""
    process = subprocess.Popen([sys.executable, "-c", ECHO], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def searches(home: Home, queries: list[str], seconds: float) -> None:
    """Search against echo: every query another one, and queries that repeat as those of people do."""
    chance = random.Random(26)
    repeated = chance.choices(queries, [1 / (rank + 1) for rank in range(len(queries))], k=100_000)
    with echo_server() as echo:
        run_load(echo, lambda _: get("/echo?q=a"), connections=4, seconds=2)
        echoed = run_load(echo, lambda n: get(f"/echo?q={quote(queries[n % len(queries)])}"),
                          connections=CONNECTIONS, seconds=seconds)  # fmt: skip
    say(f"echo                      {_rate(echoed)}")
    for name, asked in (("all queries differ", queries), ("queries repeat", repeated)):
        with serving(home.path) as server:
            run_load(server.port, lambda n: get(f"/v1/search?q=warm%20up%20{n}"), connections=4, seconds=2)
            found = run_load(server.port, searching(asked), connections=CONNECTIONS, seconds=seconds)
        share = found.per_second / echoed.per_second
        say(f"search {name:18s} {_rate(found)}   {share:.0%} of the echo, {found.failures} failures")


def searching(queries: list[str]) -> Callable[[int], bytes]:
    """Return the requests that ask these queries in turn."""
    return lambda n: get(f"/v1/search?q={quote(queries[n % len(queries)])}")


def _rate(load: Load) -> str:
    times = f"p50 {load.percentile(0.5):6.1f} ms   p99 {load.percentile(0.99):6.1f} ms"
    return f"{load.per_second:8.0f} requests/s   {times}"


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
    old = current_id(home) or ""
    new = recompute(home, now_us=NOW_US + 86_400_000_000).id
    put_in_force(home, old)
    with serving(home.path) as server:
        swap_at = seconds / 2
        threading.Timer(swap_at, put_in_force, (home, new)).start()
        load: Load = run_load(server.port, lambda n: get(f"/v1/search?q={quote(queries[n % len(queries)])}"),
                              connections=CONNECTIONS, seconds=seconds)  # fmt: skip
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
    parser.add_argument("--artifacts", type=int, default=20_000, help="with five capabilities each")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--home", type=Path, help="where the catalogue is kept for further runs")
    parser.add_argument("what", nargs="*", help=f"of {', '.join(PARTS)}; by default all")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.home or Path(temporary)
        home, queries = prepared(folder, asked.artifacts)
        say(f"{CAPABILITIES * asked.artifacts:,} capabilities, {CONNECTIONS} connections")
        for name in asked.what or PARTS:
            PARTS[name](home, queries, asked)


def prepared(folder: Path, artifacts: int) -> tuple[Home, list[str]]:
    """Return a home with the catalogue and a snapshot, and queries; made unless the folder has them."""
    home = Home(folder / "home")
    folder.mkdir(exist_ok=True, parents=True)
    queries = write_catalogue(folder, artifacts, random.Random(26))
    if current_id(home) is None:
        ingest_paths(home, sorted(folder.glob("*.jsonl")), now_us=NOW_US)
        recompute(home, now_us=NOW_US)
    return home, queries


PARTS: dict[str, Callable[[Home, list[str], argparse.Namespace], None]] = {
    "searches": lambda home, queries, asked: searches(home, queries, asked.seconds),
    "events": lambda home, _, asked: events(home, asked.seconds),
    "exchange": lambda home, queries, asked: exchange(home, queries, asked.seconds),
    "kills": lambda home, _, asked: kills(home, asked.kills),
}


if __name__ == "__main__":
    main()
