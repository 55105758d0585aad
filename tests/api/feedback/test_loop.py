"""What happens back changes the graph: served searches and events reach the ledger once, whatever dies between."""

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from api.access.keys import create_key
from api.feedback.importing import import_spools
from api.feedback.spool import spool_path
from graph.home import Home
from graph.ledger import Ledger
from ingest.border.personal_data import Pseudonyms
from queries.recompute import recompute
from tests.api.http.serving import Client, Server, serving, start_server

NEED = "turn a whiteboard photo into a tidy diagram"
NOW_US = 1_793_491_200_000_000


def ask(client: Client, need: str, headers: dict[str, str] | None = None) -> list[dict[str, str]]:
    hits: list[dict[str, str]] = client.get("/v1/search", headers=headers, q=need, actor="human", limit=5).json["hits"]
    return hits


def now_us() -> int:
    return time.time_ns() // 1000


def served_events(home: Home) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = Ledger.open(home).arrow("events").to_pylist()
    return [row for row in rows if row["application"] == "matchgraph"]


def test_clicks_and_successes_through_the_api_change_rank_and_order(own_home: Path) -> None:
    home = Home(own_home)
    key, _ = create_key(home, "shop", ["read"], now_us=1)
    with serving(own_home, import_seconds=0.5) as server:
        client = server.client()
        before = ask(client, NEED)
        chosen = before[-1]["artifact_id"]
        rank_before = client.get(f"/v1/artifacts/{chosen}").json["artifact"]
        for person in range(12):
            hits = ask(client, NEED, {"X-API-Key": key, "X-Client-ID": f"person {person}"})
            token = next(hit["callback_token"] for hit in hits if hit["artifact_id"] == chosen)
            events = [{"token": token, "action": "click"}, {"token": token, "action": "success"}]
            assert client.post("/v1/events", {"events": events}).status == 202
    recompute(home, now_us=now_us())
    with serving(own_home) as server:
        client = server.client()
        after = client.get(f"/v1/artifacts/{chosen}").json["artifact"]
        assert after["times_matched"] == rank_before["times_matched"] + 12
        assert after["rank"] != rank_before["rank"]
        assert ask(client, NEED)[0]["artifact_id"] == chosen
        edges = client.get("/v1/edges", intent=NEED, artifact=chosen).json["edges"]
        assert (edges[0]["kind"], edges[0]["clicks"], edges[0]["successes"]) == ("observed", 12, 12)


def test_one_address_is_one_client_whatever_it_says_of_itself(own_home: Path) -> None:
    home = Home(own_home)
    key, _ = create_key(home, "shop", ["read"], now_us=1)
    with serving(own_home, trusted_proxies="127.0.0.1", import_seconds=3_600) as server:
        client = server.client()
        for address, browser in (("8.8.4.4", "a"), ("8.8.4.4", "b"), ("8.8.4.9", "a"), ("8.8.8.8", "a")):
            ask(client, NEED, {"X-Forwarded-For": address, "User-Agent": browser})
        ask(client, NEED)  # from this machine: no place in the internet
        ask(client, NEED, {"X-Forwarded-For": "8.8.4.4", "X-API-Key": key})
        time.sleep(0.5)  # the spool's thread writes soon
        spooled = b"".join(path.read_bytes() for path in spool_path(home).rglob("*.queries.jsonl"))
        assert spooled.count(b"\n") == 6
        assert b"8.8." not in spooled
    rows = [row for row in Ledger.open(home).arrow("searches").to_pylist() if row["application"] == "matchgraph"]
    first, again, neighbour, far, local, keyed = sorted(rows, key=lambda row: row["ts_us"])
    assert first["client_key"] == again["client_key"]
    assert len({row["client_key"] for row in rows}) == 5
    imported = Pseudonyms(home.secret()).masked({"client_ip": "8.8.4.200"})["client_ip"]  # as logs that carry addresses
    assert first["network_key"] == again["network_key"] == neighbour["network_key"] == int(imported[-16:], 16)
    assert far["network_key"] not in (None, first["network_key"])
    assert local["network_key"] is keyed["network_key"] is None
    assert not any("8.8." in (row["extra"] or "") for row in rows)


def test_events_of_bots_are_kept_and_do_not_count(own_home: Path) -> None:
    home = Home(own_home)
    with serving(own_home) as server:
        token = ask(server.client(), NEED, {"User-Agent": "examplebot/1.0"})[0]["callback_token"]
        assert server.client().post("/v1/events", {"events": [{"token": token, "action": "click"}]}).status == 202
    assert [event["actor"] for event in served_events(home)] == ["bot"]


def test_a_search_whose_answer_nobody_sees_is_no_evidence(own_home: Path) -> None:
    with serving(own_home) as server:
        assert server.client().send("HEAD", "/v1/search?q=unseen+answers&actor=human").status == 200
        ask(server.client(), "seen answers")
    searches = Ledger.open(Home(own_home)).arrow("searches", ["query_text", "actor"]).to_pylist()
    actors = {row["query_text"]: row["actor"] for row in searches}
    assert (actors["unseen answers"], actors["seen answers"]) == ("bot", "human")


def test_a_replayed_token_counts_once_and_the_first_outcome_stands(own_home: Path) -> None:
    home = Home(own_home)
    with serving(own_home) as server:
        client = server.client()
        token = ask(client, NEED)[0]["callback_token"]
        for outcome in ("success", "success", "failure"):
            assert client.post("/v1/outcomes", {"token": token, "outcome": outcome}).status == 202
    assert [event["action"] for event in served_events(home)] == ["success"]


