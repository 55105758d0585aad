from __future__ import annotations

from typing import Any

import pytest

from queries.answers.extra_fields import object_of, objects_of, text_of


@pytest.mark.parametrize(
    ("value", "found"),
    [({"a": 1}, {"a": 1}), ('{"a": 1}', {"a": 1}), ("[1]", {}), ("{broken", {}), (None, {}), (7, {})],
)
def test_an_object_or_its_text_is_read_and_all_else_is_none(value: Any, found: Any) -> None:
    assert object_of(value) == found


def test_only_objects_of_a_list_and_texts_with_words_count() -> None:
    assert objects_of([{"a": 1}, "b", None, {}]) == [{"a": 1}, {}]
    assert objects_of({"a": 1}) == []
    assert (text_of("MIT"), text_of(""), text_of(3)) == ("MIT", None, None)
