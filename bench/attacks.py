"""What does it cost to lift an artifact, and how far can one client move anything? Attacks on the real job.

    python -m bench.attacks

Every attack of `bench.attack_log` is added to the log of honest people, and the job counts, fits and ranks it all:
*clicks* and *times matched* are what a directory would show, the *rank* is the job's. Cost: the least effort, in the
attack's own unit, after which one artifact less stands above the target, which begins at place 6. Then the largest
changes that each attack makes are held against the bounds of `bench.influence`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.attack_log import ARTIFACTS, ATTACKS, DAY_US, FIRST_DAY, Attack, Search, honest
from bench.influence import most_at_once, rank_bounds, strength_bounds, success_bounds
from graph.appending import importing
from graph.home import Home
from graph.keys import stable_key
from graph.ledger import Ledger
from graph.schemas import LEDGER_TABLES
from queries.alternatives.concepts import concepts
from queries.counting.catalogue import artifact_table, capability_table
from queries.counting.decay import period_weights
from queries.counting.engine import Engine
from queries.counting.engines import open_engine
from queries.counting.exposures import asked
from queries.counting.intents import Intents
from queries.counting.kept_counts import KeptCounts
from queries.counting.log_counts import count_log
from queries.counting.log_index import index_log
from queries.counting.robust import ASKS_PER_CLIENT, ASKS_PER_INTENT, NETWORK_FACTOR, VERDICTS_PER_CLIENT
from queries.evidence.click_models import fit_pbm
from queries.evidence.match_evidence import match_evidence
from queries.evidence.strength import things_of
from queries.ranking.parts.value import PartValue
from queries.ranking.rank import rank_all
from queries.ranking.rank_weights import load_weights
from queries.text.similarity import capability_pairs

PLACE_BEFORE = 6
MOST_EFFORT = 1 << 10
NOW_US = (FIRST_DAY + 400) * DAY_US

Row = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """What the job found, by artifact id."""

    evidence: dict[str, Row]
    ranks: dict[str, float]
    parts: dict[str, dict[str, PartValue]]
    edges: dict[tuple[int, str], float]
    """Strength by intent key and artifact id."""
    model: str
    asked: pa.Table
    """What counts for strength: see `exposures.asked`."""


def run_job(searches: Sequence[Search]) -> Found:
    """Import searches into a ledger of their own and do what the job does up to the ranks."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        _write(home, searches)
        files = Ledger.open(home).files
        with open_engine("duckdb", files, home.scratch_path) as engine:
            return _found(engine, KeptCounts(Path(folder) / "counts", files, _silent))


def _found(engine: Engine, kept: KeptCounts) -> Found:
    artifacts, capabilities = artifact_table(engine), capability_table(engine)
    made = match_evidence(engine, NOW_US, artifacts, capabilities, lambda _: _no_matches, _silent, kept)
    shared = concepts(capabilities, capability_pairs(capabilities))
    ranks, parts = rank_all(artifacts, capabilities, made.tables["evidence"], shared, NOW_US)
    counts = count_log(engine, index_log(engine, NOW_US), Intents(), kept)
    by_artifact: dict[str, dict[str, PartValue]] = {}
    for row in parts.to_pylist():
        part = PartValue(row["value"], row["low"], row["high"])
        by_artifact.setdefault(row["artifact_id"], {})[row["part"]] = part
    return Found(
        evidence={row["artifact_id"]: row for row in made.tables["evidence"].to_pylist()},
        ranks={row["artifact_id"]: row["rank"] for row in ranks.to_pylist()},
        parts=by_artifact,
        edges={(row["intent_key"], row["artifact_id"]): row["strength"] for row in made.tables["edges"].to_pylist()},
        model=made.report["click_model"],
        asked=engine.arrow(asked(counts.shown)),
    )


def _no_matches(texts: Sequence[str], limit: int) -> list[list[Any]]:  # noqa: ARG001
    return [[] for _ in texts]


def _silent(_sentence: str) -> None:
    """Report nothing."""