def test_bad_and_expired_tokens_are_refused(own_home: Path) -> None:
    home = Home(own_home)
    with serving(own_home, token_hours=0.0001) as server:
        client = server.client()
        token = ask(client, NEED)[0]["callback_token"]
        forged = ("A" if token[0] != "A" else "B") + token[1:]
        reply = client.post("/v1/outcomes", {"token": forged, "outcome": "success"})
        assert (reply.status, reply.json["code"]) == (403, "bad-token")
        time.sleep(1.5)
        reply = client.post("/v1/outcomes", {"token": token, "outcome": "success"})
        assert (reply.status, reply.json["code"]) == (403, "expired-token")
    assert served_events(home) == []


def test_an_idempotency_key_for_another_request_is_a_conflict(own_home: Path) -> None:
    with serving(own_home) as server:
        client = server.client()
        first, second = (hit["callback_token"] for hit in ask(client, NEED)[:2])
        headers = {"Idempotency-Key": "one"}
        told = {"token": first, "outcome": "success"}
        assert client.post("/v1/outcomes", told, headers).status == 202
        assert client.post("/v1/outcomes", told, headers).status == 202
        reply = client.post("/v1/outcomes", {"token": second, "outcome": "success"}, headers)
        assert (reply.status, reply.json["code"]) == (409, "idempotency-conflict")


def observation(number: int) -> dict[str, object]:
    return {
        "event_id": f"e{number}",
        "application": "shop",
        "query_id": f"s{number}",
        "artifact_id": "flux-1-pro",
        "action": "click",
        "timestamp": "2026-10-31T12:00:00Z",
        "actor": "human",
        "client_id": f"c{number}",
        "position": 2,
    }


def test_own_observations_need_a_key_with_the_scope(own_home: Path) -> None:
    home = Home(own_home)
    reading, _ = create_key(home, "reader", ["read"], now_us=1)
    telling, _ = create_key(home, "shop", ["feedback"], now_us=1)
    with serving(own_home) as server:
        client = server.client()
        told = {"events": [observation(1)]}
        assert client.post("/v1/observations", told).json["code"] == "key-needed"
        assert client.post("/v1/observations", told, {"X-API-Key": "mg_x_y"}).json["code"] == "unknown-key"
        assert client.post("/v1/observations", told, {"X-API-Key": reading}).json["code"] == "scope-missing"
        assert client.post("/v1/observations", told, {"Authorization": f"Bearer {telling}"}).status == 202
    events = [row for row in Ledger.open(home).arrow("events").to_pylist() if row["application"] == "shop"]
    assert [(event["object_id"], event["position"]) for event in events] == [("flux-1-pro", 2)]


def test_every_acknowledged_event_survives_kill_9_and_is_there_once(own_home: Path) -> None:
    home = Home(own_home)
    key, _ = create_key(home, "shop", ["feedback"], now_us=1)
    acknowledged: list[str] = []
    numbers = iter(range(1_000_000))
    for _ in range(2):
        stop_under_load(home, key, numbers, acknowledged, signal.SIGKILL)
    import_spools(home, now_us=NOW_US)
    assert_kept(home, acknowledged)


def test_an_end_in_order_leaves_every_acknowledged_event_in_the_ledger(own_home: Path) -> None:
    home = Home(own_home)
    key, _ = create_key(home, "shop", ["feedback"], now_us=1)
    acknowledged: list[str] = []
    stop_under_load(home, key, iter(range(1_000_000)), acknowledged, signal.SIGTERM)
    assert_kept(home, acknowledged)
    assert [path for path in spool_path(home).rglob("*") if path.is_file()] == []


def stop_under_load(home: Home, key: str, numbers: Iterator[int], acknowledged: list[str], how: signal.Signals) -> None:
    server = start_and_load(home, key, numbers, acknowledged)
    server.stop(how)
    server.process.stderr.close()


def assert_kept(home: Home, acknowledged: list[str]) -> None:
    """All that was acknowledged is in the ledger once; nothing is left to import."""
    assert import_spools(home, now_us=NOW_US) == 0
    rows = Ledger.open(home).arrow("events").to_pylist()
    found = [row["search_id"] for row in rows if row["application"] == "shop"]
    assert len(acknowledged) > 100
    assert len(found) == len(set(found))
    assert set(acknowledged) <= set(found)


def start_and_load(home: Home, key: str, numbers: Iterator[int], acknowledged: list[str]) -> Server:
    """Start a server and send it events from two connections; return while they are still being sent."""
    server = start_server(home.path, import_seconds=0.3)
    enough = threading.Event()

    def send(client: Client) -> None:
        try:
            while True:
                batch = [observation(next(numbers)) for _ in range(20)]
                if client.post("/v1/observations", {"events": batch}, {"X-API-Key": key}).status == 202:
                    acknowledged.extend(str(event["query_id"]) for event in batch)
                if len(acknowledged) > 100:
                    enough.set()
        except (OSError, ValueError, Exception):
            return  # the server was killed

    for _ in range(2):
        threading.Thread(target=send, args=(server.client(),), daemon=True).start()
    assert enough.wait(60)
    time.sleep(0.5)
    return server
