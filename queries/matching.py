"""The matcher: from a need in words to capabilities and artifacts, with a confidence.

Two witnesses are added up: how much of the query's words a document holds (BM25), and what similar past searches
chose (`evidence`), weighed by the query's mass, that is by about the score of a document that holds all its words:

    score = BM25 + EVIDENCE_WEIGHT · evidence · mass

Both are on absolute scales: a query unlike any logged one is left to the text alone.
The same matcher answers searches, labels whole files of queries, and labels bare log queries in the job.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from graph.snapshot import Snapshot
from queries.calibration import FEATURES, Calibrator, Matrix, read_calibrator
from queries.inferred import TextMatch, TextMatcher
from queries.past_searches import Evidence, Neighbour, PastSearches
from queries.text_index import Filters, Query, Ranked, TextHit, TextIndex

EVIDENCE_WEIGHT: Final = 2.0
MAX_FROM_LOG: Final = 40
"""At most so many documents that the text did not bring up are taken from the log."""

POOL: Final = 100
"""At least so many documents are looked at before the best are returned."""


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
    """Hits with all that is known of them; `order` holds their positions, best first."""

    hits: list[Ranked]
    evidence: list[Evidence | None]
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
        ranked = self._ranked(analysed, self.past.neighbours(analysed.stems), limit, filters, candidates)
        return [] if ranked is None else self._matches(ranked, limit)

    def described(
        self, query: Query, neighbours: Sequence[Neighbour], best: int, candidates: Sequence[str] | None = None
    ) -> tuple[list[TextHit], Matrix]:
        """Return the best hits, given the past searches to go by, with their features (n, len(FEATURES))."""
        ranked = self._ranked(query, neighbours, best, None, candidates)
        if ranked is None:
            return [], np.zeros((0, len(FEATURES)))
        first = ranked.order[:best]
        return [self.index.hit(*ranked.hits[i]) for i in first], ranked.features[first]

    def _ranked(
        self,
        query: Query,
        neighbours: Sequence[Neighbour],
        limit: int,
        filters: Filters | None,
        candidates: Sequence[str] | None,
    ) -> _Weighed | None:
        evidence = self.past.evidence(neighbours)
        hits = self._hits(query, evidence, max(POOL, 3 * limit), filters, candidates)
        if not hits:
            return None
        known = [evidence.get(document) for document, _ in hits]
        text = np.array([score for _, score in hits])
        witness = np.array([one.score if one else 0.0 for one in known])
        score = np.round(text + EVIDENCE_WEIGHT * witness * query.mass, 6)
        order = np.lexsort((np.array([document for document, _ in hits]), -score))
        surroundings = Surroundings(
            nearest=neighbours[0].similarity if neighbours else 0.0,
            best=self._best_of_all(query, hits, candidates),
            chance=1 / max(len(candidates), 1) if candidates is not None else 0.0,
        )
        described = features(query, text, witness, surroundings)
        return _Weighed(hits, known, score, described, order)

    def _matches(self, ranked: _Weighed, limit: int) -> list[Match]:
        confidence = self.calibrator.confidence(ranked.features)
        return [
            Match(
                document=hit.document,
                artifact_id=hit.artifact_id,
                capability_id=hit.capability_id,
                score=float(ranked.score[i]),
                text_score=hit.score,
                evidence=round(one.score, 6) if one else 0.0,
                confidence=round(float(confidence[i]), 6),
                intents=tuple(one.intents) if one else (),
            )
            for i in ranked.order[:limit].tolist()
            for hit, one in [(self.index.hit(*ranked.hits[i]), ranked.evidence[i])]
        ]

    def _best_of_all(self, query: Query, hits: Sequence[Ranked], candidates: Sequence[str] | None) -> float:
        """Return the best BM25 score that the query has without the restriction to candidates."""
        if candidates is not None:
            hits = self.index.ranked(query, limit=1)
        return max((score for _, score in hits), default=0.0)

    def _hits(
        self,
        query: Query,
        evidence: Mapping[int, Evidence],
        limit: int,
        filters: Filters | None,
        candidates: Sequence[str] | None,
    ) -> list[Ranked]:
        """Return what the text finds, what only the log finds, and then the other candidates."""
        hits = self.index.ranked(query, limit=limit, filters=filters, candidates=candidates)
        found = {document for document, _ in hits}
        missing = sorted(set(evidence) - found, key=lambda document: (-round(evidence[document].score, 9), document))
        hits += self.index.scores(query, missing[:MAX_FROM_LOG], filters=filters, candidates=candidates)
        if candidates is not None:
            found = {document for document, _ in hits}
            hits += [hit for hit in self.index.offered(candidates, filters) if hit[0] not in found]
        return hits


@dataclass(frozen=True)
class Surroundings:
    """What the confidence of a query's hits depends on beside their scores."""

    nearest: float
    """Similarity of the most similar past search."""
    best: float
    """The best BM25 score of all documents, candidates or not."""
    chance: float
    """1 / number of given candidates; 0 without candidates."""


def features(query: Query, text: Matrix, evidence: Matrix, around: Surroundings) -> Matrix:
    """Return the calibrator's features (n, len(FEATURES)) of the n hits of one query; `text` and `evidence`: (n,)."""
    mass = query.mass or 1.0
    fused = text / mass + EVIDENCE_WEIGHT * evidence
    same = np.ones(len(text))
    columns = {
        "coverage": text / mass,
        "weight": np.log1p(text),
        "evidence": evidence,
        "lead": _leads(fused),
        "outdone": (1 - text.max() / around.best if around.best > 0 else 0.0) * same,
        "chance": around.chance * same,
        "first": (fused == fused.max()).astype(np.float64),
        "length": log(1 + len(query.terms) + len(query.unknown)) * same,
        "neighbour": around.nearest * same,
    }
    return np.column_stack([columns[name] for name in FEATURES])


def _leads(fused: Matrix) -> Matrix:
    if len(fused) == 1:
        return np.zeros(1)
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
