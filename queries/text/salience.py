"""How telling a word is, whatever the catalogue: by the length of its vector.

The token vectors (`queries.text.encoders.token_table`) were fitted so that their sum points where the meaning of a text
does. A word that decides what a text is about ("segmentation", "recipe") has a long one, a word that is said with
anything ("possible", "friend") a short one. In a small catalogue both may be rare:

    salience(t) = (|v_t| / TYPICAL) ** POWER

with v_t the shortest vector of the words whose index term is t, which is that of the commonest form. What the table
does not know is a name or of another language, and counts like the mean of its terms.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from queries.text.encoders.token_table import token_table
from queries.text.tokens import stem

TYPICAL: Final = 0.95
"""Length of the vector of the median word of a query: with it scores stay as large as they are without."""

POWER: Final = 0.75


def salience(term: str) -> float:
    """Return how telling an index term is, about 0.6 to 1.6."""
    known, unknown = _known()
    return known.get(term, unknown)


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, float], float]:
    """Return the salience of every term that the table knows, and of others; rounded, to be the same anywhere."""
    words, lengths = token_table().lengths()
    known: dict[str, float] = {}
    for term, value in zip(stem(words), ((lengths / TYPICAL) ** POWER).round(4).tolist(), strict=True):
        known[term] = min(value, known.get(term, value))
    return known, round(sum(known.values()) / len(known), 4)
