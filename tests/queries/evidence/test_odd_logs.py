"""Logs that are not as they should be: what the job makes of each, as docs/evidence.md says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from graph.keys import stable_key
from queries.counting.catalogue import artifact_table, capability_table
from queries.counting.inferred import TextMatch
from queries.counting.intents import intent_words
from queries.counting.kept_counts import KeptCounts
from queries.counting.withholding import withhold_labels
from queries.evidence.match_evidence import MatchEvidence, match_evidence
from tests.queries.ledger_rows import at, described, duckdb_engine, event, ledger, search

Row = dict[str, Any]
Rows = dict[str, list[Row]]

NOW = at(50)
DESCRIBED = ("first", "second", "third")


def clicks_without_an_impression() -> Rows:
    return {
        "searches": [search("unseen", "sort mail", hits=["first"], client="ann", ts_us=at(1))],
        "events": [event("unseen", "click", "second", ts_us=at(1, 5))],
    }


def shown_nowhere() -> Rows:
    return {
        "searches": [search("nowhere", "play chess", client="ann", ts_us=at(1))],
        "events": [
            event("nowhere", "impression", "first", ts_us=at(1, 1)),
            event("nowhere", "click", "first", ts_us=at(1, 5)),
        ],
    }


def a_clock_that_runs_backwards() -> Rows:
    return {
        "searches": [search("back", "paint walls", hits=["first", "second"], client="ann", ts_us=at(9))],
        "events": [event("back", "click", "first", ts_us=at(7)), event("back", "success", "first", ts_us=at(6))],
    }


def a_client_with_very_many_events(repeated: int) -> Rows:
    names = [f"busy{n}" for n in range(repeated)]
    return {
        "searches": [search(n, "bake bread", hits=["first", "second"], client="busy", ts_us=at(2)) for n in names]
        + [search("calm", "bake bread", hits=["first", "second"], client="calm", ts_us=at(2))],
        "events": [event(n, "click", "second", ts_us=at(2, 5)) for n in names for _ in range(3)]
        + [event("calm", "click", "first", ts_us=at(2, 5))],
    }


def one_asker() -> Rows:
    return {
        "searches": [search("alone", "cure rare illness", hits=["first", "second"], client="ann", ts_us=at(3))],
        "events": [event("alone", "click", "second", ts_us=at(3, 5))],
    }


def not_in_the_catalogue() -> Rows:
    return {
        "searches": [search("gone", "mow lawn", hits=["deleted", "first"], client="ann", ts_us=at(4))],
        "events": [event("gone", "click", "deleted", ts_us=at(4, 5))],
    }


def everything_chosen_at_the_first_place() -> Rows:
    people = [f"p{n}" for n in range(60)]
    orders = (["first", "second", "third"], ["second", "first", "third"])
    return {
        "searches": [
            search(name, "draw maps", hits=orders[n % 2], client=name, ts_us=at(10 + n % 20))
            for n, name in enumerate(people)
        ],
        "events": [event(name, "click", orders[n % 2][0], ts_us=at(30)) for n, name in enumerate(people)],
    }


def found(repeated: int, backwards: bool = False) -> MatchEvidence:
    """What the job finds in all odd logs together; the client with many events repeats himself so often."""
    logs = [
        clicks_without_an_impression(), shown_nowhere(), a_clock_that_runs_backwards(), one_asker(),
        not_in_the_catalogue(), everything_chosen_at_the_first_place(), a_client_with_very_many_events(repeated),
    ]  # fmt: skip
    rows: Rows = {name: [row for log in logs for row in log[name]] for name in ("searches", "events")}
    if backwards:
        rows = {name: each[::-1] for name, each in rows.items()}
    rows["artifacts"] = [described("artifacts", artifact_id=name, type="mcp") for name in DESCRIBED]
    with duckdb_engine(ledger(**rows)) as engine, TemporaryDirectory() as folder:
        catalogue = artifact_table(engine), capability_table(engine)
        kept = KeptCounts(Path(folder), lambda _table: [], lambda _sentence: None)
        return match_evidence(engine, NOW, *catalogue, lambda _tables: no_match, lambda _sentence: None, kept)


def no_match(texts: Sequence[str], limit: int) -> list[list[TextMatch]]:
    return [[] for _ in texts]


@pytest.fixture(scope="module")
def odd() -> MatchEvidence:
    return found(repeated=400)


def edge(evidence: MatchEvidence, text: str, artifact_id: str) -> Row:
    key = stable_key("intent", " ".join(intent_words(text)))
    rows = evidence.tables["edges"].to_pylist()
    (row,) = (row for row in rows if (row["intent_key"], row["artifact_id"]) == (key, artifact_id))
    return dict(row)


def test_a_click_without_an_impression_counts_as_a_match_and_says_nothing_of_strength(odd: MatchEvidence) -> None:
    row = edge(odd, "sort mail", "second")
    assert (row["times_matched"], row["clicks"], row["impressions"], row["strength"]) == (1, 1, 0, None)


def test_an_impression_without_a_position_says_nothing_of_strength(odd: MatchEvidence) -> None:
    row = edge(odd, "play chess", "first")
    assert (row["times_matched"], row["impressions"], row["strength"]) == (1, 1, None)


def test_where_clocks_run_backwards_the_day_is_the_searchs_and_times_are_smallest_and_largest(
    odd: MatchEvidence,
) -> None:
    row = edge(odd, "paint walls", "first")
    assert (row["times_matched"], row["clicks"]) == (1, 1)
    assert (row["first_seen"], row["last_seen"]) == (at(6), at(9))


def test_a_client_with_very_many_events_says_it_once(odd: MatchEvidence) -> None:
    once = found(repeated=1)
    busy, calm = edge(odd, "bake bread", "second"), edge(odd, "bake bread", "first")
    assert (busy["times_matched"], busy["clients"], busy["clicks"]) == (1, 1, 400)
    for artifact_id, row in (("second", busy), ("first", calm)):
        assert row["strength"] == edge(once, "bake bread", artifact_id)["strength"]
    assert odd.tables["head_to_head"].equals(once.tables["head_to_head"])


def test_an_intent_of_one_client_has_a_wide_interval_and_no_label(odd: MatchEvidence) -> None:
    row = edge(odd, "cure rare illness", "second")
    assert row["clients"] == 1
    assert row["strength_high"] - row["strength_low"] > 0.3
    shown = withhold_labels(odd.tables["intents"], odd.tables["text_intents"], frozenset(), 5).to_pylist()
    assert {each["label"] for each in shown if each["intent_key"] == row["intent_key"]} == {None}


def test_what_the_catalogue_does_not_know_keeps_its_evidence_and_is_marked(odd: MatchEvidence) -> None:
    row = edge(odd, "mow lawn", "deleted")
    assert (row["times_matched"], row["catalogued"]) == (1, False)
    assert {each["artifact_id"] for each in odd.tables["evidence"].to_pylist()} == {*DESCRIBED, "deleted"}


def test_where_everything_is_chosen_at_the_first_place_the_rest_stays_unsure(odd: MatchEvidence) -> None:
    top, below = edge(odd, "draw maps", "first"), edge(odd, "draw maps", "third")
    assert top["strength"] > below["strength"]
    assert below["strength_high"] - below["strength_low"] > 1.2 * (top["strength_high"] - top["strength_low"])


def test_the_order_of_odd_rows_does_not_show(odd: MatchEvidence) -> None:
    turned = found(repeated=400, backwards=True)
    assert {name: table for name, table in odd.tables.items() if not table.equals(turned.tables[name])} == {}
