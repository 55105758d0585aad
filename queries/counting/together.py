"""Which artifacts were chosen in the same sessions: counted where the log lies, as integers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import narwhals as nw
import pyarrow as pa

from queries.counting.engine import Engine, Frame

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


def chosen_together(engine: Engine, chosen: Frame) -> Together:
    """Count the sessions (where there is none, searches) in which artifacts of the catalogue were chosen.

    `chosen`: unit, client, target (the artifact's key), artifact_id, catalogued; repeated rows change nothing.
    """
    named = chosen.filter(nw.col("catalogued")).select("target", "artifact_id").unique()
    once = chosen.filter(nw.col("catalogued")).group_by("unit", "target").agg(nw.col("client").min())
    once = engine.materialise("chosen_in_units", once)
    sizes = once.group_by("unit").agg(nw.len().cast(nw.Int64).alias("size"), nw.col("client").min().alias("by"))
    sizes = engine.materialise("units", sizes.filter(nw.col("size") <= MAX_IN_SESSION))
    members = once.join(sizes, on="unit", how="inner")
    several = engine.materialise("units_of_several", members.filter(nw.col("size") > 1).select("unit", "by", "target"))
    other = several.select("unit", nw.col("target").alias("other"))
    met = several.join(other, on="unit", how="inner").filter(nw.col("target") < nw.col("other"))
    by_client = met.group_by("target", "other", "by").agg(nw.len().cast(nw.Int64).alias("sessions"))
    pairs = by_client.group_by("target", "other").agg(
        nw.col("sessions").sum().cast(nw.Int64), nw.len().cast(nw.Int64).alias("clients")
    )
    left = named.select("target", nw.col("artifact_id").alias("left_id"))
    right = named.select(nw.col("target").alias("other"), nw.col("artifact_id").alias("right_id"))
    named_pairs = pairs.join(left, on="target", how="inner").join(right, on="other", how="inner")
    alone = members.group_by("target").agg(nw.len().cast(nw.Int64).alias("sessions"))
    counted = engine.arrow(sizes.select(nw.len().cast(nw.Int64).alias("sessions")))
    return Together(
        engine.arrow(named_pairs.select("left_id", "right_id", "sessions", "clients")),
        engine.arrow(alone.join(named, on="target", how="inner").select("artifact_id", "sessions")),
        int(counted["sessions"][0].as_py()),
    )
