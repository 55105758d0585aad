"""What must be known of the whole log before a part of it can be counted.

Which records of a search do not count because an earlier one does, which events belong to no recorded search, and on
which dates the events of a date's searches lie. Everything else is counted date by date. `queries.counting.indexing`
finds it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from queries.counting.orphans import Adopted

LATEST_US: Final = (1 << 62) - 1


@dataclass(frozen=True)
class LogIndex:
    """Where everything lies, and what is left out."""

    now_us: int
    searches: Mapping[str, int]
    """How many records of searches each date has; dates with adopted ones only are there too."""
    event_dates: Mapping[str, frozenset[str]]
    """For each date with searches: the dates on which their events lie."""
    future_dates: frozenset[str]
    """Dates on which something lies that a later `now` would count."""
    repeated: pa.Table
    """search_key, content_hash, event_date: records that do not count, as another one of their search does."""
    adopted: Adopted
    """Searches made up for events whose search nobody recorded."""
    report: dict[str, int]
    """What was left out, by reason."""
