"""What do the limits on one client cost where everybody is honest? Figures of docs/robustness.md.

    python -m bench.caps [--seeds 1 2 3]

In the simulated world of `bench.simulators` 2,000 busy people search 60 times each within 60 days, or nobody says who
searches. The job's own rules (`queries.counting.asks`) say which searches count; the position-based model is fitted to
all of them and to those, and compared with the truth.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bench.click_models import within_intent_tau
from bench.simulators import Log, Settings, simulate
from queries.counting.asks import COUNTS, Earlier, first_asks, levels
from queries.counting.engines import open_engine
from queries.counting.search_log import ANONYMOUS, DAY_US
from queries.evidence.click_models import fit_pbm, list_counts

CLIENTS: Final = 2_000
DAYS: Final = 60

BoolArray = npt.NDArray[np.bool_]


def counting(log: Log, seed: int, *, anonymous: bool) -> BoolArray:
    """Say which searches count, (searches,), if each is a random client's on a random day, all of one period."""
    rng = np.random.default_rng(seed)
    searches = len(log.intent)
    day = np.sort(rng.integers(0, DAYS, searches))
    client = np.full(searches, ANONYMOUS) if anonymous else rng.permutation(np.arange(searches) % CLIENTS + 1)
    columns: Mapping[str, npt.NDArray[np.int64]] = {
        "search_key": np.arange(searches), "client": client, "intent_key": log.intent, "day": day,
        "ts_us": day * DAY_US + np.arange(searches),
    }  # fmt: skip
    table = pa.table({**columns, "network_key": pa.nulls(searches, pa.int64())})
    with tempfile.TemporaryDirectory() as folder, open_engine("duckdb", _no_files, Path(folder)) as engine:
        asks = engine.materialise("asks", first_asks(engine, engine.register("searches", table)))
        found = engine.arrow(levels(engine, asks, Earlier.none(engine)))
    counted = np.zeros(searches, np.bool_)
    counted[found["search_key"].to_numpy()[found["level"].to_numpy() == COUNTS]] = True
    return counted


def _no_files(_table: str) -> list[str]:
    return []


def tau_and_coverage(log: Log, counted: BoolArray) -> tuple[float, float]:
    """Fit to the searches that count: Kendall's tau within intents, and the share of intervals that hold the truth."""
    search, item, position, clicked = log.rows()
    rows = counted[search]
    counts = list_counts(search[rows], item[rows], position[rows], clicked[rows])
    truth = log.attractiveness.ravel()
    fit = fit_pbm(counts.item, counts.position, counts.impressions, counts.clicks, items=len(truth))
    covered = (fit.low <= truth) & (truth <= fit.high)
    return within_intent_tau(log.attractiveness, fit.attractiveness), float(covered.mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    for seed in parser.parse_args().seeds:
        log = simulate("pbm", seed, Settings())
        everything = np.ones(len(log.intent), np.bool_)
        cases = {
            "no limits": everything,
            "the job's limits": counting(log, seed, anonymous=False),
            "nobody says who": counting(log, seed, anonymous=True),
        }
        for name, counted in cases.items():
            tau, coverage = tau_and_coverage(log, counted)
            print(f"seed {seed}  {name:18}{counted.sum():>9,} count   tau {tau:.3f}   coverage {coverage:.3f}")


if __name__ == "__main__":
    main()
