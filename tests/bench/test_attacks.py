"""Attacks on the real job, held against the bounds that docs/robustness.md states."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.attack_job import HonestLog
from bench.attack_log import ATTACKS, LONE, honest
from bench.attacks import ALLOWANCE, clicks, cost_of_one_place, effects, reach_of, times_matched
from bench.influence import ceiling, most_at_once, strength_bounds
from queries.evidence.click_models import fit_pbm
from queries.evidence.intervals import BetaPrior
from queries.ranking.rank_weights import load_weights

TARGET = 5


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return HonestLog(tmp_path_factory.mktemp("attacks"), honest(1))


@pytest.fixture(scope="module", params=ATTACKS, ids=lambda attack: attack.name)
def attacked(request, log):
    """What an attack adds, and what the job finds then."""
    added = request.param.searches(300 if request.param.name in LONE else 20, TARGET)
    return added, log.attacked(added)


def test_no_attack_moves_anything_beyond_the_bound(log, attacked):
    added, after = attacked
    assert log.found.model == after.model == "pbm"
    found = effects(log, after, reach_of(added))
    assert {name: effect for name, effect in found.items() if effect.beyond > ALLOWANCE[name]} == {}


def test_no_attack_moves_a_rank_beyond_the_ceiling_that_needs_no_allowance(log, attacked):
    added, after = attacked
    reach = reach_of(added)
    weights = load_weights()
    for name, evidence in log.found.evidence.items():
        most = ceiling(
            log.found.parts[name],
            weights.of("mcp").weights,
            evidence,
            weights.match_graph,
            clients=reach.clients,
            verdicts=reach.verdicts,
        )
        assert abs(after.ranks[name] - log.found.ranks[name]) <= most


def test_a_replayed_event_changes_nothing_after_the_limit(log):
    attack = next(attack for attack in ATTACKS if attack.name == "replay")
    once, often = (log.attacked(attack.searches(effort, TARGET)) for effort in (60, 600))
    assert often.ranks == once.ranks
    strengths = [{key: row["strength"] for key, row in found.edges.items()} for found in (once, often)]
    assert strengths[0] == strengths[1]


def test_an_attack_counted_on_a_copy_is_an_attack_counted_in_full(log, tmp_path):
    added = ATTACKS[0].searches(5, TARGET)
    whole = HonestLog(tmp_path, [*log.people, *added]).found
    assert log.attacked(added) == whole


def test_the_cost_is_the_least_effort(log):
    farm = ATTACKS[0]
    for name, score in (("clicks", clicks), ("times matched", times_matched)):
        cost = cost_of_one_place(log, farm, name, "tool-08")
        above = []
        for effort in (cost - max(1, cost // 8) - 1, cost):
            found = score([*log.people, *farm.searches(effort, 8)])
            above.append(sum(value > found["tool-08"] for value in found.values()))
        assert above[1] < above[0]


@settings(max_examples=6, deadline=None)
@given(st.floats(0.5, 20), st.floats(0.5, 20), st.floats(0, 50))
def test_where_places_do_not_matter_the_bound_is_that_of_counting(hits, misses, asks):
    fit = fit_pbm([0], [1], [10], [4], prior=BetaPrior(hits, misses))
    mean, weight = (hits + 4) / (hits + misses + 10), hits + misses + 10
    low, high = strength_bounds([0], [1], [10], [4], fit, asks)
    assert high[0] == pytest.approx(mean + (1 - mean) * asks / (weight + asks), abs=2e-3)
    assert low[0] == pytest.approx(mean - mean * asks / (weight + asks), abs=2e-3)


def test_all_periods_together_weigh_a_few_times_the_limit():
    assert most_at_once(2) == pytest.approx(sum(2 * 2 ** (-age / 2) for age in range(200)))
