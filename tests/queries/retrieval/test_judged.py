import pyarrow as pa

from graph.snapshot_schemas import INTENTS, JUDGMENTS
from queries.retrieval.judged import Judged, judged_needs
from tests.queries.small_catalogue import table

OBJECTS = pa.table({
    "artifact_id": ["papertalk", "papertalk", "sumly"],
    "capability_id": pa.array([None, "papertalk/read_pdf", None], pa.string()),
})  # fmt: skip


def judgment(intent: int, artifact: str, grade: float, capability: str | None = None) -> dict[str, object]:
    return {"intent_key": intent, "artifact_id": artifact, "capability_id": capability, "grade": grade, "judgments": 1}


def test_grades_above_zero_are_right_and_what_nobody_judged_is_neither() -> None:
    rows = [judgment(4, "sumly", 2.0), judgment(4, "papertalk", 0.0), judgment(2, "papertalk", 0, "papertalk/read_pdf")]
    intents = table([{"intent_key": 2, "label": "read"}, {"intent_key": 4, "label": "shorten"}], INTENTS)
    found = judged_needs(table(rows, JUDGMENTS), intents, OBJECTS)
    assert list(found.items()) == [
        (2, Judged("read", frozenset(), frozenset({1}))),
        (4, Judged("shorten", frozenset({2}), frozenset({0}))),
    ]
    assert found[4].documents == [0, 2]


def test_what_is_not_in_the_index_or_has_no_text_is_left_out() -> None:
    rows = [judgment(2, "gone", 1.0), judgment(4, "sumly", 1.0), judgment(6, "sumly", 1.0)]
    intents = table([{"intent_key": 2, "label": "read"}, {"intent_key": 4, "label": None}], INTENTS)
    assert judged_needs(table(rows, JUDGMENTS), intents, OBJECTS) == {}
