"""Counting who was chosen over whom, held against plain Python over the same searches."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import numpy as np

from graph.keys import stable_key
from queries.counting.catalogue import targets
from queries.counting.duel_counts import MET
from queries.counting.duels import Contestants, duels
from queries.evidence.head_to_head import head_to_head
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import at, event, ledger, search
from tests.queries.logs import counts_of
from tests.queries.tables import artifact, capability, table

Row = dict[str, Any]

DESCRIBED = targets(
    table("artifacts", [artifact(name, object_key=stable_key(name)) for name in "abc"]),
    table("capabilities", [capability("c", "parts", object_key=stable_key("c/parts"))]),
)
CONTESTANTS = Contestants.of(DESCRIBED)


def counted(engine_over: EngineMaker, **rows: Any) -> tuple[list[Row], float]:
    with engine_over(ledger(**rows)) as engine:
        numbers = engine.register("contestants", CONTESTANTS.numbers)
        rows_of_duels = duels(counts_of(engine, at(100)).faced, numbers, len(CONTESTANTS.ids))
        met = MET.count(engine, engine.materialise("duels", rows_of_duels))
        found, advantage = head_to_head(engine, met, CONTESTANTS.ids)
        return found.to_pylist(), advantage


def pair(rows: list[Row], a: str, b: str) -> Row:
    (found,) = [row for row in rows if (row["artifact_a"], row["artifact_b"]) == (a, b) and row["intent_key"] is None]
    return found


def log(number: int, seed: int) -> tuple[list[Row], list[Row], list[tuple[int, list[str], set[str]]]]:
    """Searches of different clients and days, with what each showed and what was chosen."""
    rng = random.Random(seed)
    searches, events, facts = [], [], []
    for i in range(number):
        hits = rng.sample("abc", rng.randint(2, 3))
        chosen = {hit for hit in hits if rng.random() < 0.4}
        client = rng.randint(1, number // 3)
        # A need of its own for each search, so that all of them count.
        searches.append(search(str(i), f"need{i}", hits=hits, client_key=client, ts_us=at(i % 20)))
        events += [event(str(i), "click", hit) for hit in sorted(chosen)]
        facts.append((client, hits, chosen))
    return searches, events, facts


def test_pairs_are_counted_like_by_hand(engine_over: EngineMaker) -> None:
    searches, events, facts = log(60, 4)
    rows, _ = counted(engine_over, searches=searches, events=events)
    expected: dict[int, list[float]] = defaultdict(lambda: [0.0] * 6)
    for client, hits, chosen in facts:
        if {"a", "b"} <= set(hits) and chosen & {"a", "b"}:
            below = 0 if hits.index("a") < hits.index("b") else 3
            outcome = 2 if {"a", "b"} <= chosen else 0 if "a" in chosen else 1
            expected[client][below + outcome] += 1
    found = pair(rows, "a", "b")
    counts = np.array(list(expected.values()))
    names = ("a_above_a", "a_above_b", "a_above_ties", "b_above_a", "b_above_b", "b_above_ties")
    assert [found[name] for name in names] == counts.sum(axis=0).astype(int).tolist()
    assert found["clients"] == len(expected)
    points, ties = 2 * (counts[:, 0] + counts[:, 3]) + counts[:, 2] + counts[:, 5], counts[:, 2] + counts[:, 5]
    scored = [points, ties, counts[:, :3].sum(1), counts[:, 3:].sum(1)]
    products = [int((scored[i] * scored[j]).sum()) for i in range(4) for j in range(i, 4)]
    assert found["client_products"] == products
    assert found["for_a"] == int((points > counts.sum(1)).sum())
    assert found["for_b"] == int((points < counts.sum(1)).sum())


def test_only_searches_that_led_to_a_choice_of_either_count(engine_over: EngineMaker) -> None:
    searches = [search(str(i), "a need", hits=["a", "b"], client_key=i + 1) for i in range(4)]
    rows, _ = counted(engine_over, searches=searches, events=[event("0", "click", "a"), event("1", "click", "b")])
    found = pair(rows, "a", "b")
    assert (found["clients"], found["a_above_a"], found["a_above_b"], found["for_a"]) == (2, 1, 1, 1)


def test_a_capability_speaks_for_its_artifact_and_not_against_it(engine_over: EngineMaker) -> None:
    searches = [search(str(i), "a need", hits=["c/parts", "c", "a"], client_key=i + 1) for i in range(2)]
    rows, _ = counted(engine_over, searches=searches, events=[event(str(i), "click", "c/parts") for i in range(2)])
    assert [(row["artifact_a"], row["artifact_b"]) for row in rows] == [("a", "c")]
    assert pair(rows, "a", "c")["b_above_b"] == 2


def test_names_of_one_thing_are_one_contestant() -> None:
    things = CONTESTANTS.things({"b": "b", "c": "b", "gone": "b", "x": "gone"})
    keys = dict(zip(*things.numbers.to_pydict().values(), strict=True))
    assert {name: keys[stable_key(name)] for name in ("a", "b", "c", "c/parts")} == {
        "a": 0,
        "b": 1,
        "c": 1,
        "c/parts": 1,
    }
    assert CONTESTANTS.things({}) == CONTESTANTS


def test_a_pair_known_from_one_client_is_left_out(engine_over: EngineMaker) -> None:
    searches = [search(str(i), "a need", hits=["a", "b"], client_key=1, ts_us=at(i)) for i in range(3)]
    rows, advantage = counted(engine_over, searches=searches, events=[event("0", "click", "a")])
    assert (rows, advantage) == ([], 0.0)


def test_needs_of_few_clients_are_left_out(engine_over: EngineMaker) -> None:
    searches = [search(f"x{i}", "first need", hits=["a", "b"], client_key=i + 1) for i in range(5)]
    searches += [search(f"y{i}", "other need", hits=["b", "a"], client_key=i + 1) for i in range(4)]
    rows, _ = counted(
        engine_over, searches=searches, events=[event(row["search_id"], "click", "a") for row in searches]
    )
    needs = [row for row in rows if row["intent_key"] is not None]
    assert [row["clients"] for row in needs] == [5]
    assert (pair(rows, "a", "b")["a_above_a"], pair(rows, "a", "b")["b_above_a"]) == (5, 4)
