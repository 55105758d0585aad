import math

import numpy as np
import pytest
import pytrec_eval
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from queries.retrieval.metrics import auroc, completeness, ndcg, recall, reciprocal_rank


def test_by_hand() -> None:
    grades, judged = [0.0, 2.0, 0.0, 1.0], [2.0, 1.0, 1.0]
    assert recall(grades, judged, 2) == pytest.approx(1 / 3)
    assert recall(grades, judged, 10) == pytest.approx(2 / 3)
    assert reciprocal_rank(grades) == 0.5
    ideal = 2 + 1 / math.log2(3) + 1 / 2
    assert ndcg(grades, judged, 10) == pytest.approx((2 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert completeness(grades, judged, 10) == 0
    assert completeness([1.0, 1.0, 2.0], judged, 3) == 1


def test_nothing_relevant_is_not_zero() -> None:
    assert math.isnan(recall([0.0], [0.0], 5))
    assert math.isnan(ndcg([0.0], [], 5))
    assert math.isnan(completeness([0.0], [], 5))


def test_nothing_found_is_zero() -> None:
    assert recall([], [1.0], 5) == ndcg([], [1.0], 5) == reciprocal_rank([]) == 0


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 3), min_size=1),
    st.permutations("abcdefghijkl"),
    st.integers(1, 12),
)
def test_equal_to_trec_eval(judged: dict[str, int], order: list[str], length: int) -> None:
    hits = order[:length]
    run = {"q": {name: float(-place) for place, name in enumerate(hits)}}
    measured = pytrec_eval.RelevanceEvaluator({"q": judged}, {"ndcg_cut.5,10", "recall.5", "recip_rank"}).evaluate(run)
    grades = [float(judged.get(name, 0)) for name in hits]
    values = [float(grade) for grade in judged.values()]
    if not any(values):
        assert math.isnan(ndcg(grades, values, 10))
        return
    assert ndcg(grades, values, 5) == pytest.approx(measured["q"]["ndcg_cut_5"])
    assert ndcg(grades, values, 10) == pytest.approx(measured["q"]["ndcg_cut_10"])
    assert recall(grades, values, 5) == pytest.approx(measured["q"]["recall_5"])
    assert reciprocal_rank(grades) == pytest.approx(measured["q"]["recip_rank"])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30))
def test_auroc_is_the_share_of_pairs_in_the_right_order(pairs: list[tuple[int, bool]]) -> None:
    ups = [score for score, label in pairs if label]
    downs = [score for score, label in pairs if not label]
    found = auroc([float(score) for score, _ in pairs], [label for _, label in pairs])
    if not ups or not downs:
        assert math.isnan(found)
        return
    wins = [(up > down) + 0.5 * (up == down) for up in ups for down in downs]
    assert found == pytest.approx(np.mean(wins))
    assert found == pytest.approx(roc_auc_score([label for _, label in pairs], [score for score, _ in pairs]))
