import pytest

from queries.evidence.click_models import identifiability
from queries.evidence.click_models.counts import place_counts


def test_items_that_change_places_are_identifiable():
    found = identifiability(place_counts([0, 0, 1, 1], [1, 2, 1, 2], [50, 50, 50, 50], [20, 10, 20, 10]))
    assert found.identifiable
    assert found.variation == pytest.approx(0.5)
    assert found.linked_share == 1.0
    assert found.reasons == ()


def test_items_that_never_change_places_are_not():
    found = identifiability(place_counts([0, 1], [1, 2], [100, 100], [30, 10]))
    assert not found.identifiable
    assert found.variation == 0.0
    assert found.linked_share == 0.5
    assert "Items hardly change places" in found.reasons[0]


def test_places_linked_through_a_chain_of_items():
    found = identifiability(place_counts([0, 0, 1, 1], [1, 2, 2, 3], [50, 50, 50, 50], [20, 10, 20, 10]))
    assert found.linked_share == 1.0


def test_a_few_clicks_are_not_enough():
    found = identifiability(place_counts([0, 0], [1, 2], [500, 500], [2, 1]))
    assert not found.identifiable
    assert found.reasons == ("There are only 3 clicks; at least 20 are needed.",)


def test_rare_moves_are_enough_if_clicks_on_them_are_many():
    rare = [10_000, 60, 60, 10_000]
    found = identifiability(place_counts([0, 0, 1, 1], [1, 2, 1, 2], rare, [3_000, 30, 30, 2_000]))
    assert found.variation < 0.02
    assert found.moved_clicks == 60
    assert found.identifiable
