import numpy as np

from queries.retrieval.fusion import PRIOR, WITNESSES, fit_fusion


def examples(count: int, told_by: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Searches with ten hits of random witnesses, the right one chosen by one witness alone."""
    random = np.random.default_rng(2)
    found = []
    for _ in range(count):
        witnesses = random.random((10, len(WITNESSES)))
        found.append((witnesses, np.arange(10) == witnesses[:, told_by].argmax()))
    return found


def test_without_a_log_the_prior_stays() -> None:
    assert fit_fusion([]) is PRIOR
    assert fit_fusion([(np.ones((2, len(WITNESSES))), np.array([False, False]))]) is PRIOR


def test_a_log_moves_the_weights_as_far_as_it_speaks_for_it() -> None:
    few, many = fit_fusion(examples(5, told_by=2)), fit_fusion(examples(500, told_by=2))
    assert PRIOR.weights[2] < few.weights[2] < many.weights[2]
    assert fit_fusion(examples(500, told_by=0)).weights[2] < PRIOR.weights[2]


def test_words_and_meaning_keep_their_proportion() -> None:
    assert fit_fusion(examples(100, told_by=3)).weights[:2] == PRIOR.weights[:2]


def test_a_search_that_counts_little_moves_little() -> None:
    searches = examples(100, told_by=2)
    every, tenth = fit_fusion(searches), fit_fusion(searches, [0.1] * 100)
    assert PRIOR.weights[2] < tenth.weights[2] < every.weights[2]
    assert fit_fusion(searches, [1.0] * 100) == every
