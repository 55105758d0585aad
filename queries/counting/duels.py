"""Duels: which of two artifacts that one search showed was chosen, and which stood above.

A search is won by what was chosen over each other thing that it showed; where both were chosen it is a tie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from queries.counting.engine import Frame

ENDINGS: Final = ("a_above_a", "a_above_b", "a_above_ties", "b_above_a", "b_above_b", "b_above_ties")
"""How a search can end for two things, by who stood above and who was chosen. A duel's `kind` is its place here."""


@dataclass(frozen=True)
class Contestants:
    """The artifacts of the catalogue by number."""

    ids: pa.Array
    """The artifact of each number, in order of ids."""
    numbers: pa.Table
    """object_key, number: of artifacts and of their capabilities."""

    @classmethod
    def of(cls, described: pa.Table) -> Contestants:
        """Number the artifacts of `queries.counting.catalogue.targets`; what the catalogue lacks takes no part."""
        described = described.filter(described["catalogued"])
        ids = pa.array(sorted(set(described["artifact_id"].to_pylist())), pa.string())
        numbers = pc.index_in(described["artifact_id"], value_set=ids).cast(pa.int64())
        return cls(ids, pa.table({"object_key": described["object_key"], "number": numbers}))

    def things(self, listed: Mapping[str, str]) -> Contestants:
        """Return them with all names of one thing under the number of the name by which it is listed.

        `listed`: name → that name, for things that have several.
        """
        number = {one: place for place, one in enumerate(self.ids.to_pylist())}
        thing = np.arange(len(number))
        for name, head in listed.items():
            if name in number and head in number:
                thing[number[name]] = number[head]
        numbers = pa.array(thing[self.numbers["number"].to_numpy()], pa.int64())
        return Contestants(self.ids, self.numbers.set_column(1, "number", numbers))


def duels(faced: Frame, numbers: Frame, artifacts: int) -> Frame:
    """Return one row for each search and pair of artifacts with a choice: client, intent_key, pair, kind.

    `faced`: from `queries.counting.faced`; `numbers`: from `Contestants`, of so many `artifacts`. `pair` is
    a * artifacts + b for the numbers a < b, `kind` a place in `ENDINGS`.
    """
    shown = faced.join(numbers, on="object_key", how="inner")
    once = shown.group_by("search_key", "number").agg(
        nw.col("client").min(), nw.col("intent_key").min(), nw.col("position").min(), nw.col("picked").max()
    )
    winners = once.filter(nw.col("picked") == 1).select(
        "search_key", nw.col("number").alias("winner"), nw.col("position").alias("winner_position")
    )
    pairs = once.join(winners, on="search_key", how="inner").filter(nw.col("number") != nw.col("winner"))
    # A tie is met twice, once for each of the two; it is kept where the winner has the smaller number.
    pairs = pairs.filter((nw.col("picked") == 0) | (nw.col("winner") < nw.col("number")))
    a_wins = nw.col("winner") < nw.col("number")
    a_above = a_wins == (nw.col("winner_position") < nw.col("position"))
    ended = nw.when(nw.col("picked") == 1).then(nw.lit(2)).when(a_wins).then(nw.lit(0)).otherwise(nw.lit(1))
    a, b = nw.min_horizontal("number", "winner"), nw.max_horizontal("number", "winner")
    return pairs.select(
        "client",
        "intent_key",
        (a * artifacts + b).cast(nw.Int64).alias("pair"),
        (ended + nw.when(a_above).then(nw.lit(0)).otherwise(nw.lit(3))).cast(nw.Int64).alias("kind"),
    )
