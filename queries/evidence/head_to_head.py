"""Head to head: which artifacts were chosen over which, in searches that showed both.

Only asks that count are taken (`queries.counting.asks`), and of them those that led to a choice. A search is won by
what was chosen over each other thing that it showed; where both were chosen it is a tie. Positions are kept as "above"
and "below", as who stands above is chosen more often.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Final

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot_schemas import HEAD_TO_HEAD
from queries.counting.engine import Engine, Frame
from queries.evidence.davidson import position_advantage

FEWEST_CLIENTS: Final = {"total": 2, "need": 5}
"""Pairs with fewer clients in all, and needs of pairs with fewer, are left out of the table."""

_COUNTS: Final = ("a_above_a", "a_above_b", "a_above_ties", "b_above_a", "b_above_b", "b_above_ties")
_SCORED: Final = ("points", "ties", "a_above", "b_above")
_PRODUCTS: Final = tuple(combinations_with_replacement(_SCORED, 2))


def head_to_head(engine: Engine, shown: Frame, described: pa.Table) -> tuple[pa.Table, float]:
    """Return the table `HEAD_TO_HEAD` and the advantage of standing above, as log odds.

    `shown`: from `queries.counting.faced`; `described`: from `queries.counting.catalogue.targets`. Things that it lacks
    are left out.
    """
    described = described.filter(described["catalogued"])
    ids = pa.array(sorted(set(described["artifact_id"].to_pylist())), pa.string())
    numbers = pc.index_in(described["artifact_id"], value_set=ids).cast(pa.int64())
    known = engine.register("duel_numbers", pa.table({"object_key": described["object_key"], "number": numbers}))
    rows = engine.materialise("duels", _duels(shown.join(known, on="object_key", how="inner")))
    tables = []
    for name, by in (("total", ("a", "b")), ("need", ("a", "b", "intent_key"))):
        summed = _sums(rows, by).filter(nw.col("clients") >= FEWEST_CLIENTS[name])
        tables.append(_table(engine.arrow(summed), ids))
    order = [("artifact_a", "ascending"), ("artifact_b", "ascending"), ("intent_key", "ascending")]
    return pa.concat_tables(tables).sort_by(order), _advantage(tables[1])


def _duels(shown: Frame) -> Frame:
    """Return one row for each search and pair of artifacts with a choice: client, intent_key, a < b, and who won."""
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
    winner_above = nw.col("winner_position") < nw.col("position")
    return pairs.select(
        "client",
        "intent_key",
        nw.min_horizontal("number", "winner").alias("a"),
        nw.max_horizontal("number", "winner").alias("b"),
        (a_wins == winner_above).alias("above"),
        (a_wins & (nw.col("picked") == 0)).alias("a_won"),
        (nw.col("picked") == 1).alias("tied"),
    )


def _sums(rows: Frame, by: tuple[str, ...]) -> Frame:
    """Add up the duels of each client, then those of all clients, with the products for the variance."""
    above, won, tied = nw.col("above"), nw.col("a_won"), nw.col("tied")
    lost = ~won & ~tied
    counted = {
        "a_above_a": above & won, "a_above_b": above & lost, "a_above_ties": above & tied,
        "b_above_a": ~above & won, "b_above_b": ~above & lost, "b_above_ties": ~above & tied,
    }  # fmt: skip
    flags = rows.with_columns(**{name: rule.cast(nw.Int64) for name, rule in counted.items()})
    sums = flags.group_by(*by, "client").agg(*(nw.col(name).sum().cast(nw.Int64) for name in counted))
    ties = nw.col("a_above_ties") + nw.col("b_above_ties")
    scored = sums.with_columns(
        points=2 * (nw.col("a_above_a") + nw.col("b_above_a")) + ties,
        ties=ties,
        a_above=nw.col("a_above_a") + nw.col("a_above_b") + nw.col("a_above_ties"),
        b_above=nw.col("b_above_a") + nw.col("b_above_b") + nw.col("b_above_ties"),
    )
    balance = nw.col("points") - nw.col("a_above") - nw.col("b_above")
    scored = scored.with_columns(
        for_a=(balance > 0).cast(nw.Int64),
        for_b=(balance < 0).cast(nw.Int64),
        **{f"{one}_{two}": nw.col(one) * nw.col(two) for one, two in _PRODUCTS},
    )
    summed = (*_COUNTS, "for_a", "for_b", *(f"{one}_{two}" for one, two in _PRODUCTS))
    return scored.group_by(*by).agg(
        nw.len().cast(nw.Int64).alias("clients"), *(nw.col(name).sum().cast(nw.Int64) for name in summed)
    )


def _table(sums: pa.Table, ids: pa.Array) -> pa.Table:
    products = [f"{one}_{two}" for one, two in _PRODUCTS]
    columns = {name: sums[name] for name in sums.column_names}
    columns["artifact_a"], columns["artifact_b"] = (ids.take(sums[name].combine_chunks()) for name in ("a", "b"))
    columns.setdefault("intent_key", pa.nulls(len(sums), pa.int64()))
    values = np.column_stack([sums[name].to_numpy() for name in products]).ravel()
    lists = pa.ListArray.from_arrays(
        np.arange(len(sums) + 1, dtype=np.int32) * len(products), pa.array(values, pa.int64())
    )
    columns["client_products"] = lists
    return pa.table({name: columns[name] for name in HEAD_TO_HEAD.names}).cast(HEAD_TO_HEAD)


def _advantage(needs: pa.Table) -> float:
    """Return the advantage of standing above, need by need: over all needs whoever fits stands above and is chosen."""
    rows = needs.sort_by([(name, "ascending") for name in ("artifact_a", "artifact_b", "intent_key")]).to_pylist()
    pairs = [((row["a_above_a"], row["b_above_a"]), (row["a_above_b"], row["b_above_b"])) for row in rows]
    return round(position_advantage(pairs), 6)
