"""Counts of duels for the head to head of two artifacts: how often, by how many clients, and how much these differ.

A client's duels are added up before anything else, for the variance that is clustered by client.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations_with_replacement
from typing import Final

import narwhals as nw

from queries.counting.duels import ENDINGS
from queries.counting.engine import Engine, Frame
from queries.counting.totals import Counting, Sums

SCORED: Final = ("points", "ties", "a_above", "b_above")
PRODUCTS: Final = tuple(combinations_with_replacement(SCORED, 2))
"""Of each client's sums; added up over clients."""


def _met(engine: Engine, duels: Frame) -> Mapping[str, Frame]:
    """Add up duels: `Sums.by`, clients, `ENDINGS`, for_a, for_b (clients), `PRODUCTS`. Rows as `duels` makes them."""
    again = engine.materialise("met_again", _met_again(duels))
    return {name: _summed(_alike(duels, again, sums.by), sums.by) for name, sums in MET.tables.items()}


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
        **{f"{one}_{two}": nw.col(one) * nw.col(two) for one, two in PRODUCTS},
    )
    summed = (*ENDINGS, "for_a", "for_b", *(f"{one}_{two}" for one, two in PRODUCTS))
    return scored.group_by(*by).agg(
        nw.col("clients").sum().cast(nw.Int64),
        *((nw.col(name) * nw.col("clients")).sum().cast(nw.Int64).alias(name) for name in summed),
    )


MET: Final = Counting(
    name="met",
    table="duels",
    group=("pair", "client"),
    tables={"total": Sums(("pair",), "clients"), "need": Sums(("pair", "intent_key"), "clients")},
    count=_met,
)
"""Duels of every pair of artifacts, in all and for every intent."""
