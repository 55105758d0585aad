"""How often a search says that nothing fits: of needs that something serves, that nothing serves, and of other worlds.

    python -m bench.nothing_fits DATA

A fifth of a catalogue's objects is left out, of its log too; the requests that only those serve are the ones that
nothing serves (near copies may). Of another world: the queries of TREC's session track 2013, about civil wars and
scooters, some of which a tool of metatool may serve. Everything is searched, unlike in `bench.retrieval`, where
apibench and bfcl-live offer candidates. "log": by the home's calibrator as it was fitted, "familiar": times
`queries.retrieval.familiarity`. Printed beside that: the mean confidence of first hits.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random

import msgspec
import numpy as np

from bench.retrieval import NOW_US
from bench.retrieval_tasks import Row, Sampling, Task, all_tasks, rows_of
from graph.home import Home
from ingest.load import ingest_paths
from queries.answers.search import nothing_fits
from queries.answers.search_plan import BEST
from queries.recompute import recompute
from queries.retrieval.matching import Matcher, matcher_of

TASKS = (
    *("metatool, 150 as log", "metatool, half as log", "metatool, most as log"),
    *("apibench, hf, half as log", "livemcpbench, seen once"),
)
"""Of tasks with one log the first; the requests of all of them are asked."""

LEFT_OUT = 5
"""One object of so many is left out."""


def without_a_part(task: Task, scratch: Path, seed: int) -> tuple[list[Path], set[str]]:
    """Write catalogue and log without some of the objects that serve anything; return the files and these objects."""
    objects = sorted({object_id for grades in task.relevant.values() for object_id in grades})
    missing = set(Random(seed).sample(objects, len(objects) // LEFT_OUT))
    files = []
    for number, path in enumerate([*task.catalogue, *task.folds[0].log]):
        kept = [json.dumps(row) for row in rows_of(path) if not _objects(row) & missing]
        files.append(scratch / f"{number}-{path.name.removesuffix('.gz')}")
        files[-1].write_text("\n".join(kept))
    return files, missing


def _objects(row: Row) -> set[str]:
    chosen = (row.get("event_attributes") or {}).get("object", {}).get("object_id")
    return {str(one) for one in (row.get("id"), row.get("capability_id"), chosen) if one}


def said(matcher: Matcher, texts: list[str]) -> str:
    """Return how often nothing fits, and the mean confidence of first hits."""
    found = list(matcher.match_all(texts, limit=BEST))
    nothing = np.mean([nothing_fits(matches) for matches in found])
    return f"{nothing:.3f} ({np.mean([matches[0].confidence if matches else 0.0 for matches in found]):.2f})"


def main() -> None:
    """Print a line for each task and kind of need."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    other_world = [row["text"] for row in rows_of(options.data / "trec-session-2013" / "current_queries.jsonl")]
    print("needs that something serves; that nothing serves; of another world: nothing fits (mean confidence)")
    with tempfile.TemporaryDirectory() as folder:
        every = list(all_tasks(options.data, Path(folder), replace(Sampling(), folds=2)))
        for task in [task for task in every if task.name in TASKS]:
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                files, missing = without_a_part(task, Path(scratch), 1)
                home = Home(Path(scratch) / "home")
                ingest_paths(home, files, now_us=NOW_US)
                fitted = matcher_of(recompute(home, now_us=NOW_US))
            as_it_was = msgspec.structs.replace(fitted.calibrator, served=())
            plain = Matcher(fitted.index, fitted.meaning, fitted.past, fitted.fusion, as_it_was)
            asked = [
                row for other in every if other.folds[0].log == task.folds[0].log for row in other.folds[0].queries
            ]
            right = [(row["text"], set(task.relevant.get(row["id"], {}))) for row in asked]
            served = [text for text, found in right if found - missing]
            unserved = [text for text, found in right if found and not found - missing]
            for name, matcher in (("log", plain), ("familiar", fitted)):
                figures = [said(matcher, texts) for texts in (served, unserved, other_world)]
                print(f"{task.name:26s} {name:9s}", len(served), len(unserved), *figures, sep=" | ", flush=True)


if __name__ == "__main__":
    main()
