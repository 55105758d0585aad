"""How good the search is, on queries with judgments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from graph.errors import BadInput
from graph.snapshot import Snapshot
from queries.retrieval.calibration import calibration_error
from queries.retrieval.matches import one_per_object
from queries.retrieval.matching import Matcher, matcher_of
from queries.retrieval.metrics import auroc, completeness, ndcg, recall, reciprocal_rank
from queries.retrieval.paired_bootstrap import Difference, paired_difference
from queries.retrieval.query_files import Judgments, QueryLine, read_judgments, read_queries
from queries.retrieval.reliability import reliability

DEPTH: Final = 10


COMPARED: Final = ("hit@1", "recall@5", "recall@10", "ndcg@10", "mrr", "comp@10")
"""Measures by which two configurations are compared."""


@dataclass
class _Tally:
    values: dict[str, list[float]] = field(default_factory=dict)
    """By measure, of every judged query in turn."""
    confidence: list[float] = field(default_factory=list)
    """Of the first hit of every judged query."""
    right: list[bool] = field(default_factory=list)
    top: list[float] = field(default_factory=list)
    """Score of the first hit of every query, 0 without a hit."""
    answerable: list[bool] = field(default_factory=list)

    def add(self, name: str, value: float) -> None:
        self.values.setdefault(name, []).append(value)


def evaluate(
    snapshot: Snapshot, queries_path: Path, qrels_path: Path, against: Snapshot | None = None
) -> dict[str, Any]:
    """Search for every query and compare with the judgments; return measures by name.

    Retrieval measures are means over the queries that have a relevant object (grade > 0); hits are taken at the level
    of the judgments (capabilities or artifacts, each once). `calibration_error` and `auroc_something_fits` are over
    the first hits: of judged queries, and of all queries (one without a relevant object: nothing fits); `reliability`
    opens the former (`queries.retrieval.reliability`). A measure that nothing can be said about is None.
    Raises `BadInput` for files that cannot be read or do not belong together.
    """
    judgments = read_judgments(qrels_path)
    queries = list(read_queries(queries_path))
    tally = _tally(snapshot, queries, judgments)
    if not any(tally.answerable):
        raise BadInput(f"No query of {queries_path} has a relevant object in {qrels_path}: do the two belong together?")
    report = _report(tally, snapshot)
    if against is None:
        return report
    return {**report, "against": _compared(tally, _tally(against, queries, judgments), against)}


def _tally(snapshot: Snapshot, queries: Sequence[QueryLine], judgments: Judgments) -> _Tally:
    matcher = matcher_of(snapshot)
    of_capabilities = _judges_capabilities(snapshot, judgments)
    tally = _Tally()
    for line in queries:
        _add_query(tally, matcher, line, judgments.get(str(line.id), {}), of_capabilities)
    return tally


def _judges_capabilities(snapshot: Snapshot, judgments: Judgments) -> bool:
    """Say whether any judged object is a capability."""
    judged = sorted({object_id for grades in judgments.values() for object_id in grades})
    return any(snapshot.rows("capabilities", capability_id=object_id) for object_id in judged)


def _add_query(
    tally: _Tally, matcher: Matcher, line: QueryLine, judged: dict[str, float], of_capabilities: bool
) -> None:
    matches = matcher.match(line.text, limit=10 * DEPTH, candidates=line.candidates)
    objects = [m.object_id if of_capabilities else m.artifact_id for m in one_per_object(matches)]
    grades = [judged.get(object_id, 0.0) for object_id in dict.fromkeys(objects)]
    relevant = any(grade > 0 for grade in judged.values())
    tally.top.append(matches[0].score if matches else 0.0)
    tally.answerable.append(relevant)
    if not relevant:
        return
    for k in (1, 5, 10):
        tally.add(f"recall@{k}", recall(grades, judged.values(), k))
    tally.add("hit@1", float(bool(grades and grades[0] > 0)))
    tally.add("ndcg@5", ndcg(grades, judged.values(), 5))
    tally.add("ndcg@10", ndcg(grades, judged.values(), 10))
    tally.add("mrr", reciprocal_rank(grades))
    tally.add("comp@5", completeness(grades, judged.values(), 5))
    tally.add("comp@10", completeness(grades, judged.values(), 10))
    if matches:
        tally.confidence.append(matches[0].confidence)
        tally.right.append(bool(grades and grades[0] > 0))


def _report(tally: _Tally, snapshot: Snapshot) -> dict[str, Any]:
    calibrator = matcher_of(snapshot).calibrator
    return {
        "queries": len(tally.answerable),
        "judged_queries": sum(tally.answerable),
        **{name: _rounded(float(np.mean(values))) for name, values in tally.values.items()},
        "reliability": reliability(tally.confidence, tally.right),
        "calibration_error": _rounded(calibration_error(tally.confidence, tally.right)),
        "auroc_something_fits": _rounded(auroc(tally.top, tally.answerable)),
        "calibration_method": calibrator.method,
        "calibration_searches": calibrator.searches,
        "snapshot_id": snapshot.id,
    }


def _compared(tally: _Tally, other: _Tally, against: Snapshot) -> dict[str, Any]:
    differences = {name: paired_difference(tally.values[name], other.values[name]) for name in COMPARED}
    return {
        "snapshot_id": against.id,
        "measures": {
            name: {"value": _rounded(float(np.mean(other.values[name]))), **_figures(difference)}
            for name, difference in differences.items()
        },
    }


def _figures(difference: Difference) -> dict[str, float | None]:
    return {name: _rounded(value) for name, value in msgspec.structs.asdict(difference).items()}


def _rounded(value: float) -> float | None:
    return None if value != value else round(value, 4)
