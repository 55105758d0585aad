"""In which portions the log is counted: some consecutive days of one period each.

A block is small enough for its rows to be joined and grouped in memory, and its counts can be kept for the next run.
Later days never change how earlier ones are put together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.schemas import UNDATED
from queries.counting.decay import PERIOD_DAYS, UNDATED_PERIOD

SEARCHES_AT_ONCE: Final = 600_000
"""A block has no more records of searches, unless one day has."""

_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Block:
    """Some dates (`event_date`) of searches, all of one period."""

    dates: tuple[str, ...]
    period: int


def blocks_of(searches: Mapping[str, int], at_once: int = SEARCHES_AT_ONCE) -> list[Block]:
    """Put dates together to blocks, in order of time. `searches`: how many each date has.

    What is undated, or dated before 1970, is one day and so one block, the first.
    """
    blocks: list[Block] = []
    room = 0
    for period, day in sorted((period_of(day), day) for day in searches):
        room -= searches[day]
        if blocks and blocks[-1].period == period and (room >= 0 or period == UNDATED_PERIOD):
            blocks[-1] = Block((*blocks[-1].dates, day), period)
        else:
            blocks.append(Block((day,), period))
            room = at_once - searches[day]
    return blocks


def period_of(event_date: str) -> int:
    """Return the period of a date as the ledger writes it; `UNDATED_PERIOD` for undated and before 1970.

    >>> period_of("1970-04-01"), period_of("undated")
    (1, -1)
    """
    if event_date == UNDATED:
        return UNDATED_PERIOD
    return max((date.fromisoformat(event_date).toordinal() - _EPOCH) // PERIOD_DAYS, UNDATED_PERIOD)
