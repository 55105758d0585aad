"""What a search is asked, whether it can be answered, and what the matcher is asked for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from graph.errors import WrongUse
from graph.snapshot import Snapshot
from queries.answers.constraints import ANYTHING, Constraints, check_known
from queries.answers.one_thing import all_listed, names_of
from queries.retrieval.analysis import Query
from queries.retrieval.matching import Ask, matcher_of
from queries.retrieval.text_index import Scope
from queries.text.tokens import words

BEST: Final = 10
"""So many matches are the best: where many are alike, each is unlikely and one of them is right all the same."""

DIVERSITY_WHEN_DIFFERENT: Final = 0.4

_POOL_WHEN_DIVERSE: Final = 5
"""Artifacts to choose from for each shown."""

_MORE_WITH_NAMES: Final = 2
"""So many times as many artifacts are looked at where some may be one thing: who asks for ten gets ten things."""

MATCHES_FOR_EACH: Final = 10
"""Capabilities matched for each artifact shown."""

MATCHES_FOR_EACH_AT_MOST: Final = 30
"""The same where a few artifacts hold them all."""


class Question(NamedTuple):
    """What `queries.answers.search.search` is asked."""

    query: str
    wanted: Constraints = ANYTHING
    limit: int = 10
    different_from: str | None = None
    diversity: float | None = None


@dataclass(frozen=True)
class Plan:
    """A question that can be answered, with what follows from it."""

    question: Question
    analysed: Query
    diversity: float
    pool: int
    """So many artifacts are to be found."""
    looked_at: int
    """The best matches of so many artifacts are read."""
    unwanted: Mapping[str, Any] | None
    left_out: Sequence[str]

    def ask(self, for_each: int = MATCHES_FOR_EACH) -> Ask:
        """What the matcher is asked, for so many capabilities for each artifact shown."""
        scope = Scope(self.question.wanted.facets(), without=self.left_out)
        return Ask(self.analysed, for_each * self.question.limit, scope, self.looked_at)


def planned(snapshot: Snapshot, question: Question) -> Plan:
    """Check a question and see what follows from it; raises as `queries.answers.search.search` does."""
    query, wanted, limit, different_from, diversity = question
    matcher = matcher_of(snapshot)
    check_known(wanted, matcher.index.has_facet, lambda name: dict(matcher.index.facet_values(name)))
    unwanted = _unwanted(snapshot, different_from)
    if diversity is None:
        diversity = 0.0 if unwanted is None else DIVERSITY_WHEN_DIFFERENT
    if limit < 1 or not 0 <= diversity <= 1:
        raise WrongUse("The limit must be at least 1, and diversity between 0 and 1.")
    need = query if query.strip() or unwanted is None else _does(unwanted)
    pool = limit if diversity == 0 else _POOL_WHEN_DIVERSE * limit
    looked_at = max(pool * (_MORE_WITH_NAMES if all_listed(snapshot) else 1), BEST)
    left_out = [] if unwanted is None else names_of(snapshot, unwanted["artifact_id"])
    return Plan(question, matcher.analyse(need), diversity, pool, looked_at, unwanted, left_out)


def _unwanted(snapshot: Snapshot, name: str | None) -> dict[str, Any] | None:
    if name is None:
        return None
    from queries.answers.names import resolve_artifact  # asked for only here: it reads every name

    return snapshot.rows("artifacts", artifact_id=resolve_artifact(snapshot, name))[0]


def _does(artifact: Mapping[str, Any]) -> str:
    """What an artifact does, as a need: its description and tags without its own name."""
    named = set(words(artifact["name"] or ""))
    text = " ".join([artifact["description"] or "", *(artifact["tags"] or ())])
    return " ".join(word for word in words(text) if word not in named)
