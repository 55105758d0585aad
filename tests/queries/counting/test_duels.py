"""Who won which search, for each two artifacts that it showed."""

import pyarrow as pa

from queries.counting.duels import ENDINGS, Contestants, duels
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import ledger

FACED = [  # search, object, position, picked; artifacts 0, 1, 2 are objects 10, 11, 12
    (1, 10, 1, 0), (1, 11, 2, 1), (1, 12, 3, 0),
    (2, 11, 1, 1), (2, 10, 2, 1),
]  # fmt: skip


def test_what_was_chosen_wins_over_all_else_and_two_that_were_chosen_tie(engine_over: EngineMaker) -> None:
    rows = [
        {"search_key": s, "intent_key": 7, "client": 5, "object_key": o, "position": p, "picked": picked}
        for s, o, p, picked in FACED
    ]
    numbers = pa.table({"object_key": [10, 11, 12], "number": [0, 1, 2]})
    with engine_over(ledger()) as engine:
        faced = engine.register("faced", pa.Table.from_pylist(rows))
        found = engine.arrow(duels(faced, engine.register("numbers", numbers), 3)).to_pylist()
    ended = sorted((row["pair"] // 3, row["pair"] % 3, ENDINGS[row["kind"]]) for row in found)
    assert ended == [(0, 1, "a_above_b"), (0, 1, "b_above_ties"), (1, 2, "a_above_a")]


def test_contestants_are_numbered_by_id_and_capabilities_stand_for_their_artifacts() -> None:
    described = pa.table(
        {
            "object_key": [1, 2, 3, 4],
            "artifact_id": ["b", "a", "b", "unknown"],
            "catalogued": [True, True, True, False],
        }
    )
    made = Contestants.of(described)
    assert made.ids.to_pylist() == ["a", "b"]
    assert made.numbers.to_pylist() == [
        {"object_key": 1, "number": 1}, {"object_key": 2, "number": 0}, {"object_key": 3, "number": 1}
    ]  # fmt: skip
