"""How good are the click models? Prints every figure that `docs/click-models.md` claims, with the bar beside it.

python -m bench.click_models                                     simulated truth only
python -m bench.click_models --trec DIR --open-bandit DIR        and real logs
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.stats import kendalltau

from bench.open_bandit import false_victories, read_impressions
from bench.simulators import Log, Settings, Truth, simulate
from bench.trec_clicks import chosen_and_reported, predict, read_shown
from queries.evidence.click_models import ListCounts, fit_coec, fit_pbm, fit_sdbn, list_counts, strength_of_lists

FloatArray = npt.NDArray[np.float64]

TRUTHS: tuple[Truth, ...] = ("pbm", "cascade", "dbn")
SEEDS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Score:
    """How one method did on one simulated log."""

    tau: float
    """Kendall's tau-b between estimate and truth, mean over intents."""
    coverage: float
    """Share of items whose interval holds the truth; not a number for methods without interval."""
    width: float
    """Mean width of the intervals."""
    note: str = ""


def within_intent_tau(truth: FloatArray, estimate: FloatArray) -> float:
    """Mean over intents of Kendall's tau-b; an intent whose estimates are all equal counts 0."""
    pairs = zip(truth, estimate.reshape(truth.shape), strict=True)
    return float(np.mean([kendalltau(a, b).statistic if np.ptp(b) > 0 else 0.0 for a, b in pairs]))


def score_methods(log: Log) -> dict[str, Score]:
    """Fit every method to a log and compare with its truth."""
    items = log.attractiveness.size
    rows = log.rows()
    counts = list_counts(*rows)
    columns = (counts.item, counts.position, counts.impressions, counts.clicks)
    pbm, plain = fit_pbm(*columns, items=items), fit_pbm(*columns, items=items, use_placement=False)
    sdbn, coec = fit_sdbn(counts, items=items), fit_coec(*columns, items=items)
    chosen = strength_of_lists(*rows, items=items)
    rate, rate_low, rate_high = _click_through(counts, items)
    return {
        "raw click-through (Wilson)": _score(log, rate, rate_low, rate_high),
        "summed COEC": _score(log, np.nan_to_num(coec.raw)),
        "plain PBM by EM": _score(log, plain_em(counts, items)),
        "PBM without placement": _score(log, plain.attractiveness, plain.low, plain.high),
        "PBM": _score(log, pbm.attractiveness, pbm.low, pbm.high),
        "SDBN": _score(log, sdbn.attractiveness, sdbn.low, sdbn.high),
        "chosen model": _score(log, chosen.strength, chosen.low, chosen.high, chosen.model),
    }


def _score(
    log: Log, estimate: FloatArray, low: FloatArray | None = None, high: FloatArray | None = None, note: str = ""
) -> Score:
    tau, truth = within_intent_tau(log.attractiveness, estimate), log.attractiveness.ravel()
    if low is None or high is None:
        return Score(tau, np.nan, np.nan, note)
    return Score(tau, float(np.mean((low <= truth) & (truth <= high))), float(np.mean(high - low)), note)


