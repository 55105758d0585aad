"""The matcher: from a need in words to capabilities and artifacts, with a confidence.

Two witnesses are added up: how much of the query's words a document holds (BM25), and what similar past searches
chose (`evidence`), weighed by the query's mass, that is by about the score of a document that holds all its words:

    score = BM25 + EVIDENCE_WEIGHT · evidence · mass

Both are on absolute scales: a query unlike any logged one is left to the text alone.
The same matcher answers searches, labels whole files of queries, and labels bare log queries in the job.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from graph.snapshot import Snapshot
from queries.calibration import FEATURES, Calibrator, Matrix, read_calibrator
from queries.index_files import Ranked
from queries.inferred import TextMatch, TextMatcher
from queries.past_searches import Evidence, Neighbours, PastSearches
from queries.text_index import Filters, Query, Scope, TextHit, TextIndex

EVIDENCE_WEIGHT: Final = 2.0
MAX_FROM_LOG: Final = 40
"""At most so many documents that the text did not bring up are taken from the log."""

MIN_EXACT: Final = 10
"""At least so many hits are exact however few are asked for: confidence depends on the others too."""

POOL: Final = 60
"""At least so many documents are weighed where the log has a say."""


@dataclass(frozen=True)
class Match:
    """A hit with its reasons. `capability_id` is None where the artifact as a whole was matched."""

    document: int
    artifact_id: str
    capability_id: str | None
    score: float
    text_score: float
    """The part of the score that comes from the text: BM25."""
    evidence: float
    """What similar past searches chose, 0 to 2."""
    confidence: float
    """Probability that the hit is right."""
    intents: tuple[int, ...] = field(default=())
    """Numbers of the past intents that the evidence comes from, most similar first."""

    @property
    def object_id(self) -> str:
        """Id of the capability, or of the artifact where it was matched as a whole."""
        return self.capability_id or self.artifact_id


@dataclass(frozen=True)
class _Weighed:
    """Hits with all that is known of them, (n,) each; `order` holds their positions, best first."""

    documents: npt.NDArray[np.int64]
    text: Matrix
    evidence: Matrix
    score: Matrix
    features: Matrix
    order: npt.NDArray[np.intp]


class Matcher:
    """Text index, past searches and calibrator of one snapshot. Safe to use from several threads."""

    def __init__(self, index: TextIndex, past: PastSearches, calibrator: Calibrator) -> None:
        self.index = index
        self.past = past
        self.calibrator = calibrator

    @classmethod
    def open(cls, path: Path) -> Matcher:
        """Open the text index in a folder; raises `DamagedHome`."""
        return cls(TextIndex.open(path), PastSearches.open(path), read_calibrator(path))

    def analyse(self, text: str) -> Query:
        """Return the query's terms; a word that only past searches know is not corrected."""
        return self.index.analyse(text, also_known=self.past.knows)

    def match(
        self,
        query: Query | str,
        *,
        limit: int,
        filters: Filters | None = None,
        candidates: Sequence[str] | None = None,
    ) -> list[Match]:
        """Return the best matches, best first; equal scores in order of document number.

        With `candidates` (ids of artifacts or capabilities) all of them are ranked, those without any sign last.
        """
        analysed = self.analyse(query) if isinstance(query, str) else query
        neighbours = self.past.neighbours(analysed.stems)
        evidence = self.past.evidence(neighbours)
        weighed = self._weighed(analysed, neighbours, evidence, limit, Scope(filters or {}, candidates))
        return self._matches(weighed, evidence, limit)

    def described(
        self, query: Query, neighbours: Neighbours, best: int, candidates: Sequence[str] | None = None
    ) -> tuple[list[TextHit], Matrix]:
        """Return the best hits, given the past searches to go by, with their features (n, len(FEATURES))."""
        evidence = self.past.evidence(neighbours)
        weighed = self._weighed(query, neighbours, evidence, best, Scope(candidates=candidates))
        first = weighed.order[:best]
        return [self.index.hit(int(weighed.documents[i]), float(weighed.text[i])) for i in first], weighed.features[
            first
        ]

    def _weighed(self, query: Query, neighbours: Neighbours, evidence: Evidence, limit: int, scope: Scope) -> _Weighed:
        documents, text = self._hits(query, evidence, max(limit, MIN_EXACT), scope)
        witness = evidence.of(documents)
        score = np.round(text + EVIDENCE_WEIGHT * witness * query.mass, 6)
        nearest = max(neighbours.similarities.tolist(), default=0.0)
        described = features(query, text, witness, nearest)
        return _Weighed(documents, text, witness, score, described, np.lexsort((documents, -score)))

    def _matches(self, weighed: _Weighed, evidence: Evidence, limit: int) -> list[Match]:
        best = weighed.order[:limit]
        confidence = self.calibrator.confidence(weighed.features[best]).round(6).tolist()
        found = []
        for i, probability in zip(best.tolist(), confidence, strict=True):
            hit = self.index.hit(int(weighed.documents[i]), float(weighed.text[i]))
            found.append(
                Match(
                    document=hit.document,
                    artifact_id=hit.artifact_id,
                    capability_id=hit.capability_id,
                    score=float(weighed.score[i]),
                    text_score=hit.score,
                    evidence=round(float(weighed.evidence[i]), 6),
                    confidence=probability,
                    intents=evidence.intents_of(hit.document),
                )
            )
        return found

    def _hits(self, query: Query, evidence: Evidence, limit: int, scope: Scope) -> Ranked:
        """Return what the text finds, what only the log finds, and then the other candidates."""
        by_text = self.index.ranked(query, max(POOL if len(evidence.documents) else limit, limit), scope)
        missing = self._missing(query, evidence, by_text, limit)
        parts = [by_text, self.index.scores(query, missing, scope)]
        if scope.candidates is not None:
            offered = self.index.offered(scope)
            rest = ~np.isin(offered.numbers, np.concatenate([part.numbers for part in parts]))
            parts.append(Ranked(offered.numbers[rest], offered.scores[rest]))
        return Ranked(np.concatenate([part.numbers for part in parts]), np.concatenate([part.scores for part in parts]))

    def _missing(self, query: Query, evidence: Evidence, by_text: Ranked, limit: int) -> list[int]:
        """Return the documents with most evidence that the text did not bring up and that may come among the best."""
        lift = EVIDENCE_WEIGHT * query.mass
        least = 0.0
        if lift and len(by_text.numbers) >= limit:  # others have no more text score than the last of these
            fused = np.sort(by_text.scores + lift * evidence.of(by_text.numbers))
            least = (fused[-limit] - by_text.scores[-1]) / lift
        found = set(by_text.numbers.tolist())
        strongest = np.argsort(-evidence.scores, kind="stable")
        hopeful = strongest[evidence.scores[strongest] >= least]
        return [number for number in evidence.documents[hopeful].tolist() if number not in found][:MAX_FROM_LOG]


