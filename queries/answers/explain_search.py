"""Explain a search: why each hit stands where it stands, and where its confidence comes from."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from graph.errors import WrongUse
from graph.ledger import Ledger
from graph.snapshot import Snapshot
from queries.answers.edges import edge_answer
from queries.answers.explain import origin
from queries.answers.explained_rows import rows_behind
from queries.answers.ledger_rows import LedgerRows
from queries.answers.meanings import COUNT_MEANINGS
from queries.retrieval.calibration import FEATURES
from queries.retrieval.fusion import WITNESSES
from queries.retrieval.matches import Match
from queries.retrieval.matching import Matcher, matcher_of

Row = dict[str, Any]

SCORE_FORMULA: Final = (
    "score = mass * (sum of weight * witness + what other hits of the same artifact add); mass: about the BM25 score "
    "of a document that holds all words of the query"
)
CONFIDENCE_FORMULA: Final = (
    "familiar / (1 + exp(-(bias + sum of weight * feature))); bias: with the own record of what was found; familiar: "
    "less than 1 where hardly a past search that found something stood as badly as this one"
)
WITNESS_MEANINGS: Final = {
    "words": "BM25 as a share of the query's mass",
    "meaning": "cosine of the meanings, in standard deviations above the mean document's",
    "neighbours": "square root of what similar past searches chose",
    "asked": "cosine of the query with what the document was chosen for, damped",
    "wordings": "BM25 of the needs for which the document was chosen, as a share of the query's weight",
}
FEATURE_MEANINGS: Final = {
    **WITNESS_MEANINGS,
    "odds": "log odds beside the other hits and beside nothing fitting, as on other catalogues",
    "alone": "the same without the other hits",
    "lead": "weighed sum ahead of the best other hit",
}
HITS: Final = 5


def explain_search(snapshot: Snapshot, text: str, *, limit: int = HITS, ledger: Ledger | None = None) -> Row:
    """Open the numbers of the best matches of a query: capabilities, and artifacts that were matched as a whole.

    The answer has the "kind" search; with a `ledger`, under "rows", some of its rows that went in. Raises `WrongUse`
    for a query without words and a limit below 1.
    """
    if not text.strip() or limit < 1:
        raise WrongUse("Give a query with words to explain, and a limit of at least 1.")
    matcher = matcher_of(snapshot)
    query = matcher.analyse(text)
    weighed = matcher.weighed(query, limit)
    place = {document: i for i, document in enumerate(weighed.documents.tolist())}
    fusion, calibrator, familiar = matcher.fusion, matcher.calibrator, round(matcher.familiarity(weighed), 6)
    hits: list[Row] = []
    for match in matcher.match(query, limit=limit):
        i = place[match.document]
        witnesses = _products(WITNESSES, weighed.witnesses[i], fusion.weights, WITNESS_MEANINGS)
        own = float(np.dot(weighed.witnesses[i], fusion.weights))
        hits.append({
            "artifact_id": match.artifact_id,
            "capability_id": match.capability_id,
            "score": {
                "value": match.score,
                "witnesses": witnesses,
                "others_of_the_artifact": _rest(match, own, weighed.mass),
            },
            "confidence": {
                "value": match.confidence,
                "familiar": familiar,
                "bias": round(float(calibrator.biases(np.array([match.document]))[0]), 6),
                "features": _products(FEATURES, weighed.features[i], calibrator.weights, FEATURE_MEANINGS),
            },
            "needs": _needs(snapshot, matcher, match),
        })  # fmt: skip
    answer = {
        "kind": "search",
        "query": text,
        "read_as": {"words": list(query.stems), "corrected": dict(query.corrected), "mass": round(query.mass, 6)},
        "score_formula": SCORE_FORMULA,
        "score_method": {"method": fusion.method, "searches": fusion.searches},
        "confidence_formula": CONFIDENCE_FORMULA,
        "confidence_method": {
            "method": calibrator.method, "searches": calibrator.searches, "error": calibrator.error,
        },
        "hits": hits,
        "meanings": COUNT_MEANINGS,
    } | origin(snapshot, {hit["artifact_id"] for hit in hits})  # fmt: skip
    return answer if ledger is None else answer | {"rows": rows_behind(answer, LedgerRows(ledger, snapshot))}


def _products(names: tuple[str, ...], values: Any, weights: tuple[float, ...], meanings: dict[str, str]) -> list[Row]:
    return [
        {"name": name, "value": round(float(value), 6), "weight": weight, "product": round(float(value) * weight, 6),
         "meaning": meanings[name]}
        for name, value, weight in zip(names, values, weights, strict=True)
    ]  # fmt: skip


def _rest(match: Match, own: float, mass: float) -> float:
    """Return what other hits of the artifact add to the sum of the witnesses."""
    return round(match.score / mass - own, 6) + 0.0 if mass else 0.0


def _needs(snapshot: Snapshot, matcher: Matcher, match: Match) -> list[Row]:
    """Return the match edges from similar past searches to the artifact of a hit, most similar search first."""
    found = []
    edges = snapshot.rows("edges", artifact_id=match.artifact_id)
    for number in match.intents:
        intent_id, label = matcher.past.describe(number)
        found += [edge_answer(edge, label) for edge in edges if edge["intent_id"] == intent_id]
    return found
