"""What does the click model of strength cost, and what is saved by integrating equal items once?

    python -m bench.fit_speed [--searches 20000 200000 1000000]

Searches for 20,000 needs (Zipf 1) that show five of twelve things each, better ones more often and higher; people look
by position. The fit is timed as it is and with every item by itself, in CPU seconds of one process.
"""

from __future__ import annotations

import argparse
from time import process_time
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from queries.evidence.click_models import PBMFit, fit_pbm
from queries.evidence.click_models.random_effects import RandomEffects

NEEDS, THINGS, SHOWN = 20_000, 12, 5
IntArray = npt.NDArray[np.int64]


def counts(searches: int, seed: int) -> tuple[IntArray, ...]:
    """Draw a log; return item, position, impressions and clicks, one row for each item and position."""
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, NEEDS + 1)
    need = rng.choice(NEEDS, searches, p=share / share.sum())
    attraction = rng.beta(1, 2, (NEEDS, THINGS))[need]
    order = np.argsort(-(3 * attraction + rng.standard_normal(attraction.shape)), axis=1)[:, :SHOWN]
    position = np.broadcast_to(np.arange(1, SHOWN + 1), order.shape)
    clicked = rng.random(order.shape) < np.take_along_axis(attraction, order, 1) * position**-0.9
    key, row = np.unique(((need[:, None] * THINGS + order) * (SHOWN + 1) + position).ravel(), return_inverse=True)
    clicks = np.bincount(row, clicked.ravel()).astype(np.int64)
    return key // (SHOWN + 1), key % (SHOWN + 1), np.bincount(row), clicks


def timed(rows: tuple[IntArray, ...]) -> tuple[float, PBMFit]:
    """Fit; return the CPU seconds, too."""
    start = process_time()
    fit = fit_pbm(*rows)
    return process_time() - start, fit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--searches", type=int, nargs="+", default=[20_000, 200_000, 1_000_000])
    for searches in parser.parse_args().searches:
        rows = counts(searches, 1)
        once, fit = timed(rows)
        with patch.object(RandomEffects, "distinct", lambda self: (self, np.arange(self.counts.items))):
            each, alone = timed(rows)
        apart = float(np.abs(fit.attractiveness - alone.attractiveness).max())
        items = len(np.unique(rows[0]))
        print(f"{searches:>10,} searches {items:>9,} items  {once:.2f} s, each by itself {each:.2f} s", end="")
        print(f" ({each / once:.1f} x); largest difference {apart:.0e}")


if __name__ == "__main__":
    main()