def features(query: Query, text: Matrix, evidence: Matrix, nearest: float) -> Matrix:
    """Return the calibrator's features (n, len(FEATURES)) of the n hits of one query.

    `text` (n,): BM25; `evidence` (n,); `nearest`: similarity of the most similar past search.
    """
    mass = query.mass or 1.0
    fused = text / mass + EVIDENCE_WEIGHT * evidence
    same = np.ones(len(text))
    columns = {
        "coverage": text / mass,
        "weight": np.log1p(text),
        "evidence": evidence,
        "lead": _leads(fused),
        "first": (fused == max(fused.tolist(), default=0.0)).astype(np.float64),
        "length": log(1 + len(query.terms) + len(query.unknown)) * same,
        "neighbour": nearest * same,
    }
    return np.column_stack([columns[name] for name in FEATURES])


def _leads(fused: Matrix) -> Matrix:
    if len(fused) < 2:
        return np.zeros(len(fused))
    second, first = np.sort(fused)[-2:]
    leads: Matrix = np.where(fused == first, first - second, fused - first)
    return leads


def matcher_of(snapshot: Snapshot) -> Matcher:
    """Return the matcher of a snapshot, opened once: snapshots never change."""
    return _opened(snapshot.text_index_path)


@lru_cache(maxsize=4)
def _opened(path: Path) -> Matcher:
    return Matcher.open(path)


def one_per_object(matches: Iterable[Match]) -> Iterator[Match]:
    """Leave out artifacts as a whole where a capability of theirs is among the matches: the finer answer."""
    kept = list(matches)
    finer = {match.artifact_id for match in kept if match.capability_id is not None}
    return (match for match in kept if match.capability_id is not None or match.artifact_id not in finer)


def text_matcher(matcher: Matcher) -> TextMatcher:
    """Return the matcher in the form in which the job labels bare log queries."""

    def match(texts: Sequence[str], limit: int) -> list[list[TextMatch]]:
        return [
            [
                TextMatch(match.object_id, match.confidence)
                for match in list(one_per_object(matcher.match(text, limit=2 * limit)))[:limit]
            ]
            for text in texts
        ]

    return match
