"""The page of an explained search: both formulas, every term with its weight, and where rows of the ledger stand."""

from __future__ import annotations

import re
from collections import Counter

from api.render.explanation import explanation_page
from api.render.text import text_page
from graph.home import Home
from graph.snapshot import Snapshot
from queries.answers.explain import explain
from tests.queries.tables import artifact, snapshot

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


def test_figures_are_written_out_and_records_stand_in_a_table() -> None:
    parameters = {"full": {"downloads": 1e8}, "half_clients": 10, "outcome_sources": [{"kind": "llm", "judged": 328}]}
    text = text_page(explanation_page({**SEARCH, "parameters": parameters}))
    assert "full, downloads: 100,000,000" in text
    assert "half clients: 10" in text
    assert re.search(r"Outcome sources\n\nKind +Judged\n-+ +-+\nllm +328", text)


def test_of_what_nothing_is_known_it_is_said_what_would_give_it_a_rank() -> None:
    unknown = artifact("unknown", description=None)
    answer = explain(snapshot([unknown, artifact("known", description="Cuts out people.")]), "unknown")
    text = " ".join(text_page(explanation_page(answer)).split())
    assert "It has no rank, as none of its parts is known. One is enough: a description" in text


def test_a_head_to_head_is_opened_without_empty_lines(demo_home: Home) -> None:
    answer = explain(Snapshot.open(demo_home), "FLUX.1 Pro", "Stable Diffusion XL")
    text = text_page(explanation_page(answer))
    assert "total, clients for a: " in text
    assert "total, intent" not in text


def test_each_edge_of_a_need_has_its_own_counts(demo_home: Home) -> None:
    edges = Snapshot.open(demo_home).rows("edges", artifact_id="sam-2")
    of_intent = Counter(edge["intent_id"] for edge in edges if edge["times_matched"])
    ((intent, many),) = of_intent.most_common(1)
    assert many > 1
    text = text_page(explanation_page(explain(Snapshot.open(demo_home), intent, "sam-2")))
    assert text.count("Counts and what they mean: sam-2") >= many
