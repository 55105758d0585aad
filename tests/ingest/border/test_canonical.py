"""From what a reader found to what the ledger keeps."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.keys import stable_key
from graph.schemas import LEDGER_TABLES
from ingest.border.canonical import Canonicaliser, CanonicalRows
from ingest.files.contract import chunk_of_records

NOW = 1_777_636_800_000_000  # 2026-05-01T12:00:00Z
CLICK = {"search_id": "q1", "action_name": "click", "client_id": "jane", "object_id": "tool", "position": 2}


def canonical(table: str, *records: dict[str, Any], **options: Any) -> CanonicalRows:
    raws = [json.dumps(record, default=str).encode() for record in records]
    chunk = chunk_of_records(table, records, range(1, len(records) + 1), raws)
    return Canonicaliser(secret=b"s" * 32, label="logs/x.jsonl", now_us=NOW, **options).canonical(chunk)


def row(table: str, record: dict[str, Any]) -> dict[str, Any]:
    found = canonical(table, record)
    assert found.rejections == []
    return dict(found.batch.to_pylist()[0])


def refusals(table: str, *records: dict[str, Any]) -> list[tuple[int, str]]:
    return [(rejection.line, rejection.code) for rejection in canonical(table, *records).rejections]


def test_an_event() -> None:
    event = row("events", {**CLICK, "time": "2026-04-30T10:00:00Z", "dwell_seconds": 3, "worked": True})
    assert event["action"] == "click"
    assert event["search_key"] == stable_key("q1")
    assert event["object_key"] == stable_key("tool")
    assert (event["position"], event["event_date"], event["actor"]) == (2, "2026-04-30", "human")
    assert (event["source"], event["source_row"], event["ingested_at"]) == ("logs/x.jsonl", 1, NOW)
    assert list(event) == LEDGER_TABLES["events"].names


def test_clients_are_stored_as_keyed_hashes_only() -> None:
    event = row("events", {**CLICK, "session_id": "sess-77"})
    assert event["client_key"] not in (None, stable_key("jane"), stable_key("client", "jane"))
    assert "jane" not in json.dumps(event)
    assert "sess-77" not in json.dumps(event)


def test_equal_session_ids_of_two_applications_are_two_sessions() -> None:
    one, two = (row("events", {**CLICK, "session_id": "s-1", "application": name}) for name in ("shop", "docs"))
    assert one["bare_session_key"] == two["bare_session_key"]
    assert one["session_key"] != two["session_key"]
    search = row("searches", {"search_id": "q", "query_text": "x", "session_id": "s-1", "application": "shop"})
    assert search["session_key"] == one["session_key"]
    told = {"session_id": "s-1", "outcome": "success", "judge": "j", "kind": "human"}
    assert row("outcomes", told)["session_key"] is None
    assert row("outcomes", {**told, "application": "shop"})["session_key"] == one["session_key"]


def test_personal_data_in_queries_and_extras_is_masked() -> None:
    search = row(
        "searches",
        {"search_id": "q", "query_text": "mail to jane@example.org", "extra": {"a": {"user_id": "u1", "n": "x@y.org"}}},
    )
    assert search["query_text"] == "mail to [email]"
    assert search["query_norm"] == "mail to email"
    assert "u1" not in search["extra"]
    assert "x@y.org" not in search["extra"]


@pytest.mark.parametrize(("table", "record"), [("searches", {"query_text": "x"}), ("events", CLICK)])
def test_the_network_of_an_address_is_kept_and_the_address_is_not(table: str, record: dict[str, Any]) -> None:
    one, two, private, without = (
        row(table, {**record, "extra": {f"{table}_attributes": {"ip": address}}})
        for address in ("8.8.4.4", "8.8.4.250", "10.0.0.1", None)
    )
    assert one["network_key"] == two["network_key"] is not None
    assert one["content_hash"] != two["content_hash"]
    assert private["network_key"] is without["network_key"] is None
    assert "8.8.4" not in json.dumps(one)


def test_a_search_with_its_shown_list() -> None:
    search = row("searches", {"search_id": "q", "query_text": "Best tool", "hits": ["b", "a"], "first_position": 11})
    assert search["hits"] == ["b", "a"]
    assert search["shown"] == [
        {"position": 11, "object_key": stable_key("b")},
        {"position": 12, "object_key": stable_key("a")},
    ]
    assert search["text_key"] == stable_key("best tool")


def test_lists_of_several_searches_are_not_mixed_up() -> None:
    found = canonical(
        "searches",
        {"search_id": "1", "query_text": "x", "hits": ["a", "b"]},
        {"search_id": "2", "query_text": "x"},
        {"search_id": "3", "query_text": "x", "hits": []},
        {"search_id": "4", "query_text": "x", "hits": ["c"]},
    ).batch.to_pylist()
    shown = [
        [entry["position"] for entry in search["shown"]] if search["shown"] is not None else None for search in found
    ]
    assert shown == [[1, 2], None, [], [1]]


def test_an_empty_query_is_kept_without_an_intent_and_a_missing_one_refused() -> None:
    search = row("searches", {"search_id": "q", "query_text": ""})
    assert (search["query_text"], search["query_norm"], search["text_key"]) == ("", None, None)
    assert refusals("searches", {"search_id": "q"}) == [(1, "missing-field")]


def test_bare_queries_are_searches_of_their_own() -> None:
    found = canonical("searches", {"query_text": "x", "kind": "bare"}, {"query_text": "x", "kind": "bare"})
    assert len(set(found.batch.column("search_key").to_pylist())) == 2


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({**CLICK, "time": "soon"}, "unreadable-time"),
        ({**CLICK, "time": "2026-05-03T00:00:00Z"}, "impossible-time"),
        ({**CLICK, "time": "1970-01-01T00:00:01Z"}, "impossible-time"),
        ({**CLICK, "position": -1}, "impossible-position"),
        ({**CLICK, "position": 10**12}, "impossible-position"),
        ({"search_id": "q1"}, "missing-field"),
    ],
)
def test_events_that_cannot_be(record: dict[str, Any], code: str) -> None:
    assert refusals("events", CLICK, record) == [(2, code)]


def test_refusing_and_accepting_add_up_and_the_raw_row_is_kept() -> None:
    found = canonical("events", CLICK, {**CLICK, "position": -5}, {**CLICK, "position": 3})
    assert found.batch.num_rows == 2
    assert json.loads(found.rejections[0].raw)["position"] == -5


def test_a_list_shows_each_object_once_at_its_first_place() -> None:
    first, second = canonical(
        "searches",
        {"search_id": "1", "query_text": "x", "hits": ["x", "y", "x", "", "y", "z"]},
        {"search_id": "2", "query_text": "x", "hits": ["y", "y"]},
    ).batch.to_pylist()
    assert [entry["position"] for entry in first["shown"]] == [1, 2, 6]
    assert [entry["position"] for entry in second["shown"]] == [1]
    assert first["hits"] == ["x", "y", "x", "", "y", "z"]


def test_position_zero_means_not_shown() -> None:
    assert row("events", {**CLICK, "position": 0})["position"] is None


def test_unknown_actions_are_kept_and_named() -> None:
    found = canonical("events", {**CLICK, "action_name": "levitate"}, {**CLICK, "action_name": "Item_Click"})
    assert found.batch.column("action").to_pylist() == ["other", "click"]
    assert [note.code for note in found.notes] == ["unknown-action"]


def test_thumbs_have_values() -> None:
    found = canonical("events", {**CLICK, "action_name": "thumbs_down"}, {**CLICK, "action_name": "rating", "value": 4})
    assert found.batch.column("value").to_pylist() == [-1.0, 4.0]


def test_actors() -> None:
    found = canonical("events", {**CLICK, "actor": "bot"}, CLICK, {**CLICK, "actor": "alien"}, actor="agent")
    assert found.batch.column("actor").to_pylist() == ["bot", "agent", "agent"]
    assert [note.code for note in found.notes] == ["unknown-actor"]


def identity(record: dict[str, Any], table: str = "events") -> int:
    return int(row(table, record)["content_hash"])


def test_equal_events_are_one_and_different_ones_are_not() -> None:
    assert identity(CLICK) == identity(dict(reversed(CLICK.items())))
    for change in ({"position": 3}, {"client_id": "joe"}, {"object_id": "x"}, {"time": "2026-04-01"}, {"value": 1.0},
                   {"session_id": "s"}, {"dwell_seconds": 1.0}, {"extra": {"a": 1}}, {"application": "b"}):  # fmt: skip
        assert identity({**CLICK, **change}) != identity(CLICK), change


def test_an_event_id_alone_is_the_identity() -> None:
    assert identity({**CLICK, "event_id": "e1"}) == identity({**CLICK, "event_id": "e1", "position": 9})
    assert identity({**CLICK, "event_id": "e1"}) != identity({**CLICK, "event_id": "e2"})


@given(st.permutations(range(4)))
def test_identity_does_not_depend_on_the_neighbours(order: list[int]) -> None:
    records = [{**CLICK, "position": place} for place in (1, 2, 2, 3)]
    records[3]["dwell_seconds"] = 2.0
    found = canonical("events", *(records[index] for index in order)).batch.column("content_hash").to_pylist()
    assert len(set(found)) == 3
    assert found[order.index(1)] == found[order.index(2)]


def test_a_description() -> None:
    artifact = row(
        "artifacts", {"artifact_id": "a", "name": "A", "tags": ["x"], "updated_at": "2026-01-01", "stars": 5}
    )
    assert (artifact["tags"], artifact["stars"], artifact["downloads"]) == (["x"], 5, None)
    assert artifact["updated_at"] == 1_767_225_600_000_000


def test_a_changed_description_is_another_row() -> None:
    first = {"artifact_id": "a", "name": "A"}
    assert identity(first, "artifacts") == identity(dict(first), "artifacts")
    assert identity(first, "artifacts") != identity({**first, "description": "new"}, "artifacts")
    assert identity(first, "artifacts") != identity({"capability_id": "a", "name": "A"}, "capabilities")


def test_ids_of_descriptions() -> None:
    long = {"artifact_id": "x" * 513, "name": "A"}
    assert refusals("artifacts", {"name": "A"}, {"artifact_id": ""}, long) == [
        (1, "missing-id"), (2, "missing-id"), (3, "id-too-long"),
    ]  # fmt: skip


def test_addresses_of_judges_are_masked_and_judges_stay_apart() -> None:
    told = {"session_id": "s-1", "outcome": "success", "kind": "human"}
    jane, bob, again = (
        row("outcomes", {**told, "judge": f"{name}@example.org"})["judge"] for name in ("jane", "bob", "jane")
    )
    assert jane == again != bob
    assert re.fullmatch(r"\[email\] pseudonym:[0-9a-f]{16}", jane)
    assert row("outcomes", {**told, "judge": "gpt-judge 4"})["judge"] == "gpt-judge 4"
    assert row("outcomes", told)["judge"] is None


def test_an_outcome_needs_a_session_or_a_search() -> None:
    assert row("outcomes", {"session_id": "s", "outcome": "success", "judge": "human", "kind": "human"})[
        "bare_session_key"
    ]
    assert refusals("outcomes", {"outcome": "success"}) == [(1, "missing-field")]
    same = {"session_id": "s", "outcome": "success", "judge": "human", "kind": "human"}
    assert identity(same, "outcomes") != identity({**same, "judge": "other"}, "outcomes")
