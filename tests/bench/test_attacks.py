import numpy as np
import pytest

from bench import attacks
from queries.robust import ARTIFACT_LIMIT


@pytest.fixture(scope="module")
def people():
    return attacks.honest(1)


@pytest.fixture(scope="module")
def target(people):
    return int(np.argsort(-attacks.by_support(people), kind="stable")[attacks.PLACE - 1])


def test_no_single_client_reaches_the_bound(people, target):
    assert 3 < attacks.largest_effect(people, target) < ARTIFACT_LIMIT


@pytest.mark.parametrize("attack", [attacks.self_click, attacks.replay, attacks.slow_drip])
def test_one_client_cannot_lift_an_artifact_at_any_effort(people, target, attack):
    assert attacks.cost_of_one_place(people, attack, attacks.by_events, target) is not None
    assert attacks.cost_of_one_place(people, attack, attacks.by_support, target) is None


def test_a_replayed_event_changes_nothing_after_the_first(people, target):
    once, often = (attacks.by_support(people.joined(attacks.replay(n, target))) for n in (1, 1_000))
    assert np.array_equal(once, often)


def test_a_ring_needs_several_times_as_many_clients(people, target):
    before = attacks.cost_of_one_place(people, attacks.ring, attacks.by_times_matched, target)
    after = attacks.cost_of_one_place(people, attacks.ring, attacks.by_support, target)
    assert after >= 4 * before


def test_the_cost_is_the_least_effort(people, target):
    cost = attacks.cost_of_one_place(people, attacks.click_farm, attacks.by_support, target)
    places = []
    for effort in (cost - 1, cost):
        found = attacks.by_support(people.joined(attacks.click_farm(effort, target)))
        places.append(int(np.sum(found > found[target])))
    assert places[1] < places[0] == attacks.PLACE - 1
