"""What counts as chosen, by whom and when."""

from __future__ import annotations

from typing import Any

from graph.keys import stable_key
from queries.counting.choices import CHOOSERS, choices, count_choices, told_apart
from queries.counting.search_log import ANONYMOUS, UNDATED_DAY
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import DAY, at, event, ledger, search
from tests.queries.logs import intents_of, whole_log


def chosen(engine_over: EngineMaker, by: tuple[str, ...] | None = None, **rows: Any) -> list[dict[str, Any]]:
    with engine_over(ledger(**rows)) as engine:
        log = whole_log(engine, at(100))
        found = choices(log.acts, intents_of(engine, log))
        return engine.arrow(count_choices(found, by) if by else found).to_pylist()


CASES: dict[str, tuple[bool, dict[str, Any]]] = {
    "click": (True, {"action": "click"}),
    "success": (True, {"action": "success"}),
    "positive feedback": (True, {"action": "feedback", "value": 1.0}),
    "negative feedback": (False, {"action": "feedback", "value": -1.0, "action_name": "thumbs_up"}),
    "praise by name": (True, {"action": "feedback", "action_name": "Thumbs_Up"}),
    "blame by name": (False, {"action": "feedback", "action_name": "thumbs_down"}),
    "nameless feedback": (False, {"action": "feedback", "action_name": None}),
    "impression": (False, {"action": "impression"}),
    "dwell": (False, {"action": "dwell", "dwell_seconds": 50.0}),
    "failure": (False, {"action": "failure"}),
    "judgment": (False, {"action": "judgment", "value": 2.0}),
    "bot": (False, {"action": "click", "actor": "bot"}),
    "future": (False, {"action": "click", "ts_us": at(101)}),
    "unknown actor": (True, {"action": "click", "actor": None}),
}


def test_a_choice_is_a_click_a_success_or_praise(engine_over: EngineMaker) -> None:
    searches = [search(name, "a need", client="ann", ts_us=at(0)) for name in CASES]
    events = [{**event(name, fields["action"], "a"), **fields} for name, (_, fields) in CASES.items()]
    found = {row["search_key"] for row in chosen(engine_over, searches=searches, events=events)}
    assert {name: stable_key("s", name) in found for name in CASES} == {
        name: counts for name, (counts, _) in CASES.items()
    }


def test_a_search_chooses_an_object_once(engine_over: EngineMaker) -> None:
    found = chosen(
        engine_over,
        searches=[search("1", "a need", client="ann", ts_us=at(0))],
        events=[event("1", "click", "a", ts_us=at(0, 9)), event("1", "success", "a", ts_us=at(2))],
    )
    (row,) = found
    assert (row["first_us"], row["last_us"]) == (at(0, 9), at(2))
    assert row["day"] == at(0) // DAY  # the day of the search


def test_who_chose(engine_over: EngineMaker) -> None:
    found = chosen(
        engine_over,
        searches=[
            search("client", "a need", client="ann", session="s", ts_us=at(0)),
            search("session", "a need", session="s"),
            search("nobody", "a need", ts_us=at(0)),
            search("by event", "a need", session="s"),
        ],
        events=[
            event("client", "click", "a", client="other"),
            event("session", "click", "a"),
            event("nobody", "click", "a"),
            event("by event", "click", "a", client="bob", ts_us=at(3)),
        ],
    )
    rows = {row["search_key"]: row for row in found}
    assert {name: rows[stable_key("s", name)]["client"] for name in ("client", "session", "nobody", "by event")} == {
        "client": stable_key("client", "ann"),
        "session": stable_key("session", "s"),
        "nobody": ANONYMOUS,
        "by event": stable_key("client", "bob"),
    }
    assert rows[stable_key("s", "session")]["day"] == UNDATED_DAY
    assert rows[stable_key("s", "by event")]["day"] == at(3) // DAY
    assert rows[stable_key("s", "nobody")]["unit"] == stable_key("s", "nobody")
    assert rows[stable_key("s", "client")]["unit"] == stable_key("session", "s")


def test_times_matched_counts_a_client_once_for_each_day_and_intent(engine_over: EngineMaker) -> None:
    searches = [
        search("1", "a need", client="ann", ts_us=at(0)),
        search("2", "need a", client="ann", ts_us=at(0, 60)),  # same intent, same day
        search("3", "a need", client="ann", ts_us=at(1)),
        search("4", "a need", client="bob", ts_us=at(1)),
        search("5", "another wish", client="bob", ts_us=at(1)),
        search("6", "a need", ts_us=at(1)),
        search("7", "a need", ts_us=at(1)),  # the same anonymous client
    ]
    events = [event(str(number), "click", "a") for number in range(1, 8)]
    (row,) = chosen(engine_over, ("object_key",), searches=searches, events=events)
    assert (row["times_matched"], row["clients"], row["clicks"]) == (5, 3, 7)
    assert (row["agent_times_matched"], row["agent_clients"]) == (0, 0)


def test_what_agents_chose_is_counted_apart(engine_over: EngineMaker) -> None:
    searches = [
        search("1", "a need", client="ann", ts_us=at(0)),
        search("2", "a need", client="ann", actor="agent", ts_us=at(0, 60)),  # her agent makes the match its own
        search("3", "a need", client="ann", ts_us=at(1)),
        search("4", "a need", client="robot", actor="agent", ts_us=at(1)),
        search("5", "a need", client="robot", actor="agent", ts_us=at(2)),
        search("6", "a need", client="bob", actor=None, ts_us=at(2)),  # who does not say is taken for a person
    ]
    events = [event(str(number), "click", "a") for number in range(1, 7)]
    (row,) = chosen(engine_over, ("object_key",), searches=searches, events=events)
    assert (row["times_matched"], row["agent_times_matched"]) == (5, 3)
    assert (row["clients"], row["agent_clients"]) == (3, 2)


def test_choosers_are_clients_with_all_their_needs(engine_over: EngineMaker) -> None:
    searches = [
        search("s1", "upscale", client="ann"),
        search("s2", "upscale", client="ann"),
        search("s3", "translate", client="ann"),
        search("s4", "translate", client="ben"),
        search("s5", "plot", client="ben"),
        search("s6", "plot"),
    ]
    events = [event(name, "click", "a") for name in ("s1", "s2", "s3", "s4", "s6")]
    with engine_over(ledger(searches=searches, events=events)) as engine:
        log = whole_log(engine, at(100))
        found = CHOOSERS.everything(engine, told_apart(choices(log.acts, intents_of(engine, log))))
        assert engine.arrow(found["actors"]).to_pylist() == [{"agent": 0, "needs": 3, "clients": 2}]
