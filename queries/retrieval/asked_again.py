"""Past needs asked again, each as if it had not been logged: the examples that weights and confidence are fitted to.

What a need chose, or was judged relevant to it, is right, other hits are wrong: who chose looked at some of them, and
one thing known to serve makes the others second best. Where nothing is known that is right, as all that was judged is
not, what was judged is wrong and of other hits nothing is known. Judged needs are asked once more among what was
judged for them: there everything is known, also that nothing fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from queries.retrieval.calibration import Matrix
from queries.retrieval.judged import NOTHING_JUDGED, Judged
from queries.retrieval.matching import Matcher
from queries.retrieval.weighing import Weighed

MAX_SEARCHES: Final = 2_000

HITS: Final = 5
"""So many hits of every search are examples for the confidence, right or wrong."""


@dataclass(frozen=True)
class Past:
    """A past need to be asked again."""

    text: str
    number: int | None
    """Among the past searches; None if nothing is known that is right for it."""
    judged: Judged


@dataclass(frozen=True)
class Again:
    """A past need asked as if it had not been logged."""

    weighed: Weighed
    right: npt.NDArray[np.bool_]
    """(n,) which hits it chose, or were judged right for it."""
    known: npt.NDArray[np.bool_]
    """(n,) of which hits it is known whether they are right."""
    served: bool
    """Whether anything is known that is right."""
    count: float
    """For how many searches it counts, 0 to 1: as much as its edges pull, and as its clients are many."""

    @property
    def telling(self) -> bool:
        """Whether it says anything of how much a confidence is worth."""
        return self.served or bool(self.known[self.weighed.order[:HITS]].any())


def past_needs(matcher: Matcher, judged: Mapping[int, Judged]) -> list[Past]:
    """Return up to `MAX_SEARCHES` needs, spread over all past intents of which a text is shown and all judged ones."""
    numbers = {key: number for number, key in enumerate(matcher.past.keys().tolist())}
    needs = [
        Past(text, numbers.get(key), judged.get(key, NOTHING_JUDGED))
        for key in sorted(numbers.keys() | judged.keys())
        if (text := matcher.past.describe(numbers[key])[1] if key in numbers else judged[key].text)
    ]
    return _spread(needs)


def asked_again(matcher: Matcher, need: Past, opinions: float) -> Again:
    """Ask a need of all that there is; it counts for `opinions` searches at most unless it was judged."""
    weighed = matcher.weighed(matcher.analyse(need.text), HITS, without=need.number)
    pulls = {} if need.number is None else matcher.past.pulls_of(need.number)
    right = pulls.keys() - need.judged.wrong
    known = np.ones(len(weighed.documents), np.bool_) if right else _among(weighed, need.judged.wrong)
    count = 1.0 if need.judged.documents else opinions
    if pulls:
        count *= min(1.0, sum(pulls.values()) / len(pulls))
    return Again(weighed, _among(weighed, right), known, bool(right), count)


def asked_among(matcher: Matcher, judged: Mapping[int, Judged]) -> list[Again]:
    """Ask each of up to `MAX_SEARCHES` judged needs among what was judged for it, which is all that is known there.

    Of one for which nothing was judged wrong it says whether that fits, beside needs for which nothing does.
    """
    numbers = {key: number for number, key in enumerate(matcher.past.keys().tolist())}
    found = []
    for need in _spread([Past(each.text, numbers.get(key), each) for key, each in judged.items() if each.documents]):
        artifacts, capabilities = matcher.index.ids(np.array(need.judged.documents))
        offered = [capability or artifact for artifact, capability in zip(artifacts, capabilities, strict=True)]
        weighed = matcher.weighed(matcher.analyse(need.text), HITS, without=need.number, candidates=offered)
        right, known = _among(weighed, need.judged.right), _among(weighed, need.judged.documents)
        if known[weighed.order[:HITS]].any():  # not so where capabilities of a judged artifact take all places
            found.append(Again(weighed, right, known, bool(need.judged.right), 1.0))
    return found


def best_hits(found: Sequence[Again], hits: int) -> tuple[Matrix, npt.NDArray[np.bool_], Matrix, npt.NDArray[np.int64]]:
    """Return features (n, len(FEATURES)) of the best hits of each, whether right, how often each counts, whose.

    Left out are hits of which it is not known whether they are right.
    """
    best = [(again, again.weighed.order[:hits]) for again in found]
    known = [(again, places[again.known[places]]) for again, places in best]
    return (
        np.concatenate([again.weighed.features[places] for again, places in known]),
        np.concatenate([again.right[places] for again, places in known]),
        np.concatenate([np.full(len(places), again.count) for again, places in known]),
        np.concatenate([again.weighed.documents[places] for again, places in known]),
    )


def _among(weighed: Weighed, documents: Any) -> npt.NDArray[np.bool_]:
    return np.isin(weighed.documents, list(documents))


def _spread(needs: Sequence[Past]) -> list[Past]:
    places = np.unique(np.linspace(0, max(len(needs) - 1, 0), min(len(needs), MAX_SEARCHES)).astype(np.int64))
    return [needs[place] for place in places.tolist()]
