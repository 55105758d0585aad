"""The search answers given last: people ask the same again and again.

Only the finding is kept; each answer still goes out with an id and tokens of its own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from queries.answers.search import SearchAnswer

MAX_HITS: Final = 30_000
"""Kept at most over all answers; a hit takes about 2 KB."""


class RecentAnswers:
    """The answers given last, least recently used ones dropped first. For one thread: the event loop's."""

    def __init__(self, max_hits: int = MAX_HITS) -> None:
        self._answers: OrderedDict[Hashable, SearchAnswer] = OrderedDict()
        self._max_hits = max_hits
        self._hits = 0

    def get(self, question: Hashable) -> SearchAnswer | None:
        """Return the answer to a question, if it is kept."""
        answer = self._answers.get(question)
        if answer is not None:
            self._answers.move_to_end(question)
        return answer

    def put(self, question: Hashable, answer: SearchAnswer) -> None:
        """Keep an answer; one without hits counts as one hit."""
        if question not in self._answers:
            self._hits += _size(answer)
        self._answers[question] = answer
        while self._hits > self._max_hits:
            self._hits -= _size(self._answers.popitem(last=False)[1])


def _size(answer: SearchAnswer) -> int:
    return max(1, len(answer.hits))
