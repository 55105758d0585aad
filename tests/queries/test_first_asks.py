"""Repeating a search adds nothing to strength."""

from __future__ import annotations

from typing import Any

from graph.keys import stable_key
from queries.choices import choices
from queries.exposures import exposures, listed_exposures, reported_exposures
from queries.intents import assign_intents, with_intents
from queries.search_log import read_search_log
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, event, ledger, search


def firsts(engine_over: EngineMaker, searches: list[dict[str, Any]]) -> set[str]:
    """Ids of the searches that are a first ask."""
    names = {stable_key("s", str(number)): str(number) for number in range(20)}
    with engine_over(ledger(searches=searches)) as engine:
        log = read_search_log(engine, at(100))
        found = engine.arrow(with_intents(engine, log.searches, assign_intents(log.texts)))
        return {names[row["search_key"]] for row in found.to_pylist() if row["first_ask"]}


def test_the_first_of_a_client_day_and_intent(engine_over: EngineMaker) -> None:
    found = firsts(
        engine_over,
        [
            search("1", "a need", client="x", ts_us=at(1, 50)),
            search("2", "A need!", client="x", ts_us=at(1, 10)),
            search("3", "a need", client="y", ts_us=at(1, 60)),
            search("4", "a need", client="x", ts_us=at(2, 0)),
            search("5", "another wish", client="x", ts_us=at(1, 55)),
        ],
    )
    assert found == {"2", "3", "4", "5"}


def test_searches_of_nobody_count_once_a_day(engine_over: EngineMaker) -> None:
    found = firsts(engine_over, [search(str(number), "a need", ts_us=at(1, number)) for number in (3, 1, 2)])
    assert found == {"1"}


def test_searches_without_a_time_have_a_day_of_their_own(engine_over: EngineMaker) -> None:
    found = firsts(engine_over, [search("1", "a need", client="x"), search("2", "a need", client="x", ts_us=at(1))])
    assert found == {"1", "2"}


def strength_counts(engine_over: EngineMaker, repeats: int) -> list[tuple[int, int]]:
    """Impressions and clicks that speak for strength, after one client asked and clicked again and again."""
    honest = [search(f"h{number}", "a need", hits=["a", "b"], client=f"h{number}", ts_us=at(1)) for number in range(3)]
    spam = [
        search(str(number), "a need", hits=["a", "b"], client="spam", ts_us=at(1, number)) for number in range(repeats)
    ]
    clicks = [event(row["search_id"], "click", "b", client="spam", ts_us=row["ts_us"]) for row in spam]
    with engine_over(ledger(searches=honest + spam, events=clicks)) as engine:
        log = read_search_log(engine, at(100))
        searches = with_intents(engine, log.searches, assign_intents(log.texts))
        listed = listed_exposures(engine.table("searches"), searches, log.active)
        found = exposures(reported_exposures(log.impressions, searches), listed, choices(log.acts, searches))
        return sorted((row["first_impressions"], row["first_clicks"]) for row in engine.arrow(found).to_pylist())


def test_a_thousand_repetitions_weigh_as_much_as_one(engine_over: EngineMaker) -> None:
    assert strength_counts(engine_over, 1) == strength_counts(engine_over, 300) == [(4, 0), (4, 1)]
