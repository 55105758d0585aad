"""Rows of the ledger behind a number: only of needs that enough clients had, never of an erased client or a bot."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from api.erasure import erase_client
from graph.erasing import client_key
from graph.home import Home
from graph.ledger import Ledger
from graph.snapshot import Snapshot
from queries.answers.explain import explain
from queries.answers.ledger_rows import EACH, LedgerRows
from queries.recompute import recompute
from tests.api.logs import NOW_US, click, home_with_secret, import_log, search

COMMON, RARE = "cut out people", "cut out my neighbour"
PEOPLE = ("anna", "ben", "cleo", "dan", "eve", "finn")


def logged(home: Home, folder: Path, more: dict[str, list[Any]] | None = None) -> Home:
    """Six clients chose the cutter for a common need, four of them also for a rare one; some chose the painter."""
    log: dict[str, list[Any]] = {"ubi_queries": [], "ubi_events": []}
    for number, client in enumerate(PEOPLE):
        log["ubi_queries"].append(search(number, client, COMMON))
        log["ubi_events"].append(click(number, client, "cutter" if number < 5 else "painter"))
        log["ubi_events"].append(click(number, client, "cutter"))
        if number < 4:
            log["ubi_queries"].append(search(10 + number, client, RARE))
            log["ubi_events"].append(click(10 + number, client, "cutter"))
    import_log(home, folder / "log", {name: [*rows, *(more or {}).get(name, [])] for name, rows in log.items()})
    return home


def rows_of(home: Home, *names: str) -> dict[str, Any]:
    found: dict[str, Any] = explain(Snapshot.open(home), *names, ledger=Ledger.open(home))["rows"]
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a snapshot, beside its log. Tests must leave it as it is."""
    folder = tmp_path_factory.mktemp("logged")
    found = logged(home_with_secret(folder / "home"), folder)
    recompute(found, now_us=NOW_US)
    return found


@pytest.fixture
def own_home(home: Home, tmp_path: Path) -> Home:
    """A copy of it for one test alone."""
    return Home(copytree(home.path, tmp_path / "home"))


def test_rows_say_where_they_stand_and_nothing_of_who_it_was(home: Home) -> None:
    rows = rows_of(home, "cutter")
    assert [row["source_row"] for row in rows["catalogue"] if row["artifact_id"] == "cutter"] == [1]
    assert len(rows["choices"]) == EACH
    for row in rows["choices"]:
        told = {"artifact_id": "cutter", "need": COMMON, "action": "click", "object_id": "cutter", "actor": "human"}
        assert told.items() <= row.items()
        lines = (home.path.parent / "log" / Path(row["source"]).name).read_text().splitlines()
        line = json.loads(lines[row["source_row"] - 1])
        assert (line["event_attributes"]["object"]["object_id"], line["timestamp"][:10]) == ("cutter", row["day"])
        assert set(row) == {*told, "position", "day", "source", "source_row"}


def test_a_need_that_fewer_clients_than_the_threshold_had_shows_no_row(home: Home) -> None:
    edges = {row["intent"]: row for row in explain(Snapshot.open(home), "cutter")["edges"]}
    rare = next(row for row in edges.values() if row["times_matched"] == 4)
    assert rows_of(home, rare["intent_id"], "cutter")["choices"] == []
    common = next(row for row in edges.values() if row["times_matched"] == 6)
    assert len(rows_of(home, common["intent_id"], "cutter")["choices"]) == EACH
    assert all(row["need"] == COMMON for row in rows_of(home, "cutter")["choices"])


def test_searches_that_showed_both_are_shown_with_both_places(home: Home) -> None:
    duels = rows_of(home, "cutter", "painter")["duels"]
    assert len(duels) == EACH
    assert {(row["a_position"], row["b_position"], row["need"]) for row in duels} == {(2, 1, COMMON)}
    assert [row["chosen"] for row in duels] == ["both", "a", "a"]  # the newest first


def test_an_erased_client_is_never_shown_not_even_by_an_old_snapshot(own_home: Home) -> None:
    old = Snapshot.open(own_home)
    before = {row["day"] for row in explain(old, "cutter", ledger=Ledger.open(own_home))["rows"]["choices"]}
    assert "2026-10-06" in before
    erase_client(own_home, client_key(own_home, "finn"), at_us=NOW_US, now_us=NOW_US, report=lambda _: None)
    after = {row["day"] for row in rows_of(own_home, "cutter")["choices"]}
    assert after
    assert "2026-10-06" not in after


def test_one_client_less_than_the_threshold_hides_what_was_shown(own_home: Home) -> None:
    for client in ("finn", "eve"):
        erase_client(own_home, client_key(own_home, client), at_us=NOW_US, now_us=NOW_US, report=lambda _: None)
    assert rows_of(own_home, "cutter")["choices"] == []


def test_bots_and_what_came_after_the_snapshot_are_not_shown(tmp_path: Path) -> None:
    late = {"timestamp": "2026-12-01T00:00:00Z"}
    more = {
        "ubi_queries": [search(26, "robot", COMMON, actor="bot"), search(30, "zoe", COMMON, **late)],
        "ubi_events": [click(26, "robot", "cutter", actor="bot"), click(30, "zoe", "cutter", **late)],
    }
    home = logged(home_with_secret(tmp_path / "home"), tmp_path, more)
    recompute(home, now_us=NOW_US)
    assert {row["day"] for row in rows_of(home, "cutter")["choices"]} <= {f"2026-10-{day:02}" for day in range(1, 7)}


def test_the_rows_that_are_read_are_bounded(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The four newest days hold the rare need only."""
    monkeypatch.setattr("queries.answers.ledger_rows.DAYS", 5)
    rows = LedgerRows(Ledger.open(home), Snapshot.open(home))
    found = rows.choices({"cutter": rows.allowed("cutter")})
    assert len({row["day"] for row in found["cutter"]}) == 1
    assert rows.days_left_out == 5
    assert "; 5 earlier days of the log were not looked through" in rows.note


def test_nothing_is_said_of_days_where_enough_was_found(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queries.answers.ledger_rows.DAYS", 9)
    rows = rows_of(home, "cutter")
    assert (len(rows["choices"]), rows["days_left_out"]) == (EACH, 0)
    assert "earlier days" not in rows["note"]


def test_what_counts_as_a_choice_is_shown_as_one_and_nothing_else(tmp_path: Path) -> None:
    """Of the singer there are praise by name and by value on the first two days, then blame and a stay."""
    acts = [("thumbs_up", None), ("feedback", 1), ("feedback", -1), ("thumbs_down", None), ("dwell", 30)]
    events = []
    for number, (name, value) in enumerate(acts):
        event = click(number, PEOPLE[number], "singer", action_name=name)
        event["event_attributes"]["value"] = value
        events.append(event)
    home = logged(home_with_secret(tmp_path / "home"), tmp_path, {"ubi_events": events})
    recompute(home, now_us=NOW_US, k_anonymity=1)
    rows = rows_of(home, "singer")["choices"]
    assert [row["day"] for row in rows] == ["2026-10-02", "2026-10-01"]
    assert Snapshot.open(home).rows("evidence", artifact_id="singer")[0]["times_matched"] == len(rows)
