"""How fast the search is on a large catalogue, beside Tantivy alone on the same texts in the same run.

    python -m bench.search_speed [--capabilities 1000000] [--intents 200000] [--queries 2000]

Texts are made of invented words with a Zipf distribution; queries are words of a capability, two of them in three
with words of asking around. One thread; CPU milliseconds, warm. Prints build times, latencies and peak memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import tantivy

from graph.keys import stable_key
from graph.snapshot import Snapshot
from graph.snapshot_schemas import ARTIFACT_TABLE, CAPABILITY_TABLE, EDGES, INTENTS
from queries.answers.search_batch import search_batch
from queries.retrieval.build_index import build_text_index
from queries.retrieval.matching import matcher_of

VOCABULARY = 120_000
CAPABILITIES_OF_AN_ARTIFACT = 10
SYLLABLES = [c + v for c in "bcdfghjklmnprstvz" for v in "aeiou"]


def vocabulary(random: np.random.Generator) -> list[str]:
    """Return invented words of two to four syllables, distinct, in order of frequency."""
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(random.choice(SYLLABLES, size=int(random.integers(2, 5))))] = None
    return list(words)


def texts(random: np.random.Generator, words: list[str], count: int, mean_words: int) -> Iterator[str]:
    """Yield texts of about `mean_words` words each."""
    chances = 1 / np.arange(10, len(words) + 10)
    ends = np.cumsum(chances / chances.sum())
    lengths = random.integers(max(1, mean_words - 5), mean_words + 6, size=count)
    drawn = np.minimum(np.searchsorted(ends, random.random(int(lengths.sum()))), len(words) - 1)
    start = 0
    for length in lengths.tolist():
        yield " ".join(words[i] for i in drawn[start : start + length])
        start += length


def catalogue(random: np.random.Generator, words: list[str], count: int) -> tuple[pa.Table, pa.Table]:
    """Return artifacts and capabilities: names of three words, descriptions of about twelve."""
    names, says = list(texts(random, words, count, 6)), list(texts(random, words, count, 12))
    owners = [f"artifact-{i // CAPABILITIES_OF_AN_ARTIFACT:07d}" for i in range(count)]
    capabilities = {"capability_id": [f"{owner}/{i}" for i, owner in enumerate(owners)], "artifact_id": owners}
    first = slice(None, None, CAPABILITIES_OF_AN_ARTIFACT)
    kinds = [("model", "mcp", "api")[i % 3] for i in range(len(owners[first]))]
    artifacts = {"artifact_id": owners[first], "name": names[first], "description": says[first], "type": kinds}
    return _table(artifacts, ARTIFACT_TABLE), _table(
        {**capabilities, "name": names, "description": says}, CAPABILITY_TABLE
    )


def past_searches(random: np.random.Generator, words: list[str], count: int, capabilities: pa.Table) -> list[pa.Table]:
    """Return edges and intents: each intent chose two capabilities."""
    labels = list(texts(random, words, count, 6))
    keys = [stable_key(label, str(i)) for i, label in enumerate(labels)]
    chosen = capabilities.take(pa.array(random.integers(0, capabilities.num_rows, size=2 * count)))
    edges = {
        "intent_key": [key for key in keys for _ in range(2)],
        "artifact_id": chosen["artifact_id"],
        "capability_id": chosen["capability_id"],
        "kind": ["observed"] * (2 * count),
        **{name: [1] * (2 * count) for name in ("times_matched", "clients")},
    }
    return [_table(edges, EDGES), _table({"intent_key": keys, "intent_id": labels, "label": labels}, INTENTS)]


def _table(columns: Mapping[str, Any], schema: pa.Schema) -> pa.Table:
    length = len(next(iter(columns.values())))
    return pa.table(
        [
            pa.array(columns[field.name], field.type) if isinstance(columns.get(field.name), list)
            else columns[field.name] if field.name in columns else pa.nulls(length, field.type)
            for field in schema
        ],
        schema=schema,
    )  # fmt: skip


def tantivy_alone(folder: Path, capabilities: pa.Table) -> tantivy.Index:
    """Index names and descriptions with Tantivy's own English analysis, one thread."""
    builder = tantivy.SchemaBuilder()
    for name in ("name", "description"):
        builder.add_text_field(name, tokenizer_name="en_stem", index_option="freq")
    builder.add_integer_field("number", fast=True)
    folder.mkdir()
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(512 << 20, 1)
    rows = zip(capabilities["name"].to_pylist(), capabilities["description"].to_pylist(), strict=True)
    for number, (name, description) in enumerate(rows):
        document = tantivy.Document()
        document.add_integer("number", number)
        document.add_text("name", name)
        document.add_text("description", description)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def timed(label: str, queries: list[str], ask: Callable[[str], object]) -> None:
    """Ask every query once to warm up and once measured; print CPU and wall milliseconds."""
    for query in queries[:200]:
        ask(query)
    cpu, wall = [], []
    for query in queries:
        begin, started = time.thread_time(), time.perf_counter()
        ask(query)
        cpu.append(1000 * (time.thread_time() - begin))
        wall.append(1000 * (time.perf_counter() - started))
    p50, p99 = np.percentile(cpu, [50, 99])
    wall50, wall99 = np.percentile(wall, [50, 99])
    print(
        f"{label:34s} CPU p50 {p50:6.2f} p99 {p99:6.2f} | wall p50 {wall50:6.2f} p99 {wall99:6.2f} | "
        f"{1000 / float(np.mean(cpu)):7.0f} queries per CPU second",
        flush=True,
    )


