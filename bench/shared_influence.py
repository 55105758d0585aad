"""How far can one client bend what all things share, the examination of the places and the prior? Measured, not proved.

    python -m bench.shared_influence [--searches 2000 20000 120000]

One client says all that the limits let him say (`queries.counting.robust`), in one period or for ever, in the most
one-sided way: 2 asks for each of 30 needs, in which whatever stands at one place is always chosen, or nothing ever is;
the same things at the same places, or others each time. The model is fitted to the honest log of `bench.simulators`
with and without him. Printed is the largest change of a strength, and how far it goes beyond the bound that is proved
for given shared parameters.
"""

from __future__ import annotations

import argparse
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from bench.influence import most_at_once, strength_bounds
from bench.simulators import Settings, simulate
from queries.counting.robust import ASKS_PER_CLIENT, ASKS_PER_INTENT
from queries.evidence.click_models import ListCounts, fit_pbm, list_counts

INTENTS: Final = ASKS_PER_CLIENT // ASKS_PER_INTENT
THINGS: Final = 10
PLACES: Final = (1, 3, 5, 10)

FloatArray = npt.NDArray[np.float64]
Columns = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], FloatArray, FloatArray]


def one_sided(place: int, chosen: float, mixed: bool, asks: float, seed: int) -> Columns:
    """What the client adds: item, position, impressions, clicks. `chosen`: share of asks that choose at `place`."""
    rng = np.random.default_rng(seed)
    things = np.array([rng.permutation(THINGS) if mixed else np.arange(THINGS) for _ in range(INTENTS)])
    item = (np.arange(INTENTS)[:, None] * THINGS + things).ravel()
    position = np.tile(np.arange(1, THINGS + 1), INTENTS)
    return item, position, np.full(len(item), asks), np.where(position == place, chosen * asks, 0.0)


def largest(counts: ListCounts, asks: float, seed: int) -> tuple[float, float]:
    """Largest change of a strength, and largest distance beyond the bound, over all shapes that are tried."""
    base = (counts.item, counts.position, counts.impressions, counts.clicks)
    before = fit_pbm(*base, items=INTENTS * THINGS)
    low, high = strength_bounds(*base, before, asks)
    moved, beyond = [], []
    for place, chosen, mixed in product(PLACES, (0.0, 1.0), (False, True)):
        added = one_sided(place, chosen, mixed, asks, seed)
        both = [np.concatenate(pair) for pair in zip(base, added, strict=True)]
        after = fit_pbm(both[0], both[1], both[2], both[3], items=INTENTS * THINGS).attractiveness
        moved.append(float(np.abs(after - before.attractiveness).max()))
        beyond.append(float(np.maximum(low - after, after - high).max()))
    return max(moved), max(beyond)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--searches", type=int, nargs="+", default=[2_000, 20_000, 120_000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    given = parser.parse_args()
    for searches in given.searches:
        for name, asks in (("one period", float(ASKS_PER_INTENT)), ("for ever", most_at_once(ASKS_PER_INTENT))):
            found = []
            for seed in given.seeds:
                log = simulate("pbm", seed, Settings(intents=INTENTS, artifacts=THINGS, sessions=searches))
                found.append(largest(list_counts(*log.rows()), asks, seed))
            moved, beyond = np.max(found, axis=0)
            print(f"{searches:>9,} searches, {name:10}: moved {moved:.3f}, beyond the bound {beyond:+.3f}", flush=True)


if __name__ == "__main__":
    main()
