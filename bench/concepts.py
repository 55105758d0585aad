"""How many linked capabilities are the same thing, and how many that are the same are linked.

    python -m bench.concepts DATA

The judgments (`bench/judgments/concept_pairs.csv`: two ids and whether they do the same) were made by reading, by us:
all pairs of similarity 0.4 and more in our fixtures and among the tools of livemcpbench, a folder of DATA, and 200
drawn at random from the pairs that were linked in bfcl-live, another one, whose functions are read as artifacts with
one capability each. Recall is among the former; what is below 0.4 was not read. The interval is Wilson's (1927), 95 %.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import tempfile
from math import sqrt
from pathlib import Path

from graph.home import Home
from graph.ledger import Ledger
from ingest.load import ingest_paths
from queries.counting.catalogue import capability_table
from queries.counting.engines import open_engine
from queries.text.similarity import SAME_CAPABILITY, capability_pairs

JUDGMENTS = Path(__file__).parent / "judgments" / "concept_pairs.csv"
NOW_US = 1_793_491_200_000_000
Pair = tuple[str, str]


def functions_as_capabilities(path: Path, target: Path) -> Path:
    """Write each function of a catalogue (gzipped JSON Lines) as a capability of an artifact of the same id."""
    with gzip.open(path, "rt", encoding="utf-8") as lines, target.open("w", encoding="utf-8") as file:
        for row in map(json.loads, lines):
            told = {name: row[name] for name in ("id", "name", "description")}
            file.write(json.dumps({**told, "artifact_id": row["id"]}) + "\n")
    return target


def linked(path: Path) -> set[Pair]:
    """Import a file of capabilities and return the pairs that are taken for the same."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        ingest_paths(home, [path], now_us=NOW_US)
        with open_engine("duckdb", Ledger.open(home).files, home.scratch_path) as engine:
            pairs = capability_pairs(capability_table(engine))
    return set(zip(pairs["capability_a"].to_pylist(), pairs["capability_b"].to_pylist(), strict=True))


def judged(source: str) -> dict[Pair, bool]:
    """Return the judgments of a source."""
    with JUDGMENTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] == source]
    return {(row["capability_a"], row["capability_b"]): row["same"] == "1" for row in rows}


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share.

    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    """
    z, share = 1.96, right / count
    middle, half = share + z * z / (2 * count), z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - half) / (1 + z * z / count), (middle + half) / (1 + z * z / count)


def main() -> None:
    """Print precision and recall of each source and of both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    sources = {
        "fixtures": Path("fixtures/capabilities.jsonl"),
        "livemcpbench": data / "livemcpbench/capabilities.jsonl",
    }
    total = [0, 0, 0]
    print(f"pairs linked from {SAME_CAPABILITY} on | precision, 95 % interval | recall among the judged")
    for source, path in sources.items():
        found, judgments = linked(path), judged(source)
        unread = found - judgments.keys()
        right = sum(judgments[pair] for pair in found & judgments.keys())
        counts = [right, len(found), sum(judgments.values())]
        total = [a + b for a, b in zip(total, counts, strict=True)]
        print(line(source, counts), f"| not judged yet: {len(unread)}" if unread else "")
    print(line("both", total))
    with tempfile.TemporaryDirectory() as folder:
        found = linked(
            functions_as_capabilities(data / "bfcl-live/artifacts.jsonl.gz", Path(folder) / "functions.jsonl")
        )
    sample = judged("bfcl-live")
    right, kept = sum(sample[pair] for pair in found & sample.keys()), len(found & sample.keys())
    low, high = wilson(right, kept)
    print(f"bfcl-live      {len(found):4d} | {right / kept:.3f} [{low:.3f}, {high:.3f}] | random sample of {kept}")


def line(name: str, counts: list[int]) -> str:
    """Write the line of a source from the counts (right, linked, same)."""
    right, found, same = counts
    low, high = wilson(right, found)
    return f"{name:14s} {found:4d} | {right / found:.3f} [{low:.3f}, {high:.3f}] | {right / same:.3f}"


if __name__ == "__main__":
    main()
