"""The matcher: from a need in words to capabilities and artifacts, with a confidence.

Five witnesses are weighed (`queries.retrieval.fusion`): how much of the query's words a document holds (BM25), how near
its meaning is (`queries.retrieval.meaning`), what similar past searches chose (`queries.retrieval.past_searches`), and
how near the query is to what the document was chosen for, in meaning (`queries.retrieval.asked`) and in words
(`queries.retrieval.wordings`). The score is their weighted sum
times the query's mass, that is about the score of a document that holds all its words. All are on absolute scales: a
query unlike any logged one is left to words and meaning. The same matcher answers searches, labels whole files of
queries, and labels bare log queries in the job.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from graph.errors import DamagedHome, WrongUse
from graph.snapshot import Snapshot
from queries.counting.inferred import TextMatch
from queries.retrieval.analysis import Query
from queries.retrieval.calibration import FEATURES, Calibrator, read_calibrator
from queries.retrieval.familiarity import familiarity
from queries.retrieval.fusion import WITNESSES, Fusion, read_fusion
from queries.retrieval.matches import Found, Match, matches_of
from queries.retrieval.meaning import Documents, Matrix, Meaning
from queries.retrieval.odds import anything
from queries.retrieval.order_of_hits import order_hits, order_hits_of_each
from queries.retrieval.past_evidence import evidence_for
from queries.retrieval.past_searches import PastSearches
from queries.retrieval.text_index import EVERYTHING, Covered, Filters, Scope, TextIndex
from queries.retrieval.weighing import Need, Weighed, beside, finest, of_first
from queries.retrieval.wordings import terms_of

MAX_FROM_LOG: Final = 40
"""At most so many documents that the words did not bring up are taken from the log, and as many from the meaning."""

MIN_COSINE: Final = 0.25
"""A document that shares no word with the query is no hit if its meaning is farther away."""

BLOCK: Final = 64
"""So many of many texts are matched side by side."""

POOL: Final = 60
"""At least so many documents that hold words of the query are weighed: confidence depends on the others too."""


@dataclass(frozen=True)
class Ask:
    """What a matcher is asked: see `Matcher.match`."""

    query: Query
    limit: int
    scope: Scope = EVERYTHING
    artifacts: int | None = None
    objects: int | None = None
    """Of the best so many, after those are left out that `one_per_object` leaves out: these alone are made."""


class Matcher:
    """Text index, meanings, past searches, weights and calibrator of one snapshot. Safe to use from several threads."""

    def __init__(
        self, index: TextIndex, meaning: Meaning, past: PastSearches, fusion: Fusion, calibrator: Calibrator
    ) -> None:
        self.index = index
        self.meaning = meaning
        self.past = past
        self.fusion = fusion
        self.calibrator = calibrator

    @classmethod
    def open(cls, path: Path) -> Matcher:
        """Open the text index in a folder; raises `DamagedHome`, `WrongUse` if its encoder is not installed."""
        try:
            meaning = Meaning.open(path)
        except WrongUse as error:
            remedy = "Install it for whoever searches, or run: matchgraph recompute"
            raise WrongUse(f"The text index {path} was made with an encoder of its own. {error} {remedy}") from error
        except (ValueError, OSError) as error:
            raise DamagedHome(f"The vectors in {path} cannot be read ({error}). Run: matchgraph recompute") from error
        return cls(TextIndex.open(path), meaning, PastSearches.open(path), read_fusion(path), read_calibrator(path))

    def analyse(self, text: str) -> Query:
        """Return the query's terms; a word that only past searches know is not corrected."""
        return self.index.analyse(text, also_known=self.past.knows)

    def match(
        self,
        query: Query | str,
        *,
        limit: int,
        filters: Filters = (),
        candidates: Sequence[str] | None = None,
        without: Sequence[str] = (),
        artifacts: int | None = None,
    ) -> list[Match]:
        """Return the best matches, best first; equal scores in order of document number.

        With `candidates` (ids of artifacts or capabilities) all of them are ranked, those without any sign last;
        what is in `without` is not looked at, nor a rival of what is found.
        `artifacts`: of the best matches only those that belong to the first so many artifacts.
        """
        analysed = self.analyse(query) if isinstance(query, str) else query
        return self.match_each([Ask(analysed, limit, Scope(filters, candidates, without), artifacts)])[0]

    def match_each(self, asks: Sequence[Ask]) -> list[list[Match]]:
        """Return what `match` returns for each of a few asks, each step taken for all of them before the next one.

        So the processor keeps each step's code at hand (Zhou & Ross 2004, "Buffering database operations for enhanced
        instruction cache performance", SIGMOD).
        """
        if not asks:
            return []
        needs = self._needs([ask.query for ask in asks])
        weighed = self._weighed(needs, [ask.limit for ask in asks], [ask.scope for ask in asks])
        every = zip(asks, needs, weighed, strict=True)
        found = self._finest(asks, [self._found(*each) for each in every])
        return matches_of(found, self.index, self.calibrator)

    def _finest(self, asks: Sequence[Ask], found: Sequence[Found]) -> Sequence[Found]:
        """Leave the first `objects` of what `one_per_object` keeps where these are asked for."""
        if all(ask.objects is None for ask in asks):
            return found
        documents = np.concatenate([each.weighed.documents[each.best] for each in found])
        owners, whole = self.index.owners(documents).tolist(), self.index.whole(documents).tolist()
        ends = pairwise([0, *accumulate(len(each.best) for each in found)])
        kept = [finest(owners[begin:end], whole[begin:end]) for begin, end in ends]
        return [
            each if ask.objects is None else each._replace(best=each.best[places[: ask.objects]])
            for ask, each, places in zip(asks, found, kept, strict=True)
        ]

    def _found(self, ask: Ask, need: Need, weighed: Weighed) -> Found:
        """Return the hits that are asked for."""
        best = weighed.order[: ask.limit]
        if ask.artifacts is not None:
            best = best[of_first(self.index.owners(weighed.documents[best]), ask.artifacts)]
        familiar = self.familiarity(weighed) if ask.scope.everything else 1.0
        return Found(weighed, best, need.evidence, familiar, ask.scope)

    def match_all(
        self,
        texts: Sequence[str],
        *,
        limit: int,
        candidates: Sequence[Sequence[str] | None] | None = None,
        objects: int | None = None,
    ) -> Iterator[list[Match]]:
        """Yield what `match` returns for each of many texts, with candidates for each; `BLOCK` of them at a time.

        `objects`: only the first so many of what `one_per_object` keeps.
        """
        scopes = [Scope(candidates=each) for each in candidates or [None] * len(texts)]
        for start in range(0, len(texts), BLOCK):
            block = zip(texts[start : start + BLOCK], scopes[start : start + BLOCK], strict=True)
            yield from self.match_each(
                [Ask(self.analyse(text), limit, scope, objects=objects) for text, scope in block]
            )

    def weighed(
        self, query: Query, limit: int, *, without: int | None = None, candidates: Sequence[str] | None = None
    ) -> Weighed:
        """Return the hits with their witnesses and features; `without` asks as if a past intent were not there."""
        (need,) = self._needs([query], without)
        if without is not None:
            vector, pulls = self.meaning.vector(self.past.words_of(without)), self.past.pulls_of(without)
            own = {document: pull * vector for document, pull in pulls.items()}
            need = replace(need, without=own, without_need=(without, pulls))
        return self._weighed([need], [limit], [Scope(candidates=candidates)])[0]

    def _needs(self, queries: Sequence[Query], without: int | None = None) -> list[Need]:
        said = [query.text if any(map(str.isalpha, query.stems)) else "" for query in queries]  # no numbers, no codes
        neighbours = self.past.neighbours([query.stems for query in queries], without=without)
        evidence = self.past.evidence(neighbours)
        vectors = [self.meaning.vector(text) for text in said]
        terms = [terms_of(text) for text in said]
        return [Need(*known) for known in zip(queries, vectors, neighbours, evidence, terms, strict=True)]

    def _weighed(self, needs: Sequence[Need], limits: Sequence[int], scopes: Sequence[Scope]) -> list[Weighed]:
        """Return the hits of each need: all of them side by side in arrays (n,), as far as the steps go that way."""
        hits = self._hits(needs, limits, scopes)
        counts = [len(found.numbers) for found in hits]
        ends = np.cumsum([0, *counts])
        parts = [slice(*part) for part in pairwise(ends.tolist())]
        documents, text, coverage = map(np.concatenate, zip(*hits, strict=True))
        asked = [(need, documents[part]) for need, part in zip(needs, parts, strict=True)]
        cosines = np.concatenate([self.meaning.cosines(need.vector, found) for need, found in asked])
        evidence = evidence_for([need.evidence for need in needs], documents, counts)
        masses = np.array([need.query.mass for need in needs])
        normal = np.array([self.meaning.mean_and_spread(need.vector) for need in needs])
        mean, spread = np.repeat(normal, counts, axis=0).T
        columns = {
            "words": text / np.repeat(np.where(masses == 0, 1.0, masses), counts),
            "meaning": np.maximum((cosines - mean) / spread, 0.0),
            "neighbours": np.sqrt(evidence),
            "asked": np.concatenate([self.past.asked.of(need.vector, found, need.without) for need, found in asked]),
            "wordings": self._wordings(needs, documents, ends),
        }
        witnesses = beside([columns[name] for name in WITNESSES])
        untold = np.concatenate([self.index.untold(need.query, found) for need, found in zip(needs, hits, strict=True)])
        score, order, features = order_hits_of_each(
            ends, witnesses, np.array(self.fusion.weights), self.index.owners(documents), documents, masses, coverage,
            untold, text, self.index.large,
        )  # fmt: skip
        known: Sequence[npt.NDArray[Any]] = (
            *(documents, text, cosines, evidence, coverage, untold, witnesses),
            *(score, features, order),
        )
        every = zip(masses.tolist(), parts, strict=True)
        return [Weighed(mass, *[column[part] for column in known]) for mass, part in every]

    def _wordings(self, needs: Sequence[Need], documents: Documents, ends: Documents) -> Matrix:
        """Return how much of the needs' terms others held that chose documents (n,), see `Wordings.of_each`."""
        if all(need.without_need is None for need in needs):
            return self.past.wordings.of_each([need.terms for need in needs], documents, ends)
        parts = [documents[slice(*part)] for part in pairwise(ends.tolist())]
        asked = zip(needs, parts, strict=True)
        return np.concatenate([self.past.wordings.of(need.terms, part, need.without_need) for need, part in asked])

    def ordered(self, weighed: Weighed) -> Weighed:
        """Return hits with score, order and the features that follow from them under the weights of this matcher."""
        score, order, features = order_hits(
            weighed.witnesses, np.array(self.fusion.weights), self.index.owners(weighed.documents), weighed.documents,
            weighed.mass, weighed.coverage, weighed.untold, weighed.text, self.index.large,
        )  # fmt: skip
        return weighed.with_order(score, features, order)

    def familiarity(self, weighed: Weighed) -> float:
        """Return what the log says of how likely anything fits, see `queries.retrieval.familiarity`.

        It says so of searches of everything, as its own are asked again; where few hits are allowed few compete.
        """
        if not self.calibrator.served:
            return 1.0
        alone_odds = weighed.features[:, FEATURES.index("alone")]
        return familiarity(anything(alone_odds, weighed.order), self.calibrator.served)

    def _hits(self, needs: Sequence[Need], limits: Sequence[int], scopes: Sequence[Scope]) -> list[Covered]:
        """Return what the words find, what only log or meaning find, and then the other candidates."""
        queries = [need.query for need in needs]
        allowed = [self.index.allowed(scope) for scope in scopes]
        by_text = self.index.ranked_each(queries, [max(POOL, limit) for limit in limits], allowed)
        missing = [self._missing(need, found) for need, found in zip(needs, by_text, strict=True)]
        hits = [[*parts] for parts in zip(by_text, self.index.scores_of_each(queries, missing, allowed), strict=True)]
        for query, scope, may, parts in zip(queries, scopes, allowed, hits, strict=True):
            if scope.candidates is not None:
                parts.append(self.index.offered(query, may, np.concatenate([part.numbers for part in parts])))
        return [Covered(*map(np.concatenate, zip(*parts, strict=True))) for parts in hits]

    def _missing(self, need: Need, by_text: Covered) -> npt.NDArray[np.int64]:
        """Return the documents with most evidence, and those nearest in meaning, that the words did not bring up."""
        strongest = need.evidence.documents[np.argsort(-need.evidence.scores, kind="stable")[:MAX_FROM_LOG]]
        nearest = self.meaning.nearest(need.vector, MAX_FROM_LOG)
        if len(nearest):
            nearest = nearest[self.meaning.cosines(need.vector, nearest) >= MIN_COSINE]
        found = set(by_text.numbers.tolist())
        every = dict.fromkeys([*strongest.tolist(), *nearest.tolist()])
        return np.array([number for number in every if number not in found], np.int64)


def matcher_of(snapshot: Snapshot) -> Matcher:
    """Return the matcher of a snapshot, opened once: snapshots never change."""
    return _opened(snapshot.text_index_path)


@lru_cache(maxsize=4)
def _opened(path: Path) -> Matcher:
    return Matcher.open(path)


def text_matches(folder: Path, texts: Sequence[str], limit: int) -> list[list[TextMatch]]:
    """Match texts by the text index in a folder, opened once for them: how the job labels bare log queries."""
    found = Matcher.open(folder).match_all(texts, limit=2 * limit, objects=limit)
    return [[TextMatch(match.object_id, match.confidence) for match in matches] for matches in found]
