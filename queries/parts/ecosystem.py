"""Ecosystem: how an artifact stands among the others, from who names it and who shares its concepts."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any, Final

from queries.parts.value import PartValue, known, log_share, not_known

FORMULA: Final = (
    "mean over the known figures of log(1 + count) / log(1 + full count), each at most 1; "
    "range: the same with counts n - sqrt(n) and n + sqrt(n) + 1, as for a count that came by chance (Poisson)"
)


def ecosystem(counts: Mapping[str, int | None], full: Mapping[str, float], named_by: list[str]) -> PartValue:
    """Return the ecosystem part from counts of distinct other artifacts; None counts are not known.

    `counts` and `full` have the keys `named_by` and `shares_concepts_with`; `named_by` lists up to a few of those who
    name it, for the inputs.
    """
    figures = {name: count for name, count in counts.items() if count is not None}
    if not figures:
        return not_known("the catalogue has no other artifact, or no text or capability to compare")
    shares = [log_share(count, full[name]) for name, count in figures.items()]
    low = [log_share(count - sqrt(count), full[name]) for name, count in figures.items()]
    high = [log_share(count + sqrt(count) + 1, full[name]) for name, count in figures.items()]
    inputs: dict[str, Any] = {"counts": figures, "full": {name: full[name] for name in figures}}
    if named_by:
        inputs["named_by"] = named_by
    return known(*(sum(each) / len(each) for each in (shares, low, high)), **inputs)
