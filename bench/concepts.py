"""How many linked capabilities are the same thing, and how many that are the same are linked.

    python -m bench.concepts DATA

`bench/judgments/concept_pairs.csv` holds what we read and judged: two ids, and whether who needs the one is served by
the other. The pairs are those of `bench.concept_pairs`, judged before anybody looked at what the engine says of them.
Precision: the linked among them that are the same, with Wilson's interval (1927), 95 %. Recall: each stratum counts
for all of its pairs, so it is of the pairs of similarity 0.25 and more; what is less alike was not read.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable
from math import sqrt
from pathlib import Path

from bench.concept_pairs import GROUPS, Pair, Strata, catalogue, strata

JUDGMENTS = Path(__file__).parent / "judgments" / "concept_pairs.csv"


def judged() -> dict[Pair, bool]:
    """Return the judgments."""
    with JUDGMENTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["capability_a"], row["capability_b"]): row["same"] == "1" for row in rows}


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share.

    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    """
    z, share = 1.96, right / count
    middle, half = share + z * z / (2 * count), z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - half) / (1 + z * z / count), (middle + half) / (1 + z * z / count)


def same_in(found: Strata, groups: Iterable[str], band: str, judgments: dict[Pair, bool]) -> float:
    """Return how many pairs of a band are the same: of each group the share among the judged, times all its pairs."""
    count = 0.0
    for group in groups:
        known = [judgments[pair] for pair in found.get((group, band), ()) if pair in judgments]
        count += sum(known) / len(known) * len(found[group, band]) if known else 0.0
    return count


def line(name: str, groups: tuple[str, ...], found: Strata, judgments: dict[Pair, bool]) -> str:
    """Write the line of some groups of pairs."""
    linked = [pair for group in groups for pair in found.get((group, "linked"), ())]
    known = [judgments[pair] for pair in linked if pair in judgments]
    low, high = wilson(sum(known), len(known))
    same = {band: same_in(found, groups, band, judgments) for band in ("linked", "near", "far")}
    recall = same["linked"] / sum(same.values())
    others = " | ".join(
        f"{sum(pair in judgments for group in groups for pair in found.get((group, band), ()))} of "
        f"{sum(len(found.get((group, band), ())) for group in groups)} {band} judged, {same[band]:.0f} the same"
        for band in ("near", "far")
    )
    precision = f"{sum(known)} / {len(known)} = {sum(known) / len(known):.3f} [{low:.3f}, {high:.3f}]"
    return f"{name:10s} | {len(linked):5d} | {precision} | {recall:.3f} | {others}"


def main() -> None:
    """Print precision and recall of each group of pairs and of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    found, judgments = strata(data, catalogue(data)), judged()
    print("pairs | linked | right / judged = precision, 95 % interval | recall | less alike")
    for group in GROUPS:
        print(line(group, (group,), found, judgments))
    print(line("all", GROUPS, found, judgments))


if __name__ == "__main__":
    main()
