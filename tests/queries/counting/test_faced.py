import pyarrow as pa

from queries.counting.asks import COUNTS
from queries.counting.faced import faced
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import ledger

SHOWN = [  # search, intent, object, position, picked, level
    (1, 7, 100, 1, 0, COUNTS), (1, 7, 101, 2, 1, COUNTS),
    (1, 7, 102, 0, 0, COUNTS),  # nobody knows where
    (2, 7, 100, 1, 0, COUNTS),  # nothing was chosen
    (3, 8, 100, 1, 1, COUNTS - 1),  # does not count
]  # fmt: skip


def test_only_placed_things_of_asks_that_count_and_led_to_a_choice(engine_over: EngineMaker) -> None:
    names = ("search_key", "intent_key", "object_key", "position", "picked", "level")
    shown = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in SHOWN])
    chosen = pa.table({"search_key": [1, 1, 3], "client": [55, 55, 66]})
    with engine_over(ledger()) as engine:
        found = engine.arrow(faced(engine.register("shown", shown), engine.register("chosen", chosen)))
    assert sorted((row["object_key"], row["position"], row["picked"]) for row in found.to_pylist()) == [
        (100, 1, 0), (101, 2, 1)
    ]  # fmt: skip
    assert found["client"].to_pylist() == [55, 55]