def _write(home: Home, searches: Sequence[Search]) -> None:
    described = [
        {"artifact_id": name_of(n), "name": name_of(n), "type": "mcp", "description": "Does one thing well."}
        for n in range(ARTIFACTS)
    ]
    tables = {"artifacts": described, "sources": [{}], **_log_rows(searches)}
    with importing(home, "all") as run, home.lock("ledger"):
        for name, rows in tables.items():
            numbered = [{"content_hash": n, "source_row": n, "ingested_at": 0, **row} for n, row in enumerate(rows)]
            run.append(name, pa.Table.from_pylist(numbered, LEDGER_TABLES[name]).combine_chunks().to_batches()[0])
        run.commit()


def name_of(artifact: int) -> str:
    """The id of an artifact."""
    return f"tool-{artifact:02}"


def _log_rows(searches: Sequence[Search]) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {"searches": [], "events": []}
    for number, search in enumerate(searches):
        day, key = FIRST_DAY + search.day, stable_key("search", str(number))
        text = f"need topic{search.intent}"
        when = {"ts_us": day * DAY_US + number * 1_000_000, "event_date": str(np.datetime64(day, "D"))}
        both = {**when, "search_key": key, "actor": "human", "client_key": stable_key("client", str(search.client))}
        shown = [
            {"position": place, "object_key": stable_key(name_of(one))}
            for place, one in enumerate(search.shown, start=1)
        ]
        asked = {"kind": "log", "query_norm": text, "text_key": stable_key(text), "shown": shown}
        network = None if search.network is None else stable_key("network", str(search.network))
        rows["searches"].append({**both, **asked, "network_key": network})
        for one in search.chosen:
            chosen = {"object_id": name_of(one), "object_key": stable_key(name_of(one)), "worked": search.worked}
            rows["events"].append({**both, "action": "click", "action_name": "click", **chosen})
    return rows


def clicks(searches: Sequence[Search]) -> Mapping[str, float]:
    """Choices of each artifact, as a naive directory counts them."""
    return Counter(name_of(one) for search in searches for one in search.chosen)


def times_matched(searches: Sequence[Search]) -> Mapping[str, float]:
    """Distinct (client, day, intent) for which each artifact was chosen."""
    return Counter(
        name for name, *_ in {(name_of(one), s.client, s.day, s.intent) for s in searches for one in s.chosen}
    )


def ranks(searches: Sequence[Search]) -> Mapping[str, float]:
    """The ranks that the job gives."""
    return run_job(searches).ranks


Score = Callable[[Sequence[Search]], Mapping[str, float]]
SCORES: Mapping[str, Score] = {"clicks": clicks, "times matched": times_matched, "rank": ranks}


