"""Match edges: all evidence of one intent and one object in one row."""

from __future__ import annotations

from typing import Any, Final

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot_schemas import EDGES
from queries.counting.engine import Frame
from queries.counting.intents import intent_id

MATCHED: Final = ("times_matched", "clients", "agent_times_matched", "agent_clients")
COUNTS: Final = ("impressions", "clicks", *MATCHED, "successes", "failures")
PAIR: Final = ("intent_key", "object_key")


def pair_counts(shown: Frame, counted: Frame, worked: Frame) -> Frame:
    """Bring the counts of every pair of intent and object together.

    `shown` from `queries.counting.exposures`, `counted` from `choices.count_choices`, `worked` from
    `queries.evidence.success_tables`, the last two by `PAIR`. Returns `PAIR`, `COUNTS`, first_us, last_us.
    """
    parts = [
        _filled(shown.drop("clicks", "position"), ("impressions",)),
        _filled(counted, ("clicks", *MATCHED)),
        _filled(worked, ("successes", "failures")),
    ]
    sums = [nw.col(name).sum().cast(nw.Int64) for name in COUNTS]
    return nw.concat(parts).group_by(*PAIR).agg(*sums, nw.col("first_us").min(), nw.col("last_us").max())


def _filled(part: Frame, present: tuple[str, ...]) -> Frame:
    """Give a part all columns of the union; counts that it does not have are zero, times null."""
    names = part.collect_schema().names()
    absent = [nw.lit(0).cast(nw.Int64).alias(name) for name in COUNTS if name not in present]
    timeless = [nw.lit(None).cast(nw.Int64).alias(name) for name in ("first_us", "last_us") if name not in names]
    return part.with_columns(*absent, *timeless).select(*PAIR, *COUNTS, "first_us", "last_us")


def observed_edges(pairs: Frame, rates: Frame, worked: Frame) -> Frame:
    """Add the strength of every pair that was shown and the success rate of every pair with an outcome."""
    unmeasured = nw.lit(None).cast(nw.Float64).alias("confidence")
    joined = pairs.join(rates, on=list(PAIR), how="left").join(
        worked.drop("successes", "failures"), on=list(PAIR), how="left"
    )
    return joined.with_columns(nw.lit("observed").alias("kind"), unmeasured)


def edge_table(edges: list[pa.Table]) -> pa.Table:
    """Return edges with names (`queries.counting.catalogue.TARGETS` joined) in the columns and the order of `EDGES`."""
    table = pa.concat_tables(edges, promote_options="permissive")
    encoded = pc.dictionary_encode(table["intent_key"]).unify_dictionaries().combine_chunks()
    columns: dict[str, Any] = {name: table[name] for name in table.column_names}
    columns["intent_id"] = _intent_ids(encoded)
    columns["first_seen"], columns["last_seen"] = table["first_us"], table["last_us"]
    made = pa.table({name: columns[name] for name in EDGES.names}).cast(EDGES)
    return made.sort_by([(name, "ascending") for name in ("intent_id", "artifact_id", "capability_id", "kind")])


def _intent_ids(encoded: Any) -> pa.Array:
    array = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
    return pa.array([intent_id(key) for key in array.dictionary.to_pylist()], pa.string()).take(array.indices)
