"""Head to head: which artifacts were chosen over which, in searches that showed both.

Only asks that count are taken (`queries.counting.asks`), and of them those that led to a choice. A search is won by
what was chosen over each other thing that it showed; where both were chosen it is a tie. Positions are kept as "above"
and "below", as who stands above is chosen more often.
"""

from __future__ import annotations

from collections.abc import Sequence
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
"""How a search can end for two things, by who stood above and who was chosen. A duel's `kind` is its place here."""
_SCORED: Final = ("points", "ties", "a_above", "b_above")
_PRODUCTS: Final = tuple(combinations_with_replacement(_SCORED, 2))


def head_to_head(engine: Engine, faced: Sequence[Frame], described: pa.Table) -> tuple[pa.Table, float]:
    """Return the table `HEAD_TO_HEAD` and the advantage of standing above, as log odds.

    `faced`: frames of `queries.counting.faced`, no search in two of them; `described`: from
    `queries.counting.catalogue.targets`. Things that it lacks are left out.
    """
    described = described.filter(described["catalogued"])
    ids = pa.array(sorted(set(described["artifact_id"].to_pylist())), pa.string())
    numbers = pc.index_in(described["artifact_id"], value_set=ids).cast(pa.int64())
    known = engine.register("duel_numbers", pa.table({"object_key": described["object_key"], "number": numbers}))
    parts = [part.join(known, on="object_key", how="inner") for part in faced]
    rows = nw.concat([engine.materialise(f"duels_{i}", _duels(part, len(ids))) for i, part in enumerate(parts)])
    again = engine.materialise("met_again", _met_again(rows))
    tables = []
    for name, by in (("total", ("pair",)), ("need", ("pair", "intent_key"))):
        summed = _summed(_alike(rows, again, by), by).filter(nw.col("clients") >= FEWEST_CLIENTS[name])
        tables.append(_table(engine.arrow(summed), ids))
    order = [("artifact_a", "ascending"), ("artifact_b", "ascending"), ("intent_key", "ascending")]
    return pa.concat_tables(tables).sort_by(order), _advantage(tables[1])


def _duels(shown: Frame, artifacts: int) -> Frame:
    """Return one row for each search and pair of artifacts with a choice: client, intent_key, pair, kind.

    `pair` is a * artifacts + b for the numbers a < b.
    """
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


def _met_again(rows: Frame) -> Frame:
    """Return the clients that met a pair more than once: pair, client. They are few."""
    met = rows.group_by("pair", "client").agg(nw.len().cast(nw.Int64).alias("times"))
    return met.filter(nw.col("times") > 1).select("pair", "client")


def _alike(rows: Frame, again: Frame, by: tuple[str, ...]) -> Frame:
    """Return `by`, `_COUNTS` of one client, and clients: how many have just these counts.

    Most clients meet a pair once: they are counted by the kind of their duel, without looking at who they are.
    """
    once = rows.join(again, on=["pair", "client"], how="anti")
    kinds = once.group_by(*by, "kind").agg(nw.len().cast(nw.Int64).alias("clients"))
    ones = {name: (nw.col("kind") == place).cast(nw.Int64) for place, name in enumerate(_COUNTS)}
    often = rows.join(again, on=["pair", "client"], how="semi").with_columns(**ones)
    sums = often.group_by(*by, "client").agg(*(nw.col(name).sum().cast(nw.Int64) for name in _COUNTS))
    columns = [*by, *_COUNTS, "clients"]
    alone = sums.with_columns(nw.lit(1).cast(nw.Int64).alias("clients"))
    return nw.concat([kinds.with_columns(**ones).select(*columns), alone.select(*columns)])


def _summed(alike: Frame, by: tuple[str, ...]) -> Frame:
    """Add up the counts of all clients, with the products for the variance."""
    a_above, b_above = (
        sum((nw.col(name) for name in half[1:]), nw.col(half[0])) for half in (_COUNTS[:3], _COUNTS[3:])
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
    summed = (*_COUNTS, "for_a", "for_b", *(f"{one}_{two}" for one, two in _PRODUCTS))
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
