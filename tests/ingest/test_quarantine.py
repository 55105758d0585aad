"""Looking at refused rows and trying them again."""

from __future__ import annotations

import json
from pathlib import Path

from graph.home import Home
from graph.ledger import Ledger
from ingest.load import ingest_paths
from ingest.quarantine import list_quarantine, replay
from tests.ingest.test_load import NOW, event, write

DAY = 86_400_000_000


def test_a_row_from_the_future_is_taken_when_its_day_has_come(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    rows = [event(1), event(2, timestamp="2026-05-10T10:00:00Z", client_id="jane")]
    ingest_paths(home, [write(tmp_path / "events.jsonl", rows)], now_us=NOW)
    early = replay(home, now_us=NOW + DAY)
    assert (early.tried, early.accepted, early.still_quarantined) == (1, 0, 1)
    late = replay(home, now_us=NOW + 20 * DAY)
    assert (late.tried, late.accepted, late.still_quarantined) == (1, 1, 0)
    assert list_quarantine(home) == []
    found = {row["search_id"]: row for row in Ledger.open(home).arrow("events").to_pylist()}
    assert (found["q2"]["source"].split("/")[-1], found["q2"]["source_row"]) == ("events.jsonl", 2)


def test_a_replayed_row_has_the_client_it_had(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    rows = [event(1, client_id="jane"), event(2, timestamp="2026-05-10T10:00:00Z", client_id="jane")]
    ingest_paths(home, [write(tmp_path / "events.jsonl", rows)], now_us=NOW)
    replay(home, now_us=NOW + 20 * DAY)
    clients = Ledger.open(home).arrow("events").column("client_key").to_pylist()
    assert len(clients) == 2
    assert len(set(clients)) == 1


def test_a_replayed_row_is_as_if_it_had_been_good_at_once(tmp_path: Path) -> None:
    attributes = {"session_id": "s1", "client_ip": "8.8.4.4", "email": "jane@example.org", "text": "at 10.0.0.7"}
    late = event(2, timestamp="2026-05-10T10:00:00Z", event_attributes=attributes)
    write(tmp_path / "events.jsonl", [event(1), late])
    columns = []
    for name, days in (("replayed", 0), ("at once", 20)):
        home = Home(tmp_path / name)
        home.create()
        (home.path / "secret.key").write_text("ab" * 32)
        ingest_paths(home, [tmp_path / "events.jsonl"], now_us=NOW + days * DAY)
        replay(home, now_us=NOW + 20 * DAY)
        rows = Ledger.open(home).arrow("events").drop_columns(["ingested_at"]).sort_by("search_id").to_pylist()
        columns.append(rows)
    assert columns[0] == columns[1]
    assert columns[0][1]["network_key"] is not None


def test_the_original_file_after_a_replay_adds_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    rows = [event(2, timestamp="2026-05-10T10:00:00Z")]
    ingest_paths(home, [write(tmp_path / "events.jsonl", rows)], now_us=NOW)
    replay(home, now_us=NOW + 20 * DAY)
    report = ingest_paths(home, [write(tmp_path / "copy.jsonl", rows)], now_us=NOW + 20 * DAY)
    assert (report.accepted, report.duplicates) == (0, 1)


def test_a_row_that_says_a_thing_twice_is_kept_as_it_is_and_stays(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    twice = '{"id": "first", "id": "second", "name": "A", "type": "model"}'
    rows = [{"id": "x", "name": "X", "type": "model"}, twice]
    ingest_paths(home, [write(tmp_path / "artifacts.jsonl", rows)], now_us=NOW)
    assert [row.raw for row in list_quarantine(home)] == [twice]
    assert replay(home, now_us=NOW).still_quarantined == 1


def test_a_replayed_row_is_of_the_actor_that_its_import_named(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    late = event(1, timestamp="2026-05-10T10:00:00Z")
    for name, actor in (("agents.jsonl", "agent"), ("people.jsonl", None)):
        ingest_paths(home, [write(tmp_path / name, [{**late, "event_id": name}])], now_us=NOW, actor=actor)
    replay(home, now_us=NOW + 20 * DAY)
    rows = Ledger.open(home).arrow("events").to_pylist()
    assert {row["source"].split("/")[-1]: row["actor"] for row in rows} == {
        "agents.jsonl": "agent",
        "people.jsonl": "human",
    }


def test_a_corrected_row_takes_the_place_of_the_refused_one(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    rows = [event(1), '{"action_name": "click", ']
    ingest_paths(home, [write(tmp_path / "events.jsonl", rows)], now_us=NOW)
    waiting = list_quarantine(home)[0]
    fixed = write(tmp_path / "fixed.jsonl", [{"id": waiting.id, "raw": json.dumps(event(9))}])
    report = replay(home, now_us=NOW, corrected=fixed)
    assert (report.accepted, report.still_quarantined, report.unknown_ids) == (1, 0, [])
    assert Ledger.open(home).count("events") == 2
    again = replay(home, now_us=NOW, corrected=fixed)
    assert (again.tried, again.unknown_ids) == (0, [waiting.id])


def test_a_correction_that_is_wrong_too_is_refused_for_its_own_reason(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    ingest_paths(home, [write(tmp_path / "events.jsonl", [event(1), '{"action_name": "click", '])], now_us=NOW)
    waiting = list_quarantine(home)[0]
    raw = json.dumps(event(2, timestamp="2026-05-10T10:00:00Z"))
    (still,) = replay(home, now_us=NOW, corrected=write(tmp_path / "f.jsonl", [{"id": waiting.id, "raw": raw}])).rows
    assert still.reason != waiting.reason
    assert still.remedy != waiting.remedy
