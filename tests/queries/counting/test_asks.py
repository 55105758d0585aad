"""Which searches speak for strength: repeating a search adds nothing, and one client says only so much."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import narwhals as nw
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.keys import stable_key
from queries.counting.asks import COUNTS, TEACHES, Earlier, first_asks, levels, said
from queries.counting.engine import Engine, Frame
from queries.counting.robust import ASKS_PER_CLIENT, ASKS_PER_INTENT, NETWORK_FACTOR, TAUGHT_BY_CLIENT
from queries.counting.search_log import ANONYMOUS
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, event, ledger, polars_engine, search
from tests.queries.logs import counts_of

Row = tuple[int, int | None, int, int, int]
"""client, network, intent, day, search; times follow the numbers of the searches within a day."""


def asks_of(engine: Engine, rows: list[Row], earlier: Earlier | None = None) -> Frame:
    names = ("client", "network_key", "intent_key", "day", "search_key")
    schema = pa.schema([(name, pa.int64()) for name in names])
    table = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema)
    searches = engine.register("searches", table).with_columns(
        (nw.col("day") * 1_000_000 + nw.col("search_key")).alias("ts_us")
    )
    firsts = engine.materialise("firsts", first_asks(engine, searches))
    return engine.materialise("levels", levels(engine, firsts, earlier or Earlier.none(engine)))


def in_portions(engine: Engine, portions: list[list[Row]], level: int = COUNTS) -> set[int]:
    """Return what counts (or teaches) when days come in portions, each with what the earlier ones used up."""
    found: set[int] = set()
    asks: list[Frame] = []
    earlier = Earlier.none(engine)
    for number, rows in enumerate(portions):
        asks.append(engine.materialise(f"portion_{number}", asks_of(engine, rows, earlier)))
        found |= counting(engine, asks[-1], level)
        earlier = Earlier(nw.concat(asks), engine.materialise(f"said_{number}", said(asks[-1], earlier)))
    return found


def counting(engine: Engine, frame: Frame, level: int = COUNTS) -> set[int]:
    return set(engine.arrow(frame.filter(nw.col("level") >= level))["search_key"].to_pylist())


def expected(rows: list[Row]) -> tuple[set[int], set[int]]:
    """What counts, and what of it teaches, in a few lines of plain Python: one search after the other."""
    done: set[tuple[int, int, int]] = set()
    intents: Counter[tuple[int, int]] = Counter()
    clients: Counter[int] = Counter()
    networks: Counter[tuple[int, int]] = Counter()
    counted, taught = set(), set()
    for client, network, intent, day, key in sorted(rows, key=lambda row: (row[3], row[4])):
        if (client, intent, day) in done:
            continue
        done.add((client, intent, day))
        if client == ANONYMOUS:
            network = network or ANONYMOUS
        else:
            intents[client, intent] += 1
            if intents[client, intent] > ASKS_PER_INTENT:
                continue
            clients[client] += 1
            if clients[client] > ASKS_PER_CLIENT:
                continue
        if network is not None:
            networks[network, intent] += 1
            if networks[network, intent] > NETWORK_FACTOR * ASKS_PER_INTENT:
                continue
        counted.add(key)
        if clients[client] <= TAUGHT_BY_CLIENT:
            taught.add(key)
    return counted, taught


def test_the_first_of_a_client_day_and_intent(engine_over: EngineMaker) -> None:
    rows: list[Row] = [(1, None, 7, 1, 20), (1, None, 7, 1, 10), (2, None, 7, 1, 30), (1, None, 8, 1, 40)]
    with engine_over(ledger()) as engine:
        assert counting(engine, asks_of(engine, rows)) == {10, 30, 40}


def test_of_searches_at_the_same_time_the_smallest_key_is_the_first(engine_over: EngineMaker) -> None:
    with engine_over(ledger(searches=[search(name, "a need", client="x") for name in ("1", "2", "3")])) as engine:
        found = counting(engine, counts_of(engine, at(0)).asks)
    assert found == {min(stable_key("s", name) for name in ("1", "2", "3"))}


def test_a_client_says_one_thing_only_so_often(engine_over: EngineMaker) -> None:
    with engine_over(ledger()) as engine:
        found = counting(engine, asks_of(engine, [(1, None, 7, day, day) for day in range(1, 20)]))
    assert found == set(range(1, 1 + ASKS_PER_INTENT))


def test_a_client_says_only_so_much(engine_over: EngineMaker) -> None:
    rows: list[Row] = [(1, None, intent, 5, intent) for intent in range(1, ASKS_PER_CLIENT + 9)]
    with engine_over(ledger()) as engine:
        assert counting(engine, asks_of(engine, rows)) == set(range(1, ASKS_PER_CLIENT + 1))


def test_the_first_asks_of_a_client_teach_and_all_of_nobody(engine_over: EngineMaker) -> None:
    rows: list[Row] = [(1, None, intent, 5, intent) for intent in range(1, TAUGHT_BY_CLIENT + 9)]
    nobody: list[Row] = [(ANONYMOUS, None, intent, 5, 100 + intent) for intent in range(1, TAUGHT_BY_CLIENT + 9)]
    with engine_over(ledger()) as engine:
        found = counting(engine, asks_of(engine, rows + nobody), TEACHES)
    assert found == {*range(1, TAUGHT_BY_CLIENT + 1), *(row[4] for row in nobody)}


def test_what_a_client_may_say_is_used_up_from_portion_to_portion(engine_over: EngineMaker) -> None:
    rows: list[Row] = [(1, None, intent, intent, intent) for intent in range(1, ASKS_PER_CLIENT + 9)]
    with engine_over(ledger()) as engine:
        assert in_portions(engine, [rows[:30], rows[30:50], [], rows[50:]]) == set(range(1, ASKS_PER_CLIENT + 1))


def test_searches_of_nobody_are_limited_like_a_network(engine_over: EngineMaker) -> None:
    limit = NETWORK_FACTOR * ASKS_PER_INTENT
    many: list[Row] = [(ANONYMOUS, None, intent, 5, intent) for intent in range(100, 100 + 2 * ASKS_PER_CLIENT)]
    often: list[Row] = [(ANONYMOUS, None, 7, day, day) for day in range(1, limit + 9)]
    with engine_over(ledger()) as engine:
        found = counting(engine, asks_of(engine, many + often))
    assert found == {row[4] for row in (*many, *often[:limit])}


def test_a_network_of_many_clients_says_one_thing_only_so_often(engine_over: EngineMaker) -> None:
    limit = NETWORK_FACTOR * ASKS_PER_INTENT
    farm: list[Row] = [(client, 99, 7, 5, client) for client in range(1, limit + 30)]
    others: list[Row] = [(client, None, 7, 5, client) for client in range(1_000, 1_000 + limit + 30)]
    with engine_over(ledger()) as engine:
        found = counting(engine, asks_of(engine, farm + others))
    assert found == {row[4] for row in (*farm[:limit], *others)}


row = st.tuples(st.integers(0, 3), st.sampled_from([None, 50, 51]), st.integers(1, 4), st.integers(0, 40))


@settings(max_examples=40, deadline=None)
@given(st.lists(row, max_size=300), st.integers(0, 40), st.integers(0, 40))
def test_limits_in_portions_are_those_of_one_and_of_plain_python(
    drawn: list[tuple[int, int | None, int, int]], one: int, other: int
) -> None:
    rows: list[Row] = [(*each, number) for number, each in enumerate(drawn, 1)]
    cuts = [0, *sorted((one, other)), 41]
    portions = [[row for row in rows if start <= row[3] < end] for start, end in pairwise(cuts)]
    with polars_engine(ledger()) as engine:
        for level, those in zip((COUNTS, TEACHES), expected(rows), strict=True):
            assert counting(engine, asks_of(engine, rows), level) == those == in_portions(engine, portions, level)


def strength_counts(engine_over: EngineMaker, repeats: int) -> list[tuple[int, int]]:
    """Impressions and clicks that speak for strength, after one client asked and clicked again and again."""
    honest = [search(f"h{number}", "a need", hits=["a", "b"], client=f"h{number}", ts_us=at(1)) for number in range(3)]
    spam = [
        search(str(number), "a need", hits=["a", "b"], client="spam", ts_us=at(1, number)) for number in range(repeats)
    ]
    clicks: list[dict[str, Any]] = [
        event(row["search_id"], "click", "b", client="spam", ts_us=row["ts_us"]) for row in spam
    ]
    with engine_over(ledger(searches=honest + spam, events=clicks)) as engine:
        shown = engine.arrow(counts_of(engine, at(100)).shown).to_pylist()
        assert sum(row["clicks"] for row in shown) == repeats
        return sorted((row["asked_impressions"], row["asked_clicks"]) for row in shown)


def test_a_thousand_repetitions_weigh_as_much_as_one(engine_over: EngineMaker) -> None:
    assert strength_counts(engine_over, 1) == strength_counts(engine_over, 300) == [(4, 0), (4, 1)]
