import numpy as np

from queries.retrieval.past_evidence import PRIOR, Neighbours, evidence_of

STARTS = np.array([0, 2, 2, 3])
DOCUMENTS = np.array([7, 4, 7], np.int32)
PULLS = np.array([1.0, 0.5, 2.0], np.float32)


def test_the_share_of_the_neighbours() -> None:
    found = evidence_of(Neighbours(np.array([2, 0, 1]), np.array([0.9, 0.5, 0.1])), STARTS, DOCUMENTS, PULLS)
    whole = 0.81 + 0.25 + 0.01 + PRIOR
    assert found.documents.tolist() == [4, 7]
    assert found.scores.tolist() == [round(0.25 * 0.5 / whole, 9), round((0.81 * 2 + 0.25) / whole, 9)]
    assert found.intents([4, 5, 7]) == [(0,), (), (2, 0)]
    assert found.of(np.array([7, 1])).tolist() == [found.scores[1], 0.0]
