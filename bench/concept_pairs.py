"""Pairs of capabilities to judge by reading: drawn at random, without what the engine says of them.

    python -m bench.concept_pairs DATA PAIRS.csv

Three catalogues are read as one: our fixtures, the tools of livemcpbench and the functions of bfcl-live (folders of
DATA; each function is an artifact with one capability). Pairs of different artifacts fall into strata by where they
come from (`GROUPS`) and by similarity (`BANDS`); from each as many are drawn as `DRAWN` says. They are written in
random order with names and descriptions; neither stratum nor similarity is in the file, so that who judges cannot know
whether the engine links them. `bench.concepts` counts the judgments.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Final

from graph.home import Home
from graph.ledger import Ledger
from ingest.load import ingest_paths
from queries.counting.catalogue import capability_table
from queries.counting.engines import open_engine
from queries.text.capability_similarity import SAME_CAPABILITY, capability_pairs

NOW_US: Final = 1_793_491_200_000_000
SEED: Final = 20_261_126
FIXTURES: Final = Path("fixtures/capabilities.jsonl")
GROUPS: Final = ("fixtures", "bfcl-live", "others")
"""Both of a pair from our fixtures, both from bfcl-live, and all others: livemcpbench, and across catalogues."""
BANDS: Final = {"linked": (SAME_CAPABILITY, 1.01), "near": (0.4, SAME_CAPABILITY), "far": (0.25, 0.4)}
"""Similarities, the upper end left out."""
DRAWN: Final = {"linked": 67, "near": 25, "far": 15}
"""Pairs of each group; where there are fewer linked ones, bfcl-live gets what is left of `LINKED`."""
LINKED: Final = 200
WORDS_SHOWN: Final = 45

Pair = tuple[str, str]
Strata = dict[tuple[str, str], list[Pair]]


def catalogue(data: Path) -> dict[str, dict[str, str]]:
    """Return each capability of the three catalogues by id: its source, artifact, name and description."""
    found = {}
    for source, path in (("fixtures", FIXTURES), ("livemcpbench", data / "livemcpbench/capabilities.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                found[row["id"]] = {"source": source, **_told(row, row["artifact_id"])}
    with gzip.open(data / "bfcl-live/artifacts.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            found[row["id"]] = {"source": "bfcl-live", **_told(row, row["id"])}
    return found


def _told(row: dict[str, str], artifact_id: str) -> dict[str, str]:
    return {"artifact_id": artifact_id, "name": row["name"], "description": row.get("description") or ""}


def strata(data: Path, known: dict[str, dict[str, str]]) -> Strata:
    """Import the three catalogues into one home and return the pairs of each (group, band), in order."""
    with tempfile.TemporaryDirectory() as folder:
        functions = Path(folder) / "functions.jsonl"
        with functions.open("w", encoding="utf-8") as file:
            for key, row in known.items():
                if row["source"] == "bfcl-live":
                    file.write(json.dumps({"id": key, **row}) + "\n")
        home = Home(Path(folder) / "home")
        ingest_paths(home, [FIXTURES, data / "livemcpbench/capabilities.jsonl", functions], now_us=NOW_US)
        with open_engine("duckdb", Ledger.open(home).files, home.scratch_path) as engine:
            pairs = capability_pairs(capability_table(engine), threshold=BANDS["far"][0])
    found: Strata = defaultdict(list)
    for row in pairs.to_pylist():
        pair = row["capability_a"], row["capability_b"]
        sources = {known[key]["source"] for key in pair}
        group = next(iter(sources)) if len(sources) == 1 and sources <= set(GROUPS) else "others"
        band = next(name for name, (low, high) in BANDS.items() if low <= row["similarity"] < high)
        found[group, band].append(pair)
    return found


def drawn(found: Strata, seed: int = SEED) -> list[Pair]:
    """Draw from each stratum, and shuffle what was drawn."""
    chance = random.Random(seed)
    wanted = {key: min(DRAWN[key[1]], len(pairs)) for key, pairs in found.items()}
    wanted["bfcl-live", "linked"] += LINKED - sum(n for (_, band), n in wanted.items() if band == "linked")
    pairs = [pair for key in sorted(found) for pair in chance.sample(found[key], wanted[key])]
    chance.shuffle(pairs)
    return pairs


def main() -> None:
    """Write the pairs to judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("pairs", type=Path)
    options = parser.parse_args()
    known = catalogue(options.data)
    with options.pairs.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["capability_a", "capability_b", "name_a", "description_a", "name_b", "description_b", "same"])
        for pair in drawn(strata(options.data, known)):
            sides = [(known[key]["name"], _beginning(known[key]["description"])) for key in pair]
            writer.writerow([*pair, *sides[0], *sides[1], ""])


def _beginning(text: str) -> str:
    return " ".join(text.split()[:WORDS_SHOWN])


if __name__ == "__main__":
    main()
