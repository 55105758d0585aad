"""Which artifacts were chosen in the same sessions: counted where the log lies, as integers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from queries.counting.engine import Engine, Frame
from queries.counting.totals import Counting, Gathered, Sums

MAX_IN_SESSION: Final = 50
"""A session with more different choices is a test or a crawler, not a task."""


@dataclass(frozen=True)
class Together:
    """Sessions by what was chosen in them. A session's client is the one with the smallest key."""

    pairs: pa.Table
    """left_id, right_id, sessions, clients (distinct): each two artifacts once, in either order."""
    alone: pa.Table
    """artifact_id, sessions: of each artifact."""
    sessions: int
    """All of them."""


def chosen_together(engine: Engine, counted: Mapping[str, Frame], ids: pa.Array) -> Together:
    """Name what was counted. `counted`: the tables of `SESSIONS`; `ids`: the artifacts of `Contestants`."""
    met = engine.arrow(counted["met"])
    sizes, alone = engine.arrow(counted["sizes"]), engine.arrow(counted["alone"])
    left, right, one = (ids.take(numbers) for numbers in (met["left"], met["right"], alone["number"]))
    return Together(
        pa.table({"left_id": left, "right_id": right, "sessions": met["sessions"], "clients": met["clients"]}),
        pa.table({"artifact_id": one, "sessions": alone["sessions"]}),
        int(pc.sum(sizes["sessions"]).as_py() or 0),
    )


def of_catalogue(chosen: Frame, numbers: Frame) -> Frame:
    """Return what was chosen of the catalogue: unit, client, number (of the artifact).

    `chosen`: from `queries.counting.choices`; `numbers`: from `Contestants`.
    """
    return chosen.select("unit", "client", "object_key").join(numbers, on="object_key", how="inner")


def _sessions(engine: Engine, chosen: Frame) -> Mapping[str, Frame]:
    """Count sessions by how many artifacts were chosen in them, by artifact, and by pair and client.

    `chosen`: from `of_catalogue`; repeated rows change nothing.
    """
    once = chosen.group_by("unit", "number").agg(nw.col("client").min())
    once = engine.materialise("chosen_in_units", once)
    sizes = once.group_by("unit").agg(nw.len().cast(nw.Int64).alias("size"), nw.col("client").min().alias("by"))
    sizes = engine.materialise("units", sizes.filter(nw.col("size") <= MAX_IN_SESSION))
    members = once.join(sizes, on="unit", how="inner")
    several = members.filter(nw.col("size") > 1)
    several = engine.materialise(
        "units_of_several", several.select("unit", nw.col("by").alias("client"), nw.col("number").alias("left"))
    )
    other = several.select("unit", nw.col("left").alias("right"))
    met = several.join(other, on="unit", how="inner").filter(nw.col("left") < nw.col("right"))
    frames = {"sizes": sizes, "alone": members, "pairs": met}
    counts = [nw.len().cast(nw.Int64).alias("sessions")]
    return {name: frames[name].group_by(*sums.by).agg(*counts) for name, sums in SESSIONS.tables.items()}


SESSIONS: Final = Counting(
    name="sessions",
    table="chosen",
    group=("unit",),
    tables={
        "sizes": Sums(("size",), "sessions"),
        "alone": Sums(("number",), "sessions"),
        "pairs": Sums(("left", "right", "client"), "sessions"),
    },
    count=_sessions,
    gathered={"met": Gathered("pairs", ("left", "right"), "clients")},
)
"""Sessions (where there is none, searches) by the artifacts of the catalogue that were chosen in them."""
