"""Against independent answers: SciPy's optimiser, choix, and the sandwich written out client by client."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement

import choix
import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import minimize

from queries.answers.chosen_over import turned_products
from queries.evidence import davidson
from queries.evidence.davidson import Duels, clients_to_flip, fit, leader, position_advantage

FloatArray = npt.NDArray[np.float64]


def duels_of(clients: FloatArray) -> Duels:
    """Duels of a (clients, 2 orders, 3 outcomes) array of counts; outcomes: A, B, both."""
    total = clients.sum(axis=0)
    scored = np.column_stack(
        [2 * clients[:, :, 0].sum(1) + clients[:, :, 2].sum(1), clients[:, :, 2].sum(1), *clients.sum(axis=2).T]
    )
    products = [float((scored[:, i] * scored[:, j]).sum()) for i, j in combinations_with_replacement(range(4), 2)]
    pairs = [(float(total[0, k]), float(total[1, k])) for k in range(3)]
    return Duels(pairs[0], pairs[1], pairs[2], len(clients), tuple(products))


def drawn(seed: int, clients: int = 80, theta: float = 0.6, advantage: float = 0.4) -> FloatArray:
    """Clients with a taste of their own, most of them with one search."""
    rng = np.random.default_rng(seed)
    found = np.zeros((clients, 2, 3))
    for client in range(clients):
        own = theta + rng.normal(0, 1)
        for _ in range(rng.integers(1, 4)):
            order = int(rng.random() < 0.3)
            x = own + (advantage if order == 0 else -advantage)
            chances = np.exp([x / 2, -x / 2, -1.0])
            found[client, order, rng.choice(3, p=chances / chances.sum())] += 1
    return found


def negative_log_likelihood(found: FloatArray, counts: FloatArray, advantage: float) -> float:
    total = 0.0
    for order, offset in enumerate((advantage, -advantage)):
        logits = np.array([(found[0] + offset) / 2, -(found[0] + offset) / 2, found[1]])
        total -= counts[order] @ (logits - np.logaddexp.reduce(logits))
    return float(total)


@pytest.mark.parametrize("seed", range(3))
def test_the_fit_is_the_maximum_that_scipy_finds(seed: int) -> None:
    clients = drawn(seed)
    found = fit(duels_of(clients), 0.4)
    counts = clients.sum(axis=0) + davidson.IMAGINED
    best = minimize(negative_log_likelihood, np.zeros(2), (counts, 0.4), tol=1e-10)
    assert (found.theta, found.tie_log) == pytest.approx(tuple(best.x), abs=1e-4)


def test_without_ties_and_positions_it_is_bradley_and_terry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(davidson, "IMAGINED", 1e-9)
    wins_a, wins_b = 23, 9
    a, b = choix.opt_pairwise(2, [(0, 1)] * wins_a + [(1, 0)] * wins_b, alpha=0)
    duels = Duels((wins_a, 0), (wins_b, 0), (1, 0), 33, (0.0,) * 10)
    assert fit(duels, 0.0).theta == pytest.approx(a - b, abs=1e-4)


def test_the_variance_is_the_sandwich_written_out_client_by_client() -> None:
    clients, advantage = drawn(5), 0.4
    clients = np.repeat(clients, 2, axis=0)
    clients[::2] += clients[1::2] * 3  # So that searches of a client are much alike, and the sandwich is the wider one.
    found = fit(duels_of(clients), advantage)
    counts = clients.sum(axis=0) + davidson.IMAGINED
    at = np.array([found.theta, found.tie_log])

    def score(of: FloatArray) -> FloatArray:
        steps = 1e-5 * np.eye(2)
        ends = [[negative_log_likelihood(at + sign * step, of, advantage) for sign in (1, -1)] for step in steps]
        return np.array([-(up - down) / 2e-5 for up, down in ends])

    scores = np.array([score(client) for client in clients])
    bread = np.zeros((2, 2))
    for i, step in enumerate(1e-4 * np.eye(2)):
        signs = ((1, 1), (1, -1), (-1, 1), (-1, -1))
        steep = [
            [negative_log_likelihood(at + sign * step + s * other, counts, advantage) for sign, s in signs]
            for other in 1e-4 * np.eye(2)
        ]
        bread[i] = [(pp - pm - mp + mm) / 4e-8 for pp, pm, mp, mm in steep]
    inverse = np.linalg.inv(bread)
    sandwich = inverse @ (scores.T @ scores) @ inverse * len(clients) / (len(clients) - 1)
    assert found.design_effect > 1
    assert found.error**2 == pytest.approx(sandwich[0, 0], rel=1e-2)


def test_repeating_every_search_of_a_client_makes_nothing_surer() -> None:
    """Said four times by the same clients: the estimate moves by the imagined client alone, the error stays."""
    clients = drawn(1)
    once, often = fit(duels_of(clients), 0.4), fit(duels_of(4 * clients), 0.4)
    assert often.error > 0.9 * once.error


@pytest.mark.parametrize("seed", range(3))
def test_b_against_a_is_the_mirror_image(seed: int) -> None:
    duels = duels_of(drawn(seed))
    turned = Duels(
        duels.wins_b[::-1], duels.wins_a[::-1], duels.ties[::-1], duels.clients, turned_products(duels.products)
    )
    forth, back = fit(duels, 0.4), fit(turned, 0.4)
    assert (forth.theta, forth.error, forth.tie_log) == pytest.approx((-back.theta, back.error, back.tie_log))
    assert clients_to_flip(duels, 0.4) == clients_to_flip(turned, 0.4)


def test_who_always_stood_above_gets_no_credit_for_it() -> None:
    """Chosen three times as often, always from above, where standing above is worth a factor of three."""
    duels = Duels((30, 0), (10, 0), (0, 0), 40, (60.0 * 2, 0, 60, 0, 0, 0, 0, 40, 0, 0))
    assert leader(duels, fit(duels, 0.0)) == "a"
    fair = fit(duels, float(np.log(3)))
    assert leader(duels, fair) == "tie"
    assert abs(fair.theta) < 0.1


def test_few_clients_say_nothing_however_clear() -> None:
    duels = Duels((4, 0), (0, 0), (0, 0), 4, (16.0, 0, 8, 0, 0, 0, 0, 4, 0, 0))
    assert leader(duels, fit(duels, 0.0)) == "not_enough_evidence"
    assert clients_to_flip(duels, 0.0) is None


def test_everything_tied_is_a_tie() -> None:
    duels = duels_of(np.array([[[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]] * 20))
    found = fit(duels, 0.3)
    assert (leader(duels, found), found.theta) == ("tie", pytest.approx(0))
    assert found.shares[2] > 0.9


def test_that_many_clients_and_not_one_fewer_flip_the_verdict() -> None:
    """Forty clients with one search each; moving k of them is the same as counting them on the other side."""

    def one_each(a: int, b: int) -> Duels:
        rows = [[[1.0, 0, 0], [0, 0, 0]]] * a + [[[0, 1.0, 0], [0, 0, 0]]] * b
        return duels_of(np.array(rows))

    duels = one_each(30, 10)
    flips = clients_to_flip(duels, 0.0)
    assert flips is not None
    assert leader(one_each(30 - flips, 10 + flips), fit(one_each(30 - flips, 10 + flips), 0.0)) == "tie"
    before = one_each(30 - flips + 1, 10 + flips - 1)
    assert leader(before, fit(before, 0.0)) == "a"


def test_the_advantage_of_standing_above_is_found_again() -> None:
    rng = np.random.default_rng(3)
    theta, offset = rng.normal(0, 1, 400), np.array([[0.5], [-0.5]])
    searches = rng.integers(1, 12, (2, 400))
    wins_a = rng.binomial(searches, 1 / (1 + np.exp(-(theta + offset))))
    assert position_advantage(wins_a, searches - wins_a) == pytest.approx(0.5, abs=0.08)
    assert position_advantage(np.zeros((2, 0)), np.zeros((2, 0))) == 0.0
    assert position_advantage(np.zeros((2, 1)), np.zeros((2, 1))) == 0.0  # nothing but ties


def test_intervals_hold_the_truth() -> None:
    """Of 300 logs without a taste of one's own, 95 % of the intervals of θ hold it."""
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(300):
        clients = np.zeros((60, 2, 3))
        order = (rng.random(60) < 0.4).astype(int)
        x = 0.5 + np.where(order == 0, 0.3, -0.3)
        chances = np.exp(np.stack([x / 2, -x / 2, np.full(60, -1.0)], 1))
        outcome = (rng.random((60, 1)) > (chances / chances.sum(1, keepdims=True)).cumsum(1)).sum(1)
        clients[np.arange(60), order, outcome] = 1
        found = fit(duels_of(clients), 0.3)
        held += abs(found.theta - 0.5) <= 1.96 * found.error
    assert 0.92 <= held / 300 <= 0.99


def test_a_verdict_needs_no_products_of_an_empty_side() -> None:
    duels = Duels((6, 0), (0, 0), (0, 0), 6, (24.0, 0, 12, 0, 0, 0, 0, 6, 0, 0))
    assert np.isfinite(fit(duels, 0.2).error)
    assert np.isfinite(fit(replace(duels, clients=1), 0.2).error)
