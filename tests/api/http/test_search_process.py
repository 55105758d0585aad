"""What a searching process makes together."""

from __future__ import annotations

from api.http.search_process import _joined
from queries.answers.search_plan import Question

A, B, C, D = (Question(name) for name in "abcd")


def test_questions_of_one_snapshot_are_put_together_in_order() -> None:
    messages = [("one", [A]), ("one", [B, C]), ("two", [D]), ("one", [A])]
    assert list(_joined(messages)) == [("one", [A, B, C]), ("two", [D]), ("one", [A])]


def test_messages_that_open_a_snapshot_stay_as_many_as_they_were() -> None:
    messages: list[tuple[str, list[Question]]] = [("one", [A]), ("one", []), ("one", []), ("one", [B])]
    assert list(_joined(messages)) == messages
