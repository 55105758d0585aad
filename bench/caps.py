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
from queries.counting.asks import COUNTS, TEACHES, Earlier, first_asks, levels
from queries.counting.engines import open_engine
from queries.counting.search_log import ANONYMOUS, DAY_US
from queries.evidence.click_models import fit_pbm

CLIENTS: Final = 2_000
DAYS: Final = 60

BoolArray = npt.NDArray[np.bool_]


def counting(log: Log, seed: int, *, anonymous: bool) -> tuple[BoolArray, BoolArray]:
    """Say which searches count, and which teach, (searches,): each a random client's on a random day of one period."""
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
    level = np.zeros(searches, np.int64)
    level[found["search_key"].to_numpy()] = found["level"].to_numpy()
    return level >= COUNTS, level >= TEACHES


def _no_files(_table: str) -> list[str]:
    return []


def tau_and_coverage(log: Log, counted: BoolArray, teaching: BoolArray) -> tuple[float, float]:
    """Fit to the searches that count: Kendall's tau within intents, and the share of intervals that hold the truth."""
    search, item, position, clicked = log.rows()
    truth = log.attractiveness.ravel()
    mine, taught = counted[search].astype(float), teaching[search].astype(float)
    lesson = (taught, taught * clicked)
    fit = fit_pbm(item, position, mine, mine * clicked, items=len(truth), taught=lesson)
    covered = (fit.low <= truth) & (truth <= fit.high)
    return within_intent_tau(log.attractiveness, fit.attractiveness), float(covered.mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    for seed in parser.parse_args().seeds:
        log = simulate("pbm", seed, Settings())
        everything = np.ones(len(log.intent), np.bool_)
        cases = {
            "no limits": (everything, everything),
            "the job's limits": counting(log, seed, anonymous=False),
            "nobody says who": counting(log, seed, anonymous=True),
        }
        for name, (counted, teaching) in cases.items():
            tau, coverage = tau_and_coverage(log, counted, teaching)
            told = f"{counted.sum():>9,} count {teaching.sum():>9,} teach"
            print(f"seed {seed}  {name:18}{told}   tau {tau:.3f}   coverage {coverage:.3f}")


if __name__ == "__main__":
    main()
