"""What is proved of one client holds for random logs, whatever he does. More: pytest --hypothesis-profile=thorough."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.influence import ceiling, log_evidence, most_at_once, rank_bounds, strength_bounds, surprise
from bench.simulators import Settings, simulate
from queries.counting.robust import VERDICTS_PER_CLIENT
from queries.evidence.click_models import fit_pbm, list_counts
from queries.ranking.parts.value import known, not_known
from queries.ranking.rank_weights import PARTS, load_weights

SOME_FIT = fit_pbm([0], [1], [10], [4])
QUADRATURE = 0.02
"""So far the 15 nodes may be off where a few counts meet a prior below one hit."""
WEIGHTS = load_weights()

share = st.floats(0, 1)


@st.composite
def logs(draw):
    """Counts of a few items at a few places, parameters that all share, and what one client adds to one item."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    items, places = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    item, position = np.repeat(np.arange(items), places), np.tile(np.arange(1, places + 1), items)
    impressions = rng.integers(1, 60, len(item)) * rng.choice([1.0, 0.5])
    clicks = np.floor(impressions * rng.random(len(item)) ** 2)
    prior = rng.uniform(0.3, 6, (2, items))
    fit = replace(
        SOME_FIT,
        examination=np.append(1.0, rng.uniform(0.02, 1, places - 1)),
        attractiveness=np.zeros(items),
        prior_hits=prior[0],
        prior_misses=prior[1],
    )
    asks = draw(st.floats(0.1, 30))
    where = rng.dirichlet(np.full(places, 0.5)) * asks
    chosen = where * rng.choice([0.0, 1.0, rng.random()], places)
    return (item, position, impressions, clicks), fit, asks, where, chosen


@given(logs())
def test_no_asks_move_a_strength_beyond_its_bounds(log):
    rows, fit, asks, where, chosen = log
    low, high = strength_bounds(*rows, fit, asks)
    item, position, impressions, clicks = rows
    mine = item == 0
    more, hits = impressions.copy(), clicks.copy()
    more[mine] += where
    hits[mine] += chosen
    after, _ = strength_bounds(item, position, more, hits, fit, 0.0)
    assert low[0] - QUADRATURE <= after[0] <= high[0] + QUADRATURE
    assert np.all(low[1:] <= after[1:] + QUADRATURE)
    assert np.all(after[1:] <= high[1:] + QUADRATURE)


@given(logs())
def test_nothing_is_less_surprising_than_what_is_certain(log):
    rows, fit, _, where, chosen = log
    mine = rows[0] == 0
    added = (rows[0][mine], rows[1][mine], where, chosen)
    assert surprise(rows, added, fit) >= -QUADRATURE


PULLS = 3.0
"""Nats by which the weak pulls on shared parameters may take part."""


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8), st.sampled_from([1, 3, 6]))
def test_no_asks_move_shared_parameters_to_where_honest_evidence_falls_by_more_than_their_surprise(seed, asks, place):
    log = simulate("pbm", seed, Settings(intents=12, artifacts=6, sessions=600))
    counts = list_counts(*log.rows())
    honest = (counts.item, counts.position, counts.impressions, counts.clicks)
    item, position = np.arange(6 * asks), np.tile(np.arange(1, 7), asks)
    added = (item, position, np.ones(len(item)), (position == place).astype(float))
    before = fit_pbm(*honest, items=72, use_placement=False)
    both = [np.concatenate(pair) for pair in zip(honest, added, strict=True)]
    after = fit_pbm(*both, items=72, use_placement=False)
    lost = float((log_evidence(honest, before) - log_evidence(honest, after)).sum())
    assert lost <= surprise(honest, added, before) + PULLS


@st.composite
def ranked(draw):
    """Parts of an artifact, its evidence, and what it becomes when anything happens to its rates."""
    parts = {name: known(*[draw(share)] * 3) if draw(st.booleans()) else not_known("hidden") for name in PARTS}
    rated = {"strength": draw(share), "success_rate": draw(share)} if draw(st.booleans()) else {}
    evidence = {
        **dict.fromkeys(("intents", "impressions", "clicks", "successes", "failures", "effective_n"), 1),
        **dict.fromkeys(("strength_low", "strength_high", "success_low", "success_high"), 0.5),
        **dict.fromkeys(("strength", "success_rate", "first_seen", "last_seen")),
        **{"times_matched": 1, "clients": draw(st.integers(1, 200)), "success_n": draw(st.floats(0, 300))},
        **rated,
    }
    return parts, evidence


@given(ranked(), share, share, share, share)
def test_no_rank_moves_beyond_the_ceiling_whatever_becomes_of_the_shared_parameters(
    artifact, strength, rate, hits, worked
):
    parts, evidence = artifact
    numbers, weights = WEIGHTS.match_graph, WEIGHTS.of("mcp").weights
    verdicts = most_at_once(VERDICTS_PER_CLIENT)

    def rank(strengths, rates, clients, heard):
        ends = {"strength": strengths, "success": rates, "clients": clients, "verdicts": heard}
        return rank_bounds(parts, weights, evidence, numbers, **ends)

    before = rank((strength,) * 2, (rate,) * 2, 0, 0.0)[0]
    low, high = rank((strength, hits), (rate, worked), 1, verdicts)
    most = ceiling(parts, weights, evidence, numbers, clients=1, verdicts=verdicts)
    assert max(high - before, before - low) <= most + 0.05  # contributions are rounded
    assert most <= 100 + 1e-9


@pytest.mark.parametrize(("clients", "expected"), [(9, 6.25), (10_000, 11.75)])
def test_the_ceiling_by_hand(clients, expected):
    """With all other parts known and no outcome, choosing carries .25 · .4 m / (m + 10) of .75 and that."""
    parts = {name: known(0.5, 0.5, 0.5) for name in PARTS}
    evidence = {"clients": clients, "success_n": None}
    weights = WEIGHTS.of("mcp").weights
    found = ceiling(parts, weights, evidence, WEIGHTS.match_graph, clients=1, verdicts=0.0)
    assert found == pytest.approx(expected, abs=0.01)
