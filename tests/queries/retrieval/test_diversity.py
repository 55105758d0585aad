from typing import Any

import pytest

from queries.retrieval.diversity import Traits, alike, differences, most_different, traits


def artifact(name: str, kind: str = "model", takes: list[str] | None = None, **more: Any) -> Traits:
    empty = {"license": None, "pricing_model": None, "vendor": None, "description": None, "tags": None, "extra": None}
    offered = [] if takes is None else [{"input_types": takes, "output_types": None}]
    return traits({"name": name, "type": kind, **empty, **more}, offered)


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


def test_where_it_runs_and_what_it_takes_can_differ() -> None:
    a = artifact("a", takes=["png", "jpeg"], tags=["self-hosted"])
    b = artifact("b", takes=["wav"], extra='{"cloud": true}')
    assert differences(a, b) == ["runs self-hosted, not cloud", "takes jpeg and png, not wav"]
    assert differences(a, artifact("c", takes=["png"])) == []


def test_likeness_is_the_mean_of_common_traits_and_common_words() -> None:
    a = artifact("red fox", takes=["png", "jpeg"], license="MIT")  # type 1, takes 1/2; words 1 of 3
    b = artifact("red whale", takes=["png"], vendor="Acme")
    assert alike(a, b) == pytest.approx((3 / 4 + 1 / 3) / 2)
