from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.answers.pairing import best_pairs

ends = st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz"))


def test_the_best_sum_beats_the_best_single_pair() -> None:
    similarity = {("a", "x"): 0.9, ("a", "y"): 0.8, ("b", "x"): 0.8}
    assert best_pairs(["a", "b"], ["x", "y"], similarity) == [("a", "y", 0.8), ("b", "x", 0.8)]


def test_what_is_not_similar_is_never_paired() -> None:
    assert best_pairs(["a"], ["x"], {}) == []


@pytest.mark.parametrize(("left", "right"), [([], []), (["a"], []), ([], ["x"])])
def test_an_empty_side(left: list[str], right: list[str]) -> None:
    assert best_pairs(left, right, {}) == []


@given(st.dictionaries(ends, st.floats(0.01, 1)))
def test_the_sum_is_that_of_networkx(similarity: dict[tuple[str, str], float]) -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from((a, b, value) for (a, b), value in similarity.items())
    matching = nx.max_weight_matching(graph)
    expected = sum(graph.edges[pair]["weight"] for pair in matching)
    found = best_pairs(list("abcd"), list("wxyz"), similarity)
    assert sum(value for _, _, value in found) == pytest.approx(expected)
    assert len({a for a, _, _ in found}) == len({b for _, b, _ in found}) == len(found)
