import numpy as np

from queries.retrieval.past_evidence import PRIOR, Neighbours, evidence_of

STARTS = np.array([0, 2, 2, 3])
DOCUMENTS = np.array([7, 4, 7], np.int32)
PULLS = np.array([1.0, 0.5, 2.0], np.float32)


def test_the_share_of_the_neighbours() -> None:
    (found,) = evidence_of([Neighbours(np.array([2, 0, 1]), np.array([0.9, 0.5, 0.1]))], STARTS, DOCUMENTS, PULLS)
    whole = 0.81 + 0.25 + 0.01 + PRIOR
    assert found.documents.tolist() == [4, 7]
    assert found.scores.tolist() == [round(0.25 * 0.5 / whole, 9), round((0.81 * 2 + 0.25) / whole, 9)]
    assert found.intents([4, 5, 7]) == [(0,), (), (2, 0)]
    assert found.of(np.array([7, 1])).tolist() == [found.scores[1], 0.0]


def test_queries_side_by_side_know_nothing_of_each_other() -> None:
    none = Neighbours(np.zeros(0, np.int64), np.zeros(0))
    asked = [none, Neighbours(np.array([0]), np.array([1.0])), none, Neighbours(np.array([2, 1]), np.array([0.5, 0.1]))]
    nothing, first, also_nothing, second = evidence_of(asked, STARTS, DOCUMENTS, PULLS)
    assert (first.documents.tolist(), second.documents.tolist()) == ([4, 7], [7])
    assert first.scores.tolist() == [round(0.5 / (1 + PRIOR), 9), round(1 / (1 + PRIOR), 9)]
    assert second.scores.tolist() == [round(0.25 * 2 / (0.26 + PRIOR), 9)]
    assert (first.intents([7]), second.intents([7, 4])) == ([(0,)], [(2,), ()])
    for each in (nothing, also_nothing):
        assert (each.documents.tolist(), each.scores.tolist(), each.intents([7])) == ([], [], [()])
    assert evidence_of([], STARTS, DOCUMENTS, PULLS) == []
