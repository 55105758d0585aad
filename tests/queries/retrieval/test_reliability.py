from __future__ import annotations

import numpy as np

from queries.retrieval.reliability import BINS, reliability


def test_groups_are_of_equal_size_and_an_honest_search_lies_within_its_intervals() -> None:
    rng = np.random.default_rng(1)
    confidence = rng.uniform(size=5_000)
    found = reliability(confidence.tolist(), (rng.uniform(size=5_000) < confidence).tolist())
    assert [group["hits"] for group in found] == [500] * BINS
    means = [group["confidence"] for group in found]
    assert means == sorted(means)
    assert sum(group["low"] <= group["confidence"] <= group["high"] for group in found) >= BINS - 2


def test_a_search_that_is_too_sure_lies_below() -> None:
    (*_, last) = reliability([0.9] * 100, [place % 2 == 0 for place in range(100)])
    assert last["high"] < 0.9
    assert (last["right"], last["hits"]) == (0.5, 10)


def test_few_hits_make_few_groups_and_none_make_none() -> None:
    assert len(reliability([0.1, 0.2], [True, False])) == 2
    assert reliability([], []) == []
