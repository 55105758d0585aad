"""Head to head: which artifacts were chosen over which, in searches that showed both.

Only asks that count are taken (`queries.counting.asks`), and of them those that led to a choice
(`queries.counting.duels`). Positions are kept as "above" and "below", as who stands above is chosen more often.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import Final

import narwhals as nw
import numpy as np
import pyarrow as pa

from graph.snapshot_schemas import HEAD_TO_HEAD
from queries.counting.duels import ENDINGS
from queries.counting.engine import Engine, Frame
from queries.evidence.davidson import position_advantage

FEWEST_CLIENTS: Final = {"total": 2, "need": 5}
"""Pairs with fewer clients in all, and needs of pairs with fewer, are left out of the table."""

_SCORED: Final = ("points", "ties", "a_above", "b_above")
_PRODUCTS: Final = tuple(combinations_with_replacement(_SCORED, 2))


def head_to_head(engine: Engine, duels: Frame, ids: pa.Array) -> tuple[pa.Table, float]:
    """Return the table `HEAD_TO_HEAD` and the advantage of standing above, as log odds.

    `duels`: from `queries.counting.duels`; `ids`: the artifacts of its `Contestants`.
    """
    again = engine.materialise("met_again", _met_again(duels))
    tables = []
    for name, by in (("total", ("pair",)), ("need", ("pair", "intent_key"))):
        summed = _summed(_alike(duels, again, by), by).filter(nw.col("clients") >= FEWEST_CLIENTS[name])
        tables.append(_table(engine.arrow(summed), ids))
    order = [("artifact_a", "ascending"), ("artifact_b", "ascending"), ("intent_key", "ascending")]
    return pa.concat_tables(tables).sort_by(order), _advantage(tables[1])


def _met_again(rows: Frame) -> Frame:
    """Return the clients that met a pair more than once: pair, client. They are few."""
    met = rows.group_by("pair", "client").agg(nw.len().cast(nw.Int64).alias("times"))
    return met.filter(nw.col("times") > 1).select("pair", "client")


def _alike(rows: Frame, again: Frame, by: tuple[str, ...]) -> Frame:
    """Return `by`, `ENDINGS` of one client, and clients: how many have just these counts.

    Most clients meet a pair once: they are counted by the kind of their duel, without looking at who they are.
    """
    once = rows.join(again, on=["pair", "client"], how="anti")
    kinds = once.group_by(*by, "kind").agg(nw.len().cast(nw.Int64).alias("clients"))
    ones = {name: (nw.col("kind") == place).cast(nw.Int64) for place, name in enumerate(ENDINGS)}
    often = rows.join(again, on=["pair", "client"], how="semi").with_columns(**ones)
    sums = often.group_by(*by, "client").agg(*(nw.col(name).sum().cast(nw.Int64) for name in ENDINGS))
    columns = [*by, *ENDINGS, "clients"]
    alone = sums.with_columns(nw.lit(1).cast(nw.Int64).alias("clients"))
    return nw.concat([kinds.with_columns(**ones).select(*columns), alone.select(*columns)])


def _summed(alike: Frame, by: tuple[str, ...]) -> Frame:
    """Add up the counts of all clients, with the products for the variance."""
    a_above, b_above = (
        sum((nw.col(name) for name in half[1:]), nw.col(half[0])) for half in (ENDINGS[:3], ENDINGS[3:])
    )
    ties = nw.col("a_above_ties") + nw.col("b_above_ties")
    scored = alike.with_columns(
        points=2 * (nw.col("a_above_a") + nw.col("b_above_a")) + ties, ties=ties, a_above=a_above, b_above=b_above
    )
    balance = nw.col("points") - nw.col("a_above") - nw.col("b_above")
    scored = scored.with_columns(
        for_a=(balance > 0).cast(nw.Int64),
        for_b=(balance < 0).cast(nw.Int64),
        **{f"{one}_{two}": nw.col(one) * nw.col(two) for one, two in _PRODUCTS},
    )
    summed = (*ENDINGS, "for_a", "for_b", *(f"{one}_{two}" for one, two in _PRODUCTS))
    return scored.group_by(*by).agg(
        nw.col("clients").sum().cast(nw.Int64),
        *((nw.col(name) * nw.col("clients")).sum().cast(nw.Int64).alias(name) for name in summed),
    )


def _table(sums: pa.Table, ids: pa.Array) -> pa.Table:
    products = [f"{one}_{two}" for one, two in _PRODUCTS]
    columns = {name: sums[name] for name in sums.column_names}
    pairs = sums["pair"].to_numpy()
    columns["artifact_a"], columns["artifact_b"] = (ids.take(pa.array(each)) for each in np.divmod(pairs, len(ids)))
    columns.setdefault("intent_key", pa.nulls(len(sums), pa.int64()))
    values = np.column_stack([sums[name].to_numpy() for name in products]).ravel()
    lists = pa.ListArray.from_arrays(
        np.arange(len(sums) + 1, dtype=np.int32) * len(products), pa.array(values, pa.int64())
    )
    columns["client_products"] = lists
    return pa.table({name: columns[name] for name in HEAD_TO_HEAD.names}).cast(HEAD_TO_HEAD)


def _advantage(needs: pa.Table) -> float:
    """Return the advantage of standing above, need by need: over all needs whoever fits stands above and is chosen."""
    wins_a, wins_b = (
        np.stack([needs[f"{above}_above_{won}"].to_numpy() for above in "ab"]).astype(float) for won in "ab"
    )
    return round(position_advantage(wins_a, wins_b), 6)
