from __future__ import annotations

import json
from typing import Any

import pytest

from graph.input_changes import input_changes


def changes(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    texts = (None if each is None else json.dumps(each) for each in (before, after))
    return [(each.name, each.before, each.after) for each in input_changes(*texts)]


RULE = {"rule": "licence", "text": "states its licence", "points": 2}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"figures": {"stars": 5, "likes": 1}}, {"figures": {"stars": 9, "likes": 1}}, [("stars", 5, 9)]),
        ({"counts": {"named_by": 2}}, {"counts": {"named_by": None}}, [("named_by", 2, None)]),
        ({"rules": [RULE | {"met": 0}]}, {"rules": [RULE | {"met": 1}]}, [("states its licence", 0, 1)]),
        ({"not_known": "no date"}, {"updated_at": "2026-10-20"}, [("updated_at", None, "2026-10-20")]),
        ({"full": {"stars": 10}}, {"full": {"stars": 20}}, [("full stars", 10, 20)]),
        ({"half_life_days": 9, "age_days": 1}, {}, [("age_days", 1, None)]),
        ({"type_weight": 0.2}, {"type_weight": 0.5}, [("type_weight", 0.2, 0.5)]),
        ({"strength": 0.3, "strength_low": 0.2}, {"strength": 0.3, "strength_low": 0.1}, []),
        (None, {"figures": {"stars": 1}}, [("stars", None, 1)]),
        (None, None, []),
    ],
)
def test_facts_and_settings_that_differ_are_named(before: Any, after: Any, expected: list[Any]) -> None:
    assert changes(before, after) == expected