def _click_through(counts: ListCounts, items: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Clicks / impressions with Wilson's interval (Brown, Cai & DasGupta 2001, section 3.1.1)."""
    shown = np.maximum(np.bincount(counts.item, counts.impressions, items), 1e-9)
    rate, z = np.bincount(counts.item, counts.clicks, items) / shown, 1.959964
    centre, scale = rate + z**2 / (2 * shown), 1 + z**2 / shown
    reach = z * np.sqrt(rate * (1 - rate) / shown + z**2 / (4 * shown**2))
    return rate, (centre - reach) / scale, (centre + reach) / scale


def plain_em(counts: ListCounts, items: int, iterations: int = 60) -> FloatArray:
    """The textbook PBM (Chuklin, Markov & de Rijke 2015, section 4.1) with Beta(1, 1) prior: the bar to beat."""
    item, place = counts.item, counts.position - 1
    skips = counts.impressions - counts.clicks
    shown_item, shown_place = np.bincount(item, counts.impressions, items), np.bincount(place, counts.impressions)
    alpha, gamma = np.full(items, 0.5), 1 / np.arange(1.0, len(shown_place) + 1)
    for _ in range(iterations):
        a, g = alpha[item], gamma[place]
        attracted = counts.clicks + skips * a * (1 - g) / (1 - a * g + 1e-12)
        examined = counts.clicks + skips * g * (1 - a) / (1 - a * g + 1e-12)
        alpha = (np.bincount(item, attracted, items) + 1) / (shown_item + 2)
        gamma = np.bincount(place, examined) / np.maximum(shown_place, 1)
    return alpha


def print_simulated(seeds: Iterable[int], settings: Settings) -> None:
    """Print tau, coverage and width of every method under every truth: mean and spread over the seeds."""
    for truth in TRUTHS:
        scores = [score_methods(simulate(truth, seed, settings)) for seed in seeds]
        print(f"\n{truth} truth, {settings.sessions:,} searches       tau            coverage of 95 %      width")
        for method in scores[0]:
            tau, coverage, width = (
                _mean_and_spread([getattr(s[method], part) for s in scores]) for part in ("tau", "coverage", "width")
            )
            notes = sorted({s[method].note for s in scores} - {""})
            print(f"  {method:28}{tau:17}{coverage:17}{width:17}{', '.join(notes)}")
        rivals = ("raw click-through (Wilson)", "summed COEC")
        worst = min(s["chosen model"].tau - max(s[rival].tau for rival in rivals) for s in scores)
        print(f"  chosen model's tau minus the better of raw click-through and COEC, worst seed: {worst:+.3f}")


def _mean_and_spread(values: list[float]) -> str:
    if np.isnan(values).any():
        return "—"
    return f"{np.mean(values):.3f} ± {np.std(values):.3f}"


def print_trec(folder: Path, seeds: Iterable[int]) -> None:
    """Print perplexities of unseen clicks, first pages and all ranks."""
    for deepest, name in ((10, "first pages"), (10_000, "all ranks")):
        shown = read_shown(folder, deepest)
        print(
            f"\ntrec-session-2013, {name}: {len(shown.clicked):,} shown, {int(shown.clicked.sum())} clicked; perplexity"
        )
        for seed in seeds:
            found = predict(shown, seed)
            print(
                f"  seed {seed}: rank alone {found.rank_alone:.4f}, without features {found.model_without_text:.4f},"
                f" PBM {found.model:.4f}; difference {found.model - found.rank_alone:+.4f}"
                f" [{found.low:+.4f}, {found.high:+.4f}]"
            )
        once = chosen_and_reported(shown, 1)
        print(
            f"  chosen on the earlier half ({once.chosen.name}), foretold once on the later {once.sessions} sessions:"
            f" rank alone {once.rank_alone:.4f}, PBM {once.model:.4f}; difference {once.model - once.rank_alone:+.4f}"
            f" [{once.low:+.4f}, {once.high:+.4f}]"
        )


def print_open_bandit(folder: Path, shuffles: int) -> None:
    """Print how often things that are equal by construction are said to beat each other."""
    print(f"\nopen-bandit, {shuffles:,} shuffles of the clicks: false victories at the 95 % level")
    for policy in ("random", "bts"):
        shown = read_impressions(folder, policy)
        for model in ("pbm", "ips"):
            found = false_victories(shown, model, 1, shuffles)
            print(f"  {policy:8}{model:5} pairs {found.pairs:.3%}   shuffles with any {found.any_pair:.1%}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--trec", type=Path, metavar="DIR", help="folder of trec-session-2013")
    parser.add_argument("--open-bandit", type=Path, metavar="DIR", help="folder of open-bandit")
    parser.add_argument("--shuffles", type=int, default=1_000)
    given = parser.parse_args()
    print_simulated(given.seeds, Settings())
    if given.trec:
        print_trec(given.trec, given.seeds)
    if given.open_bandit:
        print_open_bandit(given.open_bandit, given.shuffles)


if __name__ == "__main__":
    main()
