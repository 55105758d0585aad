"""Do the intervals of ranks and the ranges of places hold the truth? A catalogue whose true parts are known.

    python -m bench.rank_intervals

400 artifacts: true popularity seen through noisy figures; documentation judged with the error that the part states
(half an average rule) and of which the capabilities may be missing; true rates of being named and of sharing
concepts, seen as Poisson counts; a click log of `bench.simulators` (people who look by position) and outcomes;
freshness by a half-life that differs from the assumed one. Whole parts are hidden at random. The parts are computed
by the product's own functions, the ranks by `queries.ranking.rank`; the truth uses the same weights.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bench.simulators import Settings, simulate
from queries.answers.verdict import SURE, probability_of_intervals
from queries.evidence.intervals import BetaPrior, beta_interval
from queries.evidence.strength import strengths
from queries.ranking.parts.adoption import adoption
from queries.ranking.parts.ecosystem import ecosystem
from queries.ranking.parts.freshness import DAY_US, freshness
from queries.ranking.parts.match_graph import match_graph
from queries.ranking.parts.quality import RULES, Documents, quality
from queries.ranking.parts.value import Z_95, PartValue, log_share, not_known
from queries.ranking.rank import rank_rows
from queries.ranking.rank_weights import PARTS, load_weights

FloatArray = npt.NDArray[np.float64]
Row = dict[str, Any]

WORLD = Settings(intents=40, artifacts=10, sessions=20_000)
HIDDEN = {"adoption": 0.3, "quality": 0.0, "ecosystem": 0.1, "match_graph": 0.3, "freshness": 0.2}
"""How often a part is hidden altogether."""
KIND = "model"
NOW_US = 2_000 * DAY_US
WEIGHTS = load_weights()


@dataclass(frozen=True)
class World:
    """Artifacts with their true score (0 to 100) and what can be known of their parts."""

    score: FloatArray
    parts: list[dict[str, PartValue]]


def draw(seed: int) -> World:
    """Draw a world. The same seed gives the same world."""
    rng = np.random.default_rng(seed)
    matched, true_match = _matched(seed, rng)
    drawn = [_artifact(rng, row, truth) for row, truth in zip(matched, true_match, strict=True)]
    weights = WEIGHTS.of(KIND).weights
    score = np.array([100 * sum(weights[name] * truth[name] for name in PARTS) for truth, _ in drawn])
    return World(score, [_some_hidden(rng, known) for _, known in drawn])


def _some_hidden(rng: np.random.Generator, parts: Mapping[str, PartValue]) -> dict[str, PartValue]:
    return {name: not_known("hidden") if rng.random() < HIDDEN[name] else part for name, part in parts.items()}


def _artifact(rng: np.random.Generator, evidence: Row, match: float) -> tuple[dict[str, float], dict[str, PartValue]]:
    own = WEIGHTS.of(KIND)
    popularity = rng.uniform(0.05, 0.95)
    noise = WEIGHTS.uncertainty["single_figure"] / 1.96
    stated = rng.permutation(list(own.adoption))[: rng.integers(1, 4)]
    figures = {name: _figure(popularity + rng.normal(0, noise), own.adoption[name]) for name in stated}
    rates = {name: float(np.exp(rng.uniform(-1, 3))) for name in WEIGHTS.ecosystem}
    counts: dict[str, int | None] = {name: int(rng.poisson(rate)) for name, rate in rates.items()}
    age, factor = float(rng.exponential(300)), WEIGHTS.uncertainty["half_life_factor"]
    half_life = own.half_life_days * factor ** (rng.normal() / 1.96)
    true_quality, seen_quality = _documents(rng)
    truth = {
        "adoption": popularity,
        "quality": true_quality,
        "ecosystem": float(np.mean([log_share(rate, WEIGHTS.ecosystem[name]) for name, rate in rates.items()])),
        "match_graph": match,
        "freshness": 2 ** (-age / half_life),
    }
    seen = {
        "adoption": adoption(figures, own.adoption, WEIGHTS.uncertainty["single_figure"]),
        "quality": seen_quality,
        "ecosystem": ecosystem(counts, WEIGHTS.ecosystem, []),
        "match_graph": match_graph(evidence, WEIGHTS.match_graph),
        "freshness": freshness({"updated_at": NOW_US - age * DAY_US}, NOW_US, own.half_life_days, factor),
    }
    return truth, seen


def _figure(share: float, full: float) -> int:
    return round(float((1 + full) ** max(0.0, min(1.0, share))) - 1)


def _documents(rng: np.random.Generator) -> tuple[float, PartValue]:
    """Return the true quality of an artifact's documents, and what is seen where its capabilities are not listed."""

    def maybe(text: str) -> str | None:
        return text if rng.random() < 0.5 else None

    artifact = {name: maybe("stated") for name in ("license", "url", "vendor", "price", "updated_at")}
    artifact["description"] = "word " * int(rng.integers(5, 80))
    fields = ("limitations", "input_types", "unique", "vs_alternatives")
    capabilities = [
        {"description": "word " * int(rng.integers(3, 30)), **{name: maybe("stated") for name in fields}}
        for _ in range(rng.integers(1, 6))
    ]
    full = quality(Documents(artifact, capabilities, WEIGHTS.quality))
    seen = full if rng.random() < 0.7 else quality(Documents(artifact, [], WEIGHTS.quality))
    error = float(rng.normal(0, 0.5 / len(RULES) / Z_95))
    return float(np.clip((full.value or 0.0) + error, 0, 1)), seen