def cost_of_one_place(people: Sequence[Search], attack: Attack, score: Score, target: str) -> int | None:
    """Least effort after which fewer artifacts stand above the target; None if `MOST_EFFORT` is not enough.

    Of large efforts to within a sixteenth.
    """
    before = _above(score(people), target)

    def reached(effort: int) -> bool:
        return _above(score([*people, *attack.searches(effort, int(target[-2:]))]), target) < before

    low, high = 0, 1
    while not reached(high):
        low, high = high, high * 2
        if high > MOST_EFFORT:
            return None
    while high - low > max(1, low // 16):
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def _above(values: Mapping[str, float], target: str) -> int:
    return sum(value > values[target] for value in values.values())


@dataclass(frozen=True)
class Reach:
    """How many effective asks and verdicts attackers can have at most."""

    clients: int
    of_intent: float
    of_artifact: float
    verdicts: float


def reach_of(searches: Sequence[Search]) -> Reach:
    """The limits that hold for the clients of an attack, over all periods."""
    clients = len({search.client for search in searches})
    intents = len({search.intent for search in searches})
    of_intent, of_artifact = clients * most_at_once(ASKS_PER_INTENT), clients * most_at_once(ASKS_PER_CLIENT)
    if len({search.network for search in searches} - {None}) == 1:
        of_intent = min(of_intent, NETWORK_FACTOR * most_at_once(ASKS_PER_INTENT))
    of_artifact = min(of_artifact, intents * of_intent)
    return Reach(clients, of_intent, of_artifact, clients * most_at_once(VERDICTS_PER_CLIENT))


def excess(before: Found, after: Found, reach: Reach) -> dict[str, float]:
    """How far changes go beyond the bounds for given shared parameters: at most, over all edges and artifacts.

    Strengths of edges, strengths of artifacts (both in probability), ranks (in points). Negative: within the bounds.
    """
    of_edges = _strength_bounds(before, ("intent_key", "object_key"), reach.of_intent)
    of_artifacts = _strength_bounds(before, ("object_key",), reach.of_artifact)
    names = {stable_key(name): name for name in before.evidence}
    edges = [_beyond(after.edges[key[0], names[key[1]]], bounds) for key, bounds in of_edges.items()]
    artifacts, ranks = [], []
    for key, bounds in of_artifacts.items():
        name = names[key[0]]
        artifacts.append(_beyond(after.evidence[name]["strength"], bounds))
        ranks.append(_beyond(after.ranks[name], _rank_bounds(before, name, bounds, reach)))
    return {"edge strength": max(edges), "artifact strength": max(artifacts), "rank": max(ranks)}


def _beyond(value: float, bounds: tuple[float, float]) -> float:
    return max(bounds[0] - value, value - bounds[1])


def _rank_bounds(before: Found, name: str, strength: tuple[float, float], reach: Reach) -> tuple[float, float]:
    weights, evidence = load_weights(), before.evidence[name]
    return rank_bounds(
        before.parts[name],
        weights.of("mcp").weights,
        evidence,
        weights.match_graph,
        strength=strength,
        success=success_bounds(evidence["success_rate"], evidence["success_n"], reach.verdicts),
        clients=reach.clients,
        verdicts=reach.verdicts,
    )


def _strength_bounds(found: Found, by: Sequence[str], asks: float) -> Mapping[tuple[int, ...], tuple[float, float]]:
    """Bounds of the strength of everything that was asked before, by the columns `by`."""
    ordered = found.asked.group_by([*by, "position", "period"]).aggregate([("impressions", "sum"), ("clicks", "sum")])
    ordered = ordered.sort_by([(name, "ascending") for name in (*by, "position", "period")])
    columns = {name: ordered[name].to_numpy() for name in ordered.column_names}
    item, first = things_of([columns[name] for name in by])
    weight = period_weights(columns["period"])
    counts = (item, columns["position"], columns["impressions_sum"] * weight, columns["clicks_sum"] * weight)
    low, high = strength_bounds(*counts, fit_pbm(*counts), asks)
    keys = zip(*(columns[name][first].tolist() for name in by), strict=True)
    return dict(zip(keys, zip(low.tolist(), high.tolist(), strict=True), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    people = honest(parser.parse_args().seed)
    before = run_job(people)
    target = sorted(before.ranks, key=lambda name: -before.ranks[name])[PLACE_BEFORE - 1]
    print(f"{len(people):,} honest searches; {before.model}; target {target}")
    print(f"{'cost of one place':22}" + "".join(f"{name:>16}" for name in SCORES))
    for attack in ATTACKS:
        costs = [cost_of_one_place(people, attack, score, target) for score in SCORES.values()]
        shown = "".join(f"{'never' if cost is None else f'{cost:,}':>16}" for cost in costs)
        print(f"{attack.name:22}{shown}  {attack.unit}", flush=True)
    print(f"\n{'largest effort':22}{'effort':>8}{'rank moved':>12}   beyond the bound: edges, artifacts, ranks")
    for attack in ATTACKS:
        effort = 500 if attack.unit != "clients" else 20
        added = attack.searches(effort, int(target[-2:]))
        after = run_job([*people, *added])
        beyond = excess(before, after, reach_of(added))
        moved = after.ranks[target] - before.ranks[target]
        told = "  ".join(f"{value:+.4f}" for value in beyond.values())
        print(f"{attack.name:22}{effort:>8}{moved:>+12.2f}   {told}", flush=True)


if __name__ == "__main__":
    main()
