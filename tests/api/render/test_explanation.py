"""The page of an explained search: both formulas, every term with its weight, and where rows of the ledger stand."""

from __future__ import annotations

from api.render.explanation import explanation_page
from api.render.text import text_page

TERM = {"name": "words", "value": 0.5, "weight": 2.0, "product": 1.0, "meaning": "share of the query's words"}
SEARCH = {
    "kind": "search", "query": "cut out people", "simulated": False, "snapshot_id": "s", "now": None, "parameters": {},
    "read_as": {"words": ["cut", "peopl"], "corrected": {}, "mass": 4.0},
    "score_formula": "mass * sum", "score_method": {"method": "log", "searches": 155},
    "confidence_formula": "logistic", "confidence_method": {"method": "prior", "searches": 0, "error": None},
    "hits": [
        {
            "artifact_id": "cutter", "capability_id": None, "needs": [],
            "score": {"value": 4.0, "witnesses": [TERM], "others_of_the_artifact": 0.25},
            "confidence": {"value": 0.8, "familiar": 0.5, "bias": -1.5, "features": [TERM]},
        }
    ],
    "rows": {
        "note": "some rows", "least_clients": 5, "choices": [],
        "catalogue": [{"artifact_id": "cutter", "stars": 100, "source": "log/artifacts.jsonl", "source_row": 7}],
    },
}  # fmt: skip


def test_a_search_is_opened_term_by_term() -> None:
    text = " ".join(text_page(explanation_page(SEARCH)).split())
    assert "Score 4.0000" in text
    assert "Confidence 0.8000, bias -1.5000, times 0.5000" in text
    assert "words 0.5000 2.0000 1.0000 share of the query's words" in text
    assert "Weights fitted on 155 searches (log)." in text
    assert "Weights fitted on other catalogues (prior)." in text
    assert "Other hits of cutter add 0.2500." in text
    assert "log/artifacts.jsonl, row 7 artifact id cutter; stars 100" in text
    assert "Choices None that may be shown." in text


def test_without_hits_it_says_so() -> None:
    assert "Nothing was found." in text_page(explanation_page({**SEARCH, "hits": []}))
