"""How far can one client bend what all things share, the examination of the places and the prior?

    python -m bench.shared_influence [--searches 2000 20000 120000]

One client says all that the limits let him say (`queries.counting.robust`), in one period or for ever, in the most
one-sided way: 2 asks for each of 30 needs, in which whatever stands at one place is always chosen, or nothing ever is;
the same things at the same places, or others each time; the asks that teach are for the commonest needs or the rarest.
The model is fitted to the honest log of `bench.simulators`, all of which teaches, with and without him. Printed is the
largest change of a strength, how far it goes beyond the bound that is proved for given shared parameters, how
surprising at most was what he taught (nats), and how far beyond that allows, in the worst case.
"""

from __future__ import annotations

import argparse
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from bench.influence import most_at_once, strength_bounds, surprise
from bench.simulators import Settings, simulate
from queries.counting.robust import ASKS_PER_CLIENT, ASKS_PER_INTENT, TAUGHT_BY_CLIENT
from queries.evidence.click_models import ListCounts, fit_pbm, list_counts

INTENTS: Final = ASKS_PER_CLIENT // ASKS_PER_INTENT
THINGS: Final = 10
PLACES: Final = (1, 3, 5, 10)

FloatArray = npt.NDArray[np.float64]
Columns = tuple[npt.ArrayLike, ...]
"""Item, position, impressions, clicks, impressions that teach, clicks that teach."""


def one_sided(place: int, chosen: float, mixed: bool, rare: bool, asks: float, seed: int) -> Columns:
    """What the client adds. `chosen`: share of asks that choose at `place`; `rare`: which needs teach."""
    rng = np.random.default_rng(seed)
    things = np.array([rng.permutation(THINGS) if mixed else np.arange(THINGS) for _ in range(INTENTS)])
    item = (np.arange(INTENTS)[:, None] * THINGS + things).ravel()
    position = np.tile(np.arange(1, THINGS + 1), INTENTS)
    clicked = np.where(position == place, chosen, 0.0)
    need = item // THINGS
    taught = asks / ASKS_PER_INTENT * (need >= INTENTS - TAUGHT_BY_CLIENT if rare else need < TAUGHT_BY_CLIENT)
    return item, position, np.full(len(item), asks), clicked * asks, taught, clicked * taught


def largest(counts: ListCounts, asks: float, seed: int) -> tuple[float, float, float, float]:
    """Over all shapes that are tried: change of a strength, distance beyond the bound, surprise, room for surprise.

    The room is that of section 6 of docs/robustness.md, at the strength with the most.
    """
    shown, clicked = counts.impressions.astype(float), counts.clicks.astype(float)
    base = (counts.item, counts.position, shown, clicked)
    before = fit_pbm(*base, items=INTENTS * THINGS)
    low, high = strength_bounds(*base, before, asks)
    found = []
    for place, chosen, mixed, rare in product(PLACES, (0.0, 1.0), (False, True), (False, True)):
        added = one_sided(place, chosen, mixed, rare, asks, seed)
        both = [np.concatenate(pair) for pair in zip((*base, shown, clicked), added, strict=True)]
        fit = fit_pbm(both[0], both[1], both[2], both[3], items=INTENTS * THINGS, taught=(both[4], both[5]))
        after = fit.attractiveness
        moved, beyond = np.abs(after - before.attractiveness).max(), np.maximum(low - after, after - high).max()
        surprised = surprise(base, (added[0], added[1], added[4], added[5]), before)
        found.append((moved, beyond, surprised, np.sqrt(2 * surprised * before.shared_variance).max()))
    most = np.max(found, axis=0).tolist()
    return most[0], most[1], most[2], most[3]


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
            moved, beyond, surprised, room = np.max(found, axis=0)
            told = f"moved {moved:.3f}, beyond the bound {beyond:+.3f}; surprise {surprised:.1f}, room {room:.3f}"
            print(f"{searches:>9,} searches, {name:10}: {told}", flush=True)


if __name__ == "__main__":
    main()
