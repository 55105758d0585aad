import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.retrieval.past_evidence import PRIOR, Neighbours, evidence_at_once, evidence_of_many

STARTS = np.array([0, 2, 2, 3])
DOCUMENTS = np.array([7, 4, 7], np.int32)
PULLS = np.array([1.0, 0.5, 2.0], np.float32)


def test_the_share_of_the_neighbours() -> None:
    found = evidence_at_once(Neighbours(np.array([2, 0, 1]), np.array([0.9, 0.5, 0.1])), STARTS, DOCUMENTS, PULLS)
    whole = 0.81 + 0.25 + 0.01 + PRIOR
    assert found.documents.tolist() == [4, 7]
    assert found.scores.tolist() == [round(0.25 * 0.5 / whole, 9), round((0.81 * 2 + 0.25) / whole, 9)]
    assert found.intents([4, 5, 7]) == [(0,), (), (2, 0)]
    assert found.of(np.array([7, 1])).tolist() == [found.scores[1], 0.0]


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0, 1)), max_size=6))
@settings(max_examples=40, deadline=None)
def test_compiled_code_gives_the_same(similar: list[tuple[int, float]]) -> None:
    neighbours = Neighbours(np.array([i for i, _ in similar], np.int64), np.array([s for _, s in similar], np.float64))
    for one, other in zip(
        vars(evidence_at_once(neighbours, STARTS, DOCUMENTS, PULLS)).values(),
        vars(evidence_of_many(neighbours, STARTS, DOCUMENTS, PULLS)).values(),
        strict=True,
    ):
        np.testing.assert_allclose(one, other, atol=2e-9)
