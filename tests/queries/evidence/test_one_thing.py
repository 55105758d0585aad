"""A thing under two names has the evidence that it would have under one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from queries.counting.catalogue import artifact_table, capability_table
from queries.counting.kept_counts import KeptCounts
from queries.evidence.match_evidence import MatchEvidence, match_evidence
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, described, event, ledger, outcome, search

Row = dict[str, Any]

NAMES = ("saw", "acme/saw")


def log(second: str) -> dict[str, list[Row]]:
    """Three clients and a saw, whose second name is the object `second`; the log also knows a hammer."""
    searches = [
        search("1", "cut wood", hits=["saw", "hammer", second], client="ann", session="s1", ts_us=at(0)),
        search("2", "cut wood", hits=["hammer", second], client="ann", session="s1", ts_us=at(0, 60)),
        search("3", "cut wood", hits=["saw", "hammer"], client="bob", session="s2", ts_us=at(1)),
        search("4", "cut metal", hits=[second, "saw", "hammer"], client="bob", session="s3", ts_us=at(1, 60)),
        search("5", "hit a nail", hits=["hammer", "saw"], client="cyd", session="s4", ts_us=at(2)),
    ]
    events = [
        event("1", "click", "saw", ts_us=at(0, 1)),
        event("2", "click", second, ts_us=at(0, 61)),  # ann, the same day and need again
        event("3", "click", "saw", ts_us=at(1, 1)),
        event("4", "click", second, ts_us=at(1, 61)),  # bob, another need
        event("5", "click", "hammer", ts_us=at(2, 1)),
    ]
    outcomes = [
        outcome("success", "human", "h", session="s1"),
        outcome("failure", "human", "h", session="s3"),
        outcome("success", "llm", "m", session="s4"),
    ]
    return {"searches": searches, "events": events, "outcomes": outcomes}


def evidence(engine_over: EngineMaker, second: str, listed: dict[str, str]) -> dict[str, dict[str, Row]]:
    """Return the rows of the tables of evidence by artifact."""
    tables = made(engine_over, second, listed).tables
    found = {name: tables[name].to_pylist() for name in ("evidence", "one_thing")}
    return {name: {row["artifact_id"]: row for row in table} for name, table in found.items()}


def made(engine_over: EngineMaker, second: str, listed: dict[str, str]) -> MatchEvidence:
    """Return what follows from `log`."""
    return _made(engine_over, second, tuple(listed.items()))


@cache
def _made(engine_over: EngineMaker, second: str, listed: tuple[tuple[str, str], ...]) -> MatchEvidence:
    """Several tests ask about the same evidence, which takes seconds and nobody can change."""
    entries = ["saw", "hammer"]
    rows: dict[str, list[Row]] = {}
    if second.startswith("saw/"):
        rows["capabilities"] = [described("capabilities", capability_id=second, artifact_id="saw")]
    else:
        entries.append(second)
    rows["artifacts"] = [described("artifacts", artifact_id=name) for name in entries]
    with engine_over(ledger(**rows, **log(second))) as engine, TemporaryDirectory() as folder:
        catalogue = artifact_table(engine), capability_table(engine)
        kept = KeptCounts(Path(folder), lambda _table: [], lambda _: None)
        return match_evidence(
            *(engine, at(5), *catalogue),
            lambda _: lambda texts, _limit: [[] for _ in texts],
            lambda _: None,
            kept,
            listing=lambda found: dict(listed) if found.num_rows else {},
        )


def test_all_names_together_count_as_one_entry_would(engine_over: EngineMaker) -> None:
    """Worked out by hand, and equal in every column to a catalogue in which the second name is a capability."""
    two = evidence(engine_over, "acme/saw", dict.fromkeys(NAMES, "saw"))
    one = evidence(engine_over, "saw/second", {})
    thing = two["one_thing"]["saw"]
    counts = ("times_matched", "clients", "intents", "impressions", "clicks", "successes", "failures")
    # ann once for "cut wood", bob for "cut wood" and for "cut metal"; sessions s1 and s3 were judged
    assert tuple(thing[name] for name in counts) == (3, 2, 2, 7, 4, 1, 1)
    assert one["one_thing"] == {}
    assert {**thing, "listed_as": None} == {**one["evidence"]["saw"], "listed_as": None}
    assert two["one_thing"]["acme/saw"] == {**thing, "artifact_id": "acme/saw"}


def test_head_to_head_whoever_chose_a_name_chose_the_thing(engine_over: EngineMaker) -> None:
    """Over the hammer ann chose the saw once, bob once under each name; cyd chose the hammer."""
    two, apart, one = (
        made(engine_over, second, listed).tables["head_to_head"].to_pylist()
        for second, listed in (("acme/saw", dict.fromkeys(NAMES, "saw")), ("acme/saw", {}), ("saw/second", {}))
    )
    assert two == one
    assert [(row["artifact_a"], row["artifact_b"], row["clients"]) for row in two] == [("hammer", "saw", 3)]
    assert (two[0]["a_above_a"], two[0]["b_above_b"], two[0]["for_a"], two[0]["for_b"]) == (1, 3, 1, 2)
    assert {(row["artifact_a"], row["b_above_b"]) for row in apart if row["artifact_b"] == "saw"} == {
        ("hammer", 2),
        ("acme/saw", 1),
    }


def test_each_name_keeps_its_own_evidence(engine_over: EngineMaker) -> None:
    joined = evidence(engine_over, "acme/saw", dict.fromkeys(NAMES, "saw"))["evidence"]
    apart = evidence(engine_over, "acme/saw", {})
    assert joined == apart["evidence"]
    assert [(joined[name]["times_matched"], joined[name]["clients"]) for name in NAMES] == [(2, 2), (2, 2)]
    assert apart["one_thing"] == {}


@pytest.mark.parametrize("name", ["never-seen", "hammer"])
def test_a_name_without_evidence_adds_nothing(engine_over: EngineMaker, name: str) -> None:
    """The thing has what its other name has; where no name has any, nothing is known."""
    found = evidence(engine_over, "acme/saw", {"hammer": "never-seen", "never-seen": "never-seen", "x": "y", "y": "y"})
    own = found["evidence"]["hammer"]
    assert found["one_thing"][name] == {**own, "artifact_id": name, "listed_as": "never-seen"}
    assert (found["one_thing"]["x"]["times_matched"], found["one_thing"]["x"]["listed_as"]) == (None, "y")
