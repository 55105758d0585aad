from typing import Any

from queries.retrieval.diversity import differences, most_different


def artifact(name: str, kind: str = "model", **more: Any) -> dict[str, Any]:
    empty = {"license": None, "pricing_model": None, "vendor": None, "description": None, "tags": None}
    return {"name": name, "type": kind, **empty, **more}


ARTIFACTS = [
    artifact("red fox", license="MIT"),
    artifact("red fox two", license="MIT"),
    artifact("blue whale", "api", license="GPL-3.0"),
]


def test_without_diversity_the_score_decides() -> None:
    assert most_different(ARTIFACTS, [3.0, 2.9, 1.0], limit=3, diversity=0) == [0, 1, 2]


def test_with_diversity_a_near_copy_waits() -> None:
    assert most_different(ARTIFACTS, [3.0, 2.9, 2.0], limit=2, diversity=0.5) == [0, 2]


def test_what_is_unlike_the_unwanted_comes_first() -> None:
    assert most_different(ARTIFACTS, [1.0, 1.0, 1.0], limit=1, diversity=0.5, unlike=ARTIFACTS[1]) == [2]


def test_equal_worth_keeps_the_order_given() -> None:
    same = [artifact("x")] * 3
    assert most_different(same, [0.0, 0.0, 0.0], limit=9, diversity=0.3) == [0, 1, 2]


def test_differences_in_words_leave_out_what_is_not_known() -> None:
    a = artifact("a", "mcp", license="MIT", pricing_model="open_source")
    b = artifact("b", "model", pricing_model="paid", vendor="Acme")
    assert differences(a, b) == ["MCP Server, not Model", "pricing open source, not paid"]