def batch_file(snapshot: Path, queries: list[str]) -> float:
    """Return how many queries for each CPU second `matchgraph search --batch` answers in one process, file to file."""
    asked = snapshot / "queries.jsonl"
    lines = [json.dumps({"id": number, "text": text}) for number, text in enumerate(queries)]
    asked.write_text("\n".join(lines), encoding="utf-8")
    begin = time.process_time()
    count = search_batch(Snapshot(snapshot), asked, snapshot / "hits.jsonl", processes=1)
    return count / (time.process_time() - begin)


def main() -> None:
    """Build both indexes, ask both the same, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--capabilities", type=int, default=1_000_000)
    parser.add_argument("--intents", type=int, default=200_000)
    parser.add_argument("--queries", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    words = vocabulary(random)
    artifacts, capabilities = catalogue(random, words, options.capabilities)
    log = past_searches(random, words, options.intents, capabilities)
    asked = list(texts(random, words, options.queries, 7))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begin = time.process_time()
        alone = tantivy_alone(folder / "alone", capabilities)
        print(f"Tantivy alone: built in {time.process_time() - begin:.1f} CPU s", flush=True)
        begin = time.process_time()
        build_text_index(Snapshot(folder / "ours").text_index_path, artifacts, capabilities)
        print(f"matchgraph without log: built in {time.process_time() - begin:.1f} CPU s", flush=True)
        begin = time.process_time()
        build_text_index(Snapshot(folder / "logged").text_index_path, artifacts, capabilities, *log)
        print(f"matchgraph with log: built in {time.process_time() - begin:.1f} CPU s", flush=True)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"memory: {before >> 10} MB with the tables, {peak >> 10} MB at the peak", flush=True)
        searcher = alone.searcher()
        timed("Tantivy alone", asked, lambda text: searcher.search(
            alone.parse_query(text, ["name", "description"], {"name": 2.0}), 10, count=False))  # fmt: skip
        for label, part in (("matchgraph without log", "ours"), ("matchgraph with log", "logged")):
            matcher = matcher_of(Snapshot(folder / part))
            timed(label, asked, lambda text, matcher=matcher: matcher.match(text, limit=10))  # type: ignore[misc]
            begin = time.thread_time()
            count = sum(1 for _ in matcher.match_all(asked, limit=10))
            print(
                f"{label + ', batch':34s} {count / (time.thread_time() - begin):7.0f} queries per CPU second",
                flush=True,
            )
            print(f"{label + ', batch file':34s} {batch_file(folder / part, asked):7.0f} queries per CPU second")
        timed("matchgraph with log and filter", asked, lambda text: matcher.match(
            text, limit=10, filters=[("type", ["mcp"])]))  # fmt: skip


if __name__ == "__main__":
    main()
