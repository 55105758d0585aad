import pyarrow as pa

from queries.counting.judgments import judgment_table, judgments
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import ledger


def test_grades_of_an_intent_and_object_are_averaged_and_named(engine_over: EngineMaker) -> None:
    grades = pa.table({"intent_key": [7, 7, 7, 8], "object_key": [1, 1, 2, 9], "value": [3.0, 0.0, 2.0, 1.0]})
    targets = pa.table({"object_key": [1, 2], "artifact_id": ["b", "a"], "capability_id": [None, "a/cut"]})
    with engine_over(ledger()) as engine:
        named = judgments(engine.register("grades", grades), engine.register("targets", targets))
        found = judgment_table(engine.arrow(named))
    assert found.drop_columns(["intent_key"]).to_pylist() == [
        {"artifact_id": "a", "capability_id": "a/cut", "grade": 2.0, "judgments": 1},
        {"artifact_id": "b", "capability_id": None, "grade": 1.5, "judgments": 2},
    ]
