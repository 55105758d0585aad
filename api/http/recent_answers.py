"""The search answers given last: people ask the same again and again.

Only the finding is kept; each answer still goes out with an id and tokens of its own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from api.http.prepared_search import PreparedSearch

MAX_BYTES: Final = 64 << 20
"""Kept at most over all answers; an answer of ten hits takes about 6 kB."""


class RecentAnswers:
    """The answers given last, least recently used ones dropped first. For one thread: the event loop's."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._answers: OrderedDict[Hashable, PreparedSearch] = OrderedDict()
        self._max_bytes = max_bytes
        self._bytes = 0

    def get(self, question: Hashable) -> PreparedSearch | None:
        """Return the answer to a question, if it is kept."""
        answer = self._answers.get(question)
        if answer is not None:
            self._answers.move_to_end(question)
        return answer

    def put(self, question: Hashable, answer: PreparedSearch) -> None:
        """Keep an answer."""
        kept = self._answers.pop(question, None)
        if kept is not None:
            self._bytes -= kept.size
        self._answers[question] = answer
        self._bytes += answer.size
        while self._bytes > self._max_bytes:
            self._bytes -= self._answers.popitem(last=False)[1].size