_RATES = (
    *("strength", "strength_low", "strength_high", "effective_n"),
    *("success_rate", "success_low", "success_high", "success_n"),
)
PRIOR = BetaPrior(4.8, 3.2)
"""From it the true success rates are drawn, and with it they are estimated, as the job does with its pool."""


def _matched(seed: int, rng: np.random.Generator) -> tuple[list[Row], FloatArray]:
    """Return the evidence of every artifact, and the truth of its match part."""
    log = simulate("pbm", seed, WORLD)
    _, item, position, clicked = log.rows()
    counts = pa.table({"target": item, "position": position, "impressions": np.ones_like(item), "clicks": clicked})
    summed = counts.group_by(["target", "position"]).aggregate([("impressions", "sum"), ("clicks", "sum")])
    summed = summed.rename_columns(["target", "position", "impressions", "clicks"])
    found = strengths(summed.append_column("period", pa.array(np.zeros(len(summed), np.int64))), ("target",)).rates
    rates = {row["target"]: row for row in found.to_pylist()}
    clicks = np.bincount(item, clicked, log.attractiveness.size).astype(int)
    success = rng.beta(PRIOR.hits, PRIOR.misses, log.attractiveness.size)
    outcomes = rng.binomial(clicks, 0.3)
    worked = rng.binomial(outcomes, success)
    share, full = WEIGHTS.match_graph["success_share"], WEIGHTS.match_graph["full_strength"]
    truth = (1 - share) * np.minimum(1, log.attractiveness.ravel() / full) + share * success
    rated = np.round(beta_interval(worked, outcomes, PRIOR), 6)
    rows = []
    for target in range(log.attractiveness.size):
        counted = dict.fromkeys(("times_matched", "clients", "clicks"), int(clicks[target]))
        known: Row = {"successes": int(worked[target]), "failures": int(outcomes[target] - worked[target])}
        if outcomes[target]:
            ends = ("success_rate", "success_low", "success_high")
            known |= dict(zip(ends, rated[:, target].tolist(), strict=True), success_n=int(outcomes[target]))
        seen = {"intents": 1, "impressions": 0, "first_seen": None, "last_seen": None}
        nothing = dict.fromkeys(_RATES)
        rows.append({**nothing, **counted, **known, **seen, **rates.get(target, {})})
    return rows, truth


@dataclass(frozen=True)
class Held:
    """Shares of what holds, each between 0 and 1."""

    scores: float
    """True scores in the interval of the rank."""
    places: float
    """True places in the range of the place."""
    apart: float
    """Pairs whose intervals do not meet that are in the true order."""
    verdicts: float
    """Pairs with P(above) of at least `SURE` that are in the true order."""
    decided: float
    """Pairs with such a verdict."""


def measure(world: World) -> Held:
    """Rank a world and compare with the truth."""
    rows = rank_rows([KIND] * len(world.parts), world.parts, WEIGHTS)
    low, high = (np.array([row[end] for row in rows]) for end in ("low", "high"))
    first, last = (np.array([row[end] for row in rows]) for end in ("place_low", "place_high"))
    place = 1 + (world.score[None, :] > world.score[:, None]).sum(axis=1)
    above = [(a, b) if low[a] > high[b] else (b, a) for a, b in combinations(range(len(rows)), 2)]
    apart = [world.score[a] > world.score[b] for a, b in above if low[a] > high[b]]
    verdicts, pairs = [], 0
    for a, b in combinations(range(len(rows)), 2):
        sure = probability_of_intervals((low[a], high[a]), (low[b], high[b]))
        pairs += 1
        if max(sure, 1 - sure) >= SURE:
            verdicts.append((world.score[a] > world.score[b]) == (sure > 0.5))
    return Held(
        float(np.mean((low <= world.score) & (world.score <= high))),
        float(np.mean((first <= place) & (place <= last))),
        float(np.mean(apart)),
        float(np.mean(verdicts)),
        len(verdicts) / pairs,
    )


def with_full_presence(world: World) -> World:
    """The same world as if few clients and outcomes were believed like many: why intervals are wider than need be."""
    full = [{name: replace(part, presence=1.0) for name, part in parts.items()} for parts in world.parts]
    return World(world.score, full)


def scores_held(world: World) -> tuple[float, float]:
    """Share of true scores in the interval of the rank: of all artifacts, and of those of which every part is known."""
    rows = rank_rows([KIND] * len(world.parts), world.parts, WEIGHTS)
    low, high = (np.array([row[end] for row in rows]) for end in ("low", "high"))
    held = (low <= world.score) & (world.score <= high)
    whole = np.array([all(part.value is not None for part in parts.values()) for parts in world.parts])
    return float(held.mean()), float(held[whole].mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=5)
    worlds = parser.parse_args().worlds
    drawn = [draw(seed) for seed in range(worlds)]
    found = [measure(world) for world in drawn]
    shares = {name: [getattr(each, name) for each in found] for name in Held.__dataclass_fields__}
    shares["scores, all known"] = [scores_held(world)[1] for world in drawn]
    believed = [scores_held(with_full_presence(world)) for world in drawn]
    for place, name in enumerate(("scores, presence 1", "all known, presence 1")):
        shares[name] = [each[place] for each in believed]
    for name, values in shares.items():
        print(f"{name:26s} {100 * np.mean(values):5.1f} %  ({', '.join(f'{100 * value:.1f}' for value in values)})")


if __name__ == "__main__":
    main()
