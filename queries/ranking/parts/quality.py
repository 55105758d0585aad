"""Quality of documentation: a list of rules, each met, met in part, or not met, with points. Rules as data: `RULES`.

What a catalogue can see is how well an artifact says what it does, to whom and where it ends; whether it keeps that is
the match-graph part's business. Rules about capabilities do not apply where the source lists none: they are left out,
and the range shows where the value could lie if they were known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from queries.ranking.parts.value import PartValue, known, not_known

FORMULA: Final = (
    "points reached / points of the rules that apply; low: the rules that do not apply taken as not met, "
    "high: taken as met, and half an average rule's share further on both sides"
)

Row = Mapping[str, Any]

_NUMBER_PRICE = re.compile(r"[1-9]")
_MEASURED = re.compile(
    r"\b(?:accuracy|precision|recall|F1|mIoU|IoU|mAP|AP|PQ|WER|CER|BLEU|ROUGE|FID|nDCG|MRR|Elo|perplexity|RMSE|MAE|"
    r"pass@\d+|MTEB|MMLU|SWE-bench|latency|throughput|score[sd]?)\b[^.;]{0,60}?\d|"
    r"\d[\d.,]*\s*%?\s*(?:[\w-]+\s+)?(?:accuracy|precision|recall|F1|mIoU|IoU|mAP|PQ|WER|CER|BLEU|ROUGE|FID|nDCG|MRR|"
    r"Elo|perplexity)\b",
)


@dataclass(frozen=True)
class Documents:
    """What is written about one artifact."""

    artifact: Row
    capabilities: Sequence[Row]
    numbers: Mapping[str, float]
    """Section `quality` of the weights: points of the rules and the word counts."""


@dataclass(frozen=True)
class Rule:
    """One thing that good documentation does."""

    name: str
    """Key of its points in the weights."""
    text: str
    share: Callable[[Documents], float | None]
    """How far it is met, 0 to 1; None if it does not apply."""


def quality(documents: Documents) -> PartValue:
    """Return the quality part of an artifact; not known if its sources say nothing beyond its name."""
    if not documents.capabilities and not documents.artifact.get("description"):
        return not_known("neither a description nor a capability is stated")
    shares = {rule.name: rule.share(documents) for rule in RULES}
    points = {rule.name: documents.numbers[rule.name] for rule in RULES}
    reached = sum(points[name] * share for name, share in shares.items() if share is not None)
    applies = sum(points[name] for name, share in shares.items() if share is not None)
    total = sum(points.values())
    grain = 0.5 / len(RULES)
    rules = [
        {"rule": rule.name, "text": rule.text, "points": points[rule.name], "met": _rounded(shares[rule.name])}
        for rule in RULES
    ]
    value = reached / applies if applies else 0.0
    low, high = reached / total - grain, (reached + total - applies) / total + grain
    return known(value, low, high, reached=round(reached, 6), points=applies, rules=rules)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def _words(text: str | None) -> int:
    return len(text.split()) if text else 0


def _description(documents: Documents) -> float:
    return min(1.0, _words(documents.artifact.get("description")) / documents.numbers["description_words"])


def _stated(*fields: str) -> Callable[[Documents], float]:
    return lambda documents: float(any(documents.artifact.get(field) for field in fields))


def price_contradicts(model: str | None, price: str | None) -> bool:
    """Say whether a price contradicts its pricing model.

    >>> price_contradicts("free", "$10 per month"), price_contradicts("free", "$0")
    (True, False)
    """
    return model in ("free", "open_source") and price is not None and bool(_NUMBER_PRICE.search(price))


def _pricing(documents: Documents) -> float:
    """Return 1 if the price is stated, 0 if it is not or contradicts itself."""
    model, price = documents.artifact.get("pricing_model"), documents.artifact.get("price")
    return float(bool(price or model not in (None, "unknown")) and not price_contradicts(model, price))


def _of_capabilities(share: Callable[[Row, Documents], float]) -> Callable[[Documents], float | None]:
    """Return the mean of a share over the capabilities, None if none is listed."""

    def mean(documents: Documents) -> float | None:
        rows = documents.capabilities
        return sum(share(row, documents) for row in rows) / len(rows) if rows else None

    return mean


def _capability_description(row: Row, documents: Documents) -> float:
    return min(1.0, _words(row.get("description")) / documents.numbers["capability_description_words"])


def _any_of(*fields: str) -> Callable[[Row, Documents], float]:
    return lambda row, _: float(any(row.get(field) for field in fields))


def _evaluation(documents: Documents) -> float:
    """Return 1 if a measured result is stated: as a field of the source, or as a metric with its number in a text."""
    extra = _extra(documents.artifact)
    if any(extra.get(key) for key in ("reported_results", "evaluation", "evaluations", "model-index", "benchmarks")):
        return 1.0
    texts = [documents.artifact.get("description")]
    texts += [
        row.get(field) for row in documents.capabilities for field in ("description", "unique", "vs_alternatives")
    ]
    return float(any(text and _MEASURED.search(text) for text in texts))


def _extra(artifact: Row) -> dict[str, Any]:
    try:
        extra = json.loads(artifact.get("extra") or "{}")
    except ValueError:
        return {}
    return extra if isinstance(extra, dict) else {}


RULES: Final = (
    Rule("description", "describes itself at length", _description),
    Rule("licence", "states its licence", _stated("license")),
    Rule("link", "links to its source or page", _stated("url")),
    Rule("vendor", "names who makes it", _stated("vendor")),
    Rule("pricing", "states what it costs, without contradiction", _pricing),
    Rule("dates", "states when it was made or changed", _stated("updated_at", "created_at")),
    Rule("capability_descriptions", "describes its capabilities", _of_capabilities(_capability_description)),
    Rule("limitations", "states where its capabilities end", _of_capabilities(_any_of("limitations"))),
    Rule(
        "inputs_outputs",
        "states what goes in and comes out",
        _of_capabilities(_any_of("input_types", "output_types", "parameters")),
    ),
    Rule("unique", "says what is special about its capabilities", _of_capabilities(_any_of("unique"))),
    Rule("rivals", "compares its capabilities with others", _of_capabilities(_any_of("vs_alternatives"))),
    Rule("evaluation", "states measured results", _evaluation),
)
"""All rules, in the order in which they are shown."""
