"""What was judged for needs: which documents are right and which are wrong. What nobody judged is neither.

Explicit grades, kept apart from choices (`queries.counting.judgments`): above 0 is right, 0 or less is wrong. A need
for which nothing but 0 was given is no evidence of what is right, so `queries.retrieval.past_searches` does not know
it, but it tells how much a confidence is worth.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import pyarrow as pa

from queries.retrieval.past_pulls import documents_of


class Judged(NamedTuple):
    """A need with the numbers of the documents that were judged for it."""

    text: str
    right: frozenset[int]
    wrong: frozenset[int]

    @property
    def documents(self) -> list[int]:
        """Numbers of all that was judged, ascending."""
        return sorted(self.right | self.wrong)


NOTHING_JUDGED: Final = Judged("", frozenset(), frozenset())


def judged_needs(judgments: pa.Table, intents: pa.Table, objects: pa.Table) -> dict[int, Judged]:
    """Return what was judged for each intent whose text is known, by its key, in order of the keys.

    Tables as in `graph.snapshot_schemas`; `objects`: artifact_id and capability_id of each document. Judgments of
    what is not in the index are left out, and so is an intent of which nothing else was judged.
    """
    texts = dict(zip(intents["intent_key"].to_pylist(), intents["label"].to_pylist(), strict=True))
    sides: dict[int, tuple[set[int], set[int]]] = {}
    rows = zip(
        judgments["intent_key"].to_pylist(), documents_of(judgments, objects).tolist(), judgments["grade"].to_pylist(),
        strict=True,
    )  # fmt: skip
    for key, document, grade in rows:
        if document >= 0 and texts.get(key):
            sides.setdefault(key, (set(), set()))[grade <= 0].add(document)
    judged = {key: (frozenset(right), frozenset(wrong)) for key, (right, wrong) in sorted(sides.items())}
    return {key: Judged(texts[key], *found) for key, found in judged.items()}
