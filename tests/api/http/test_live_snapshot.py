"""A missing or damaged snapshot is a 503 that says what to do; a new one is put to use without a pause."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from graph.home import Home
from graph.snapshot import current_id
from queries.recompute import recompute
from tests.api.http.serving import Client, serving


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_an_empty_home_is_a_503_until_there_is_a_snapshot(own_home: Path) -> None:
    current = own_home / "snapshots" / "CURRENT"
    name = current.read_bytes()
    current.unlink()
    with serving(own_home, search_processes=1) as server:
        client = server.client()
        reply = client.get("/v1/search", q="a")
        assert (reply.status, reply.json["code"]) == (503, "no-snapshot")
        assert "matchgraph recompute" in reply.json["detail"]
        assert client.get("/readyz").status == 503
        assert client.get("/livez").status == 200
        current.write_bytes(name)
        wait_until(lambda: client.get("/readyz").status == 200)
        assert client.get("/v1/search", q="a").status == 200


def test_a_damaged_snapshot_is_a_503_and_the_server_stays_up(own_home: Path) -> None:
    home = Home(own_home)
    folder = home.snapshots_path / (current_id(home) or "")
    (folder / "lookup.sqlite").write_bytes(b"no database at all" * 100)
    with serving(own_home) as server:
        client = server.client()
        reply = client.get("/v1/artifacts/flux-1-pro")
        assert (reply.status, reply.json["code"]) == (503, "snapshot-damaged")
        assert "matchgraph recompute" in reply.json["detail"]
        assert client.get("/livez").status == 200


def test_a_damaged_new_snapshot_leaves_the_old_one_answering(own_home: Path) -> None:
    with serving(own_home) as server:
        client = server.client()
        (own_home / "snapshots" / "broken").mkdir()
        (own_home / "snapshots" / "broken" / "manifest.json").write_text("{")
        (own_home / "snapshots" / "CURRENT").write_text("broken\n")
        wait_until(lambda: client.get("/readyz").json["status"] == "degraded")
        assert client.get("/v1/search", q="segment street scenes").status == 200


def test_a_new_snapshot_is_put_to_use_without_a_failed_request(own_home: Path) -> None:
    with serving(own_home) as server:
        old = server.client().get("/readyz").json["snapshot_id"]
        seen: list[tuple[int, str]] = []
        stop = threading.Event()

        def ask(client: Client) -> None:
            while not stop.is_set():
                reply = client.get("/v1/search", q="segment street scenes")
                seen.append((reply.status, reply.json.get("snapshot_id", "")))

        askers = [threading.Thread(target=ask, args=(server.client(),)) for _ in range(4)]
        for asker in askers:
            asker.start()
        new = recompute(Home(own_home), now_us=1_793_491_200_000_000 + 86_400_000_000).id
        wait_until(lambda: bool(seen) and seen[-1][1] == new)
        stop.set()
        for asker in askers:
            asker.join()
    assert {status for status, _ in seen} == {200}
    assert {name for _, name in seen} == {old, new}
