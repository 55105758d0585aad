import numpy as np

from queries.retrieval.past_evidence import PRIOR, Neighbours, evidence_for, evidence_of, intents_for

STARTS = np.array([0, 2, 2, 3])
DOCUMENTS = np.array([7, 4, 7], np.int32)
PULLS = np.array([1.0, 0.5, 2.0], np.float32)


def test_the_share_of_the_neighbours() -> None:
    (found,) = evidence_of([Neighbours(np.array([2, 0, 1]), np.array([0.9, 0.5, 0.1]))], STARTS, DOCUMENTS, PULLS)
    whole = 0.81 + 0.25 + 0.01 + PRIOR
    assert found.documents.tolist() == [4, 7]
    assert found.scores.tolist() == [round(0.25 * 0.5 / whole, 9), round((0.81 * 2 + 0.25) / whole, 9)]
    assert intents_for([found], np.array([7, 5, 4]), [3]) == [(2, 0), (), (0,)]
    assert evidence_for([found], np.array([7, 1]), [2]).tolist() == [found.scores[1], 0.0]


def test_queries_side_by_side_know_nothing_of_each_other() -> None:
    none = Neighbours(np.zeros(0, np.int64), np.zeros(0))
    asked = [none, Neighbours(np.array([0]), np.array([1.0])), none, Neighbours(np.array([2, 1]), np.array([0.5, 0.1]))]
    nothing, first, also_nothing, second = evidence_of(asked, STARTS, DOCUMENTS, PULLS)
    assert (first.documents.tolist(), second.documents.tolist()) == ([4, 7], [7])
    assert first.scores.tolist() == [round(0.5 / (1 + PRIOR), 9), round(1 / (1 + PRIOR), 9)]
    assert second.scores.tolist() == [round(0.25 * 2 / (0.26 + PRIOR), 9)]
    for each in (nothing, also_nothing):
        assert (each.documents.tolist(), each.scores.tolist()) == ([], [])
    assert evidence_of([], STARTS, DOCUMENTS, PULLS) == []
    documents, counts = np.array([7, 7, 4, 9, 7]), [1, 1, 0, 3]
    every = [nothing, first, also_nothing, second]
    assert intents_for(every, documents, counts) == [(), (0,), (), (), (2,)]
    assert evidence_for(every, documents, counts).tolist() == [0.0, first.scores[1], 0.0, 0.0, second.scores[0]]
    assert intents_for([nothing], documents[:1], [1]) == [()]
    assert evidence_for([nothing], documents[:1], [1]).tolist() == [0.0]
    assert intents_for([first], documents[:0], [0]) == []
