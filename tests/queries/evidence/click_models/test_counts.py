import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import WrongUse
from queries.evidence.click_models.counts import place_counts, places_of_positions

ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(1, 60), st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=30
)


def columns(rows):
    return [np.array(column, np.int64) for column in zip(*rows, strict=True)]


@given(ROWS, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = place_counts(*columns(rows), 5), place_counts(*columns(shuffled), 5)
    for name in ("item", "place", "impressions", "clicks", "place_of_position"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert first.warnings == second.warnings


def test_rows_of_an_item_and_position_add_up():
    counts = place_counts([1, 0, 1], [2, 1, 2], [3, 4, 5], [1, 0, 2])
    assert counts.item.tolist() == [0, 1]
    assert counts.place.tolist() == [0, 1]
    assert counts.impressions.tolist() == [4, 8]
    assert counts.clicks.tolist() == [0, 3]


def test_deep_positions_share_places_and_every_position_has_one():
    places = places_of_positions(1_000)
    assert places[:20].tolist() == list(range(20))
    assert np.diff(places).min() >= 0
    assert np.diff(places).max() == 1
    assert places[-1] < 45


def test_impossible_positions_are_left_out_and_said():
    counts = place_counts([0, 0, 0], [0, -3, 1], [2, 1, 5], [1, 0, 1])
    assert counts.impressions.tolist() == [5]
    assert counts.warnings == ("3 impressions at impossible positions are left out.",)


def test_clicks_without_impressions_are_left_out_and_said():
    counts = place_counts([0, 1], [1, 1], [2, 0], [5, 4])
    assert counts.clicks.tolist() == [2]
    assert "4 clicks without an impression" in counts.warnings[0]
    assert "3 clicks beyond one for each impression" in counts.warnings[1]


def test_unequal_lengths_and_negative_counts_are_wrong_use():
    with pytest.raises(WrongUse, match="equally long, not 2, 1, 1, 1"):
        place_counts([0, 1], [1], [1], [0])
    with pytest.raises(WrongUse, match="must not be negative"):
        place_counts([0], [1], [-1], [0])


def test_no_rows_at_all():
    counts = place_counts([], [], [], [], items=3)
    assert counts.items == 3
    assert counts.places == 1
    assert len(counts.item) == 0
