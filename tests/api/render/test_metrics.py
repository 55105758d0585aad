"""Figures of an evaluation."""

from api.render.metrics import metrics_page
from tests.api.render.reading import lines


def test_metrics() -> None:
    shown = lines(metrics_page({"ndcg@10": 0.61234, "queries": 40, "calibration_error": None}))
    assert "ndcg@10 0.6123" in shown
    assert "queries 40" in shown
    assert "calibration_error —" in shown
