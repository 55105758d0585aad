"""Kinds of equal items: found exactly, and integrated once with the results of every item by itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.evidence.click_models.alike import alike
from queries.evidence.click_models.counts import place_counts
from queries.evidence.click_models.random_effects import RandomEffects


def few_clicks(seed, items=300):
    """Counts of many items that were shown a few times each, with two strata and a feature of two values."""
    rng = np.random.default_rng(seed)
    rows = items
    shown = rng.integers(1, 4, rows) / rng.choice([1, 2], rows)
    counts = place_counts(
        rng.integers(0, items, rows), rng.integers(1, 4, rows), shown, shown * (rng.random(rows) < 0.2)
    )
    groups = np.arange(counts.items)
    return RandomEffects(counts, (groups % 2).astype(float)[:, None], groups // 7 % 2, 2, None)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_items_are_of_one_kind_if_all_that_is_said_of_them_is_equal(seed):
    effects = few_clicks(seed, items=40)
    counts = effects.counts
    said = [
        (
            tuple(zip(counts.place[rows], counts.impressions[rows], counts.clicks[rows], strict=True)),
            item % 2,
            item // 7 % 2,
        )
        for item in range(counts.items)
        for rows in [counts.item == item]
    ]
    found = alike(counts, effects.features, effects.stratum)
    assert [said.index(each) for each in said] == found.first[found.kind].tolist()
    assert found.times.sum() == counts.items
    assert np.all(np.diff(found.first) > 0)


def test_each_kind_once_says_what_every_item_by_itself_says():
    effects = few_clicks(1)
    kinds, kind = effects.distinct()
    assert kinds.counts.items < effects.counts.items / 2
    parameters = np.array([-0.6, -1.1, 1.2, -0.9, 0.3, 0.2, -0.1])
    each, once = effects.posterior(parameters), kinds.posterior(parameters)
    assert once.expect(once.node)[kind] == pytest.approx(each.expect(each.node), rel=1e-12)
    assert kinds.weight @ once.log_evidence == pytest.approx(each.log_evidence.sum(), rel=1e-12)
    slopes = kinds.weight @ kinds.item_scores(parameters, once)
    assert slopes == pytest.approx(effects.item_scores(parameters, each).sum(axis=0), rel=1e-11, abs=1e-11)


def test_an_item_does_not_depend_on_the_others():
    effects = few_clicks(2)
    parameters = np.array([-0.6, -1.1, 1.2, -0.9, 0.3, 0.2, -0.1])
    together, alone = effects.posterior(parameters), effects.of_items(np.array([7])).posterior(parameters)
    assert together.centre[7] == alone.centre[0]
    assert together.log_evidence[7] == pytest.approx(alone.log_evidence[0], rel=1e-14)
