"""Head to head: which artifacts were chosen over which, in searches that showed both.

Names of one thing are one contestant, under the name by which it is listed, as if the catalogue had one entry for it.
Only asks that count are taken (`queries.counting.asks`), and of them those that led to a choice
(`queries.counting.duels`). Positions are kept as "above" and "below", as who stands above is chosen more often.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import narwhals as nw
import numpy as np
import pyarrow as pa

from graph.snapshot_schemas import HEAD_TO_HEAD
from queries.counting.duel_counts import PRODUCTS
from queries.counting.engine import Engine, Frame
from queries.evidence.davidson import position_advantage

METHOD: Final = "duels-2"
"""Version of what counts as a duel: those of all names of a thing are its own."""

FEWEST_CLIENTS: Final = {"total": 2, "need": 5}
"""Pairs with fewer clients in all, and needs of pairs with fewer, are left out of the table."""


def head_to_head(engine: Engine, met: Mapping[str, Frame], ids: pa.Array) -> tuple[pa.Table, float]:
    """Return the table `HEAD_TO_HEAD` and the advantage of standing above, as log odds.

    `met`: the tables of `queries.counting.duel_counts.MET`; `ids`: the artifacts of `Contestants`.
    """
    tables = []
    for name, fewest in FEWEST_CLIENTS.items():
        tables.append(_table(engine.arrow(met[name].filter(nw.col("clients") >= fewest)), ids))
    order = [("artifact_a", "ascending"), ("artifact_b", "ascending"), ("intent_key", "ascending")]
    return pa.concat_tables(tables).sort_by(order), _advantage(tables[1])


def _table(sums: pa.Table, ids: pa.Array) -> pa.Table:
    products = [f"{one}_{two}" for one, two in PRODUCTS]
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
