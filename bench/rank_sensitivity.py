"""How much does the order depend on the weights? Each weight 20 % up and down, the others in proportion.

    python -m bench.rank_sensitivity HOME...

For the snapshot in force of each home: Kendall's tau-b between the order with the packaged weights and with the changed
ones, and how many of the first ten stay among the first ten. The change holds for all types at once.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scipy.stats import kendalltau

from graph.home import Home
from graph.snapshot import Snapshot
from queries.ranking.parts.value import PartValue
from queries.ranking.rank import rank_rows
from queries.ranking.rank_weights import PARTS, RankWeights, TypeWeights, load_weights

CHANGES = (0.8, 1.2)
FIRST = 10


def changed(weights: RankWeights, part: str, factor: float) -> RankWeights:
    """Return weights in which one part weighs `factor` times as much, and all still add up to 1."""

    def one(own: TypeWeights) -> TypeWeights:
        scaled = {name: share * (factor if name == part else 1) for name, share in own.weights.items()}
        total = sum(scaled.values())
        return replace(own, weights={name: share / total for name, share in scaled.items()})

    return replace(
        weights, default=one(weights.default), by_type={kind: one(own) for kind, own in weights.by_type.items()}
    )


def parts_of(snapshot: Snapshot) -> tuple[list[str | None], list[dict[str, PartValue]]]:
    """Return the type and the part values of every artifact, by id."""
    values: dict[str, dict[str, PartValue]] = defaultdict(dict)
    for row in snapshot.table("rank_parts").to_pylist():
        presence = json.loads(row["inputs"]).get("presence", 1.0)
        values[row["artifact_id"]][row["part"]] = PartValue(row["value"], row["low"], row["high"], presence=presence)
    ranks = snapshot.table("ranks").sort_by("artifact_id").to_pylist()
    return [row["type"] for row in ranks], [values[row["artifact_id"]] for row in ranks]


def places_of(
    types: Sequence[str | None], values: Sequence[Mapping[str, PartValue]], weights: RankWeights
) -> list[Any]:
    """Return the place of each artifact, None without a rank."""
    return [row.get("place") for row in rank_rows(types, values, weights)]


def compare(before: Sequence[Any], after: Sequence[Any]) -> tuple[float, int]:
    """Return tau-b and how many of the first ten stay."""
    ranked = [(old, new) for old, new in zip(before, after, strict=True) if old is not None]
    tau = kendalltau(*zip(*ranked, strict=True)).statistic
    first = [{i for i, (pair) in enumerate(ranked) if pair[side] <= FIRST} for side in (0, 1)]
    return float(tau), len(first[0] & first[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("homes", metavar="HOME", nargs="+", type=Path)
    weights = load_weights()
    print("| home | artifacts | part | tau, 20 % less | tau, 20 % more | of the first 10 stay, less | more |")
    print("|---|---|---|---|---|---|---|")
    for home in parser.parse_args().homes:
        types, values = parts_of(Snapshot.open(Home(home)))
        before = places_of(types, values, weights)
        for part in PARTS:
            found = [compare(before, places_of(types, values, changed(weights, part, factor))) for factor in CHANGES]
            (less, stay_less), (more, stay_more) = found
            print(f"| {home.name} | {len(types)} | {part} | {less:.3f} | {more:.3f} | {stay_less} | {stay_more} |")


if __name__ == "__main__":
    main()
