"""What a matcher answers: hits with their reasons, made for several searches side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from queries.retrieval.calibration import Calibrator
from queries.retrieval.past_evidence import Evidence, intents_for
from queries.retrieval.text_index import Scope, TextIndex
from queries.retrieval.weighing import Weighed, finest


class Match(msgspec.Struct, frozen=True, gc=False):
    """A hit with its reasons. `capability_id` is None where the artifact as a whole was matched."""

    document: int
    artifact_id: str
    capability_id: str | None
    score: float
    text_score: float
    """The part of the score that comes from the words: BM25."""
    meaning: float
    """Cosine of the meaning of query and document."""
    evidence: float
    """What similar past searches chose, 0 to 2."""
    confidence: float
    """Probability that the hit is right."""
    intents: tuple[int, ...] = ()
    """Numbers of the past intents that the evidence comes from, most similar first."""
    familiar: float = 1.0
    """What the confidence was multiplied with, the same for all hits: see `queries.retrieval.familiarity`."""

    @property
    def object_id(self) -> str:
        """Id of the capability, or of the artifact where it was matched as a whole."""
        return self.capability_id or self.artifact_id


class Found(NamedTuple):
    """The hits of a search that are shown."""

    weighed: Weighed
    best: npt.NDArray[np.intp]
    """Their positions, the best first."""
    evidence: Evidence
    familiar: float
    scope: Scope
    """What was looked at."""


def matches_of(found: Sequence[Found], index: TextIndex, calibrator: Calibrator) -> list[list[Match]]:
    """Return the hits of each of some searches, at least one."""
    counts = [len(each.best) for each in found]
    familiar = np.repeat([each.familiar for each in found], counts)
    of_few = np.repeat([each.scope.narrowed for each in found], counts)
    offered = np.repeat([each.scope.candidates is not None for each in found], counts)
    shown = map(np.concatenate, zip(*map(_shown, found), strict=True))
    features, documents, score, text, cosines, evidence = shown
    intents = intents_for([each.evidence for each in found], documents, counts)
    confidence = familiar * calibrator.confidence(features, documents, of_few=of_few, offered=offered)
    columns = (
        *(documents.tolist(), *index.ids(documents), score.tolist(), text.tolist()),
        *(cosines.round(6).tolist(), evidence.round(6).tolist(), confidence.round(6).tolist()),
        *(intents, familiar.tolist()),
    )
    every = list(map(Match, *columns))
    return [every[slice(*part)] for part in pairwise([0, *accumulate(counts)])]


def _shown(found: Found) -> list[npt.NDArray[Any]]:
    """Return the features of the hits (n, len(FEATURES)), and what is shown of them as it is, (n,) each."""
    known = found.weighed
    columns = (known.features, known.documents, known.score, known.text, known.cosines, known.evidence)
    return [column[found.best] for column in columns]


def one_per_object(matches: Iterable[Match]) -> Iterator[Match]:
    """Leave out artifacts as a whole where a capability of theirs is among the matches: the finer answer."""
    kept = list(matches)
    places = finest([match.artifact_id for match in kept], [match.capability_id is None for match in kept])
    return (kept[place] for place in places)
