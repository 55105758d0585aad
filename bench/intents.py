"""How often do intents merge requests that need different tools, and how many typing errors do they bridge?

    python -m bench.intents FOLDER...

Each folder holds queries.jsonl (id, text) and qrels.csv (query_id, artifact_id or capability_id), and the catalogue as
artifacts*.jsonl and capabilities*.jsonl, all plain or gzipped. Two requests in one intent whose labels have no tool in
common are a false merge. Labels name one tool where several would do, so the figure is an upper bound.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final, TextIO, cast

import pyarrow as pa

from graph.snapshot_schemas import ARTIFACT_TABLE, CAPABILITY_TABLE
from graph.text import normalise_query
from queries.counting.intents import intent_words
from queries.text.spelling import Spelling, catalogue_spelling

SEEDS: Final = (1, 2, 3, 4, 5)
TYPOS_EACH: Final = 1_000
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def tools_of_texts(folder: Path) -> dict[str, set[str]]:
    """Normalised request texts and the tools that any request of that text is labelled with."""
    labels: dict[str, set[str]] = defaultdict(set)
    for path in folder.glob("qrels.csv*"):
        with _opened(path) as file:
            for row in csv.DictReader(file):
                labels[row["query_id"]].add(row.get("artifact_id") or row["capability_id"])
    tools: dict[str, set[str]] = defaultdict(set)
    for row in _rows(folder, "queries.jsonl*"):
        tools[normalise_query(row["text"])] |= labels[row["id"]]
    return {text: named for text, named in tools.items() if text and named}


def false_merges(tools: dict[str, set[str]], spelling: Spelling) -> tuple[int, list[tuple[str, str]]]:
    """Return the number of merged pairs of texts, and those of them that have no tool in common."""
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for text in sorted(tools):
        together[intent_words(text, spelling)].append(text)
    pairs = [pair for texts in together.values() for pair in combinations(texts, 2)]
    return len(pairs), [(one, other) for one, other in pairs if not tools[one] & tools[other]]


def bridged_typos(texts: list[str], spelling: Spelling, seed: int) -> tuple[float, float]:
    """Return the shares of typing errors after which the intent is the same: swapped neighbours, any error.

    One error in one word of at least five letters, behind its first letter.
    """
    chance = Random(seed)
    same: dict[bool, list[bool]] = {True: [], False: []}
    while len(same[True]) + len(same[False]) < TYPOS_EACH:
        words = chance.choice(texts).split()
        places = [place for place, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
        if not places:
            continue
        place, kind = chance.choice(places), chance.choice(("swap", "drop", "add", "change"))
        wrong = [*words[:place], with_typo(words[place], kind, chance), *words[place + 1 :]]
        if wrong != words:
            kept = intent_words(" ".join(wrong), spelling) == intent_words(" ".join(words), spelling)
            same[kind == "swap"].append(kept)
    every = same[True] + same[False]
    return sum(same[True]) / max(len(same[True]), 1), sum(every) / len(every)


def with_typo(word: str, kind: str, chance: Random) -> str:
    """Return a word with one typing error behind its first letter."""
    at = chance.randrange(1, len(word) - 1)
    if kind == "swap":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    letter = "" if kind == "drop" else chance.choice(_LETTERS)
    return word[:at] + letter + word[at + (kind != "add") :]


def spelling_of(folder: Path, scratch: Path) -> Spelling:
    """Return the spelling of the folder's catalogue."""
    artifacts = pa.Table.from_pylist(list(_rows(folder, "artifacts*.jsonl*")), ARTIFACT_TABLE)
    capabilities = pa.Table.from_pylist(list(_rows(folder, "capabilities*.jsonl*")), CAPABILITY_TABLE)
    return catalogue_spelling(artifacts, capabilities, scratch)


def _rows(folder: Path, pattern: str) -> Iterator[dict[str, Any]]:
    texts = {"name", "description", "unique", "vs_alternatives", "intents", "tags", "id", "text"}
    for path in sorted(folder.glob(pattern)):
        with _opened(path) as file:
            for line in file:
                yield {name: value for name, value in json.loads(line).items() if name in texts}


def _opened(path: Path) -> TextIO:
    return (
        cast("TextIO", gzip.open(path, "rt", encoding="utf-8")) if path.suffix == ".gz" else path.open(encoding="utf-8")
    )


def main() -> None:
    """Print one line for each folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    for folder in parser.parse_args().folders:
        with TemporaryDirectory() as scratch:
            spelling = spelling_of(folder, Path(scratch) / "words")
            tools = tools_of_texts(folder)
            merged, false = false_merges(tools, spelling)
            texts = {text for pair in false for text in pair}
            typos = [bridged_typos(sorted(tools), spelling, seed) for seed in SEEDS]
        swapped, every = (sum(shares) / len(shares) for shares in zip(*typos, strict=True))
        print(
            f"{folder.name}: {len(tools)} texts, {merged} merged pairs, {len(false)} of them false; "
            f"{len(texts) / max(len(tools), 1):.2%} of the texts are in a false merge; "
            f"bridged: {swapped:.0%} of swapped letters, {every:.0%} of all single typing errors"
        )


if __name__ == "__main__":
    main()
