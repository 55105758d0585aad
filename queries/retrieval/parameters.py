"""Whether a query says what a function must be told: "a table for two" does not say where, which a call has to.

Functions state which parameters they require; a query gives values: numbers, names, quoted texts, addresses, and, less
surely, any word that the function itself does not use. How much is left untold,

    untold = exp(−(values + DOUBTFUL × other words) / required) − USUAL,

speaks against the function (`queries.retrieval.odds`); of a thing that states no parameters it is 0.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int8]

DOUBTFUL: Final = 0.25
"""What a word counts that the function does not hold, beside a value that looks like one."""

USUAL: Final = 0.25
"""The part that is untold in a usual request, about which that of things without parameters says nothing."""

MOST: Final = 127
"""More required parameters than this are not counted."""

_NAMES: Final = ("parameters", "input_schema", "inputSchema")
_VALUE = re.compile(
    r"""
    "[^"]+" | (?<!\w)'[^']+'(?!\w) | `[^`]+`                               # quoted
    | (?<!\S)\S*(?:\d|@|://|\w[./]\w)\S*                                  # number, code, address, file
    | (?<![.!?:;\n]\s)(?<=\s)[A-Z]\w+(?:[ '-]+[A-Z]\w*)*                 # name: a capital inside a sentence
    """,
    re.VERBOSE,
)
"""Each alternative begins where few texts do, so that no text takes more than time in proportion to its length."""


def required(extra: str | None) -> int:
    """Return how many values a call takes at least according to a description's fields beside those of the schema.

    One where parameters are described and none is required: whoever calls a function that can be told something has
    something to say. 0 where it is not stated which are required.

    >>> required('{"parameters": [{"name": "city", "required": true}, {"name": "unit", "required": false}]}')
    1
    >>> required('{"inputSchema": {"properties": {"from": {}, "to": {}}, "required": ["from", "to"]}}'), required(None)
    (2, 0)
    """
    if extra is None or '"required"' not in extra:
        return 0
    fields = json.loads(extra)
    return min(MOST, max(_required(fields.get(name)) for name in _NAMES))


def _required(parameters: Any) -> int:
    if isinstance(parameters, dict) and isinstance(parameters.get("required"), list):
        return max(1, len(parameters["required"]))
    if isinstance(parameters, list):
        stated = [each["required"] for each in parameters if isinstance(each, dict) and "required" in each]
        return max(1, stated.count(True)) if stated else 0
    return 0


def stated_values(text: str) -> int:
    """Return how many parts of a query look like values.

    >>> stated_values("A movie in San Francisco at 8:30, 'Supernatural' or so"), stated_values("Find me a movie?")
    (3, 0)
    """
    return sum(1 for _ in _VALUE.finditer(text))


def untold(stated: int, others: Matrix, needed: Counts) -> Matrix:
    """Return how much more than usual is untold to functions that take so many values (n,), 0 where they take none.

    `stated`: values in the query; `others` (n,): words of it that each function does not hold.

    >>> untold(1, np.array([4.0, 0.0, 0.0]), np.array([2, 1, 0])).round(2).tolist()
    [0.12, 0.12, 0.0]
    """
    found: Matrix = np.exp(-(stated + DOUBTFUL * others) / np.maximum(needed, 1))
    return np.where(needed > 0, found - USUAL, 0.0)
