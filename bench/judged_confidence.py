"""How true confidence is where no log is known but some requests were judged.

    python -m bench.judged_confidence DATA

Of the requests of each task without a log some are judged, at most half of them; others are asked. Judged in one of
three ways. "right": what is right for a request is known, and of one that nothing fits, in bfcl-live, that all it was
offered is wrong. "shown": the first ten hits, as they are without judgments, are judged right or wrong, and nothing
else is known. "served": the same, but only requests are kept that something was right for.

Means over `--draws` draws of what is judged; ±: half of a 95 % interval over them. "by chance": the calibration error
of a confidence that is true, for so few requests. "ten": of the ten best hits together, whether one is right, which
is how a search says that nothing fits. Judgments are laid into the index of the task's home as `recompute` does it,
each distinct text being a need.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import copy2

import numpy as np
import pyarrow as pa

from bench.retrieval import NOW_US
from bench.retrieval_tasks import Row, Sampling, Task, all_tasks
from graph.home import Home
from graph.keys import stable_key
from graph.snapshot_schemas import EDGES, INTENTS, JUDGMENTS
from ingest.load import ingest_paths
from queries.answers.search import nothing_fits
from queries.answers.search_plan import BEST
from queries.recompute import recompute
from queries.retrieval.calibration import FILE, Matrix, calibration_error
from queries.retrieval.fit_to_log import fit_to_log
from queries.retrieval.judged import judged_needs
from queries.retrieval.matching import Matcher
from queries.retrieval.metrics import auroc
from queries.retrieval.past_searches import FOLDER, write_past_searches
from queries.retrieval.text_index import OBJECTS
from queries.text.index_files import map_columns

ASKED = 1_000
"""At most so many others are asked."""

WAYS = ("right", "shown", "served")

Grades = dict[str, float]


def right(task: Task, row: Row) -> Grades:
    """Return what is right; of a request that nothing fits, that all that was offered is wrong."""
    grades = task.relevant.get(row["id"], {})
    return {**({} if grades else dict.fromkeys(row.get("candidates") or (), 0.0)), **grades}


def shown(task: Task, row: Row, matcher: Matcher) -> Grades:
    """Return what is right or wrong of the first ten hits of a matcher."""
    grades = task.relevant.get(row["id"], {})
    found = matcher.match(row["text"], limit=BEST, candidates=row.get("candidates"))
    return {match.object_id: grades.get(match.object_id, 0.0) for match in found}


def judged_index(index: Path, folder: Path, judged: Sequence[tuple[str, Grades]], least: float) -> Matcher:
    """Return the matcher of an index without a log after some texts were judged; what it needs goes to `folder`.

    Grades below `least` are left out.
    """
    folder.mkdir()
    for path in index.iterdir():
        if path.name not in (FOLDER, FILE):
            (folder / path.name).symlink_to(path) if path.is_dir() else copy2(path, folder)
    objects = map_columns(folder / OBJECTS)
    pairs = zip(objects["artifact_id"].to_pylist(), objects["capability_id"].to_pylist(), strict=True)
    named = {own or artifact: (artifact, own) for artifact, own in pairs}
    texts = {stable_key(text): text for text, _ in judged}
    rows = [
        (stable_key(text), *named[object_id], grade, 1)
        for text, grades in dict(judged).items()
        for object_id, grade in grades.items()
        if object_id in named and grade >= least
    ]
    judgments = pa.Table.from_pylist([dict(zip(JUDGMENTS.names, row, strict=True)) for row in rows], JUDGMENTS)
    known = [{"intent_key": key, "intent_id": str(key), "label": text} for key, text in texts.items()]
    intents = pa.Table.from_pylist(known, INTENTS)
    write_past_searches(folder, objects, EDGES.empty_table(), intents, judgments=judgments)
    fit_to_log(folder, judged=judged_needs(judgments, intents, objects))
    return Matcher.open(folder)


def figures(task: Task, matcher: Matcher, others: Sequence[Row]) -> Matrix:
    """Return the figures of `NAMES` for some requests."""
    texts, candidates = [row["text"] for row in others], [row.get("candidates") for row in others]
    first, best = [], []
    for row, matches in zip(others, matcher.match_all(texts, limit=BEST, candidates=candidates), strict=True):
        grades = task.relevant.get(row["id"], {})
        if matches:
            labels = [grades.get(match.object_id, 0.0) > 0 for match in matches]
            together = min(1.0, sum(match.confidence for match in matches))
            first.append((matches[0].confidence, labels[0], bool(grades)))
            best.append((together, any(labels), nothing_fits(matches)))
    stated, good, fits = map(np.array, zip(*first, strict=True))
    ten, any_good, nothing = map(np.array, zip(*best, strict=True))
    likely = np.clip(stated, 1e-4, 1 - 1e-4)
    loss = -float(np.mean(np.where(good, np.log(likely), np.log(1 - likely))))
    first_hits = [good.mean(), stated.mean(), calibration_error(stated, good), _by_chance(stated), loss]
    said = [nothing[~any_good].mean() if (~any_good).any() else 0.0, nothing[any_good].mean()]
    return np.array([
        *first_hits, calibration_error(ten, any_good), _by_chance(ten), auroc(ten.tolist(), fits.tolist()), *said,
    ])  # fmt: skip


NAMES = (
    *("right", "stated", "ECE", "by chance", "log loss"),
    *("ten: ECE", "by chance", "AUROC fits", "nothing said of none right", "of some right"),
)


def _by_chance(stated: Matrix) -> float:
    draws = np.random.default_rng(1).random((100, len(stated)))
    return float(np.mean([calibration_error(stated, draw < stated) for draw in draws]))


def measured(
    task: Task, kinds: Sequence[str], judged: Sequence[int], draws: int, least: float, scratch: Path
) -> Iterator[str]:
    """Yield a line for each way of judging and number of judged requests; grades below `least` are left out."""
    home = Home(scratch / "home")
    ingest_paths(home, task.catalogue, now_us=NOW_US)
    index = recompute(home, now_us=NOW_US).text_index_path
    plain = Matcher.open(index)
    ways: dict[str, Callable[[Row], Grades]] = {
        "right": lambda row: right(task, row),
        "shown": lambda row: shown(task, row, plain),
        "served": lambda row: shown(task, row, plain),
    }
    for way, grades in [(way, ways[way]) for way in kinds]:
        for count in judged:
            found = []
            for draw in range(1, draws + 1):
                rows = sorted(task.folds[0].queries, key=lambda row: row["id"])
                random.Random(draw).shuffle(rows)
                split = len(rows) // 2
                known = ((row["text"], grades(row)) for row in rows[:split])
                kept = [pair for pair in known if way != "served" or any(grade > 0 for grade in pair[1].values())]
                matcher = judged_index(index, scratch / f"{way}-{count}-{draw}", kept[:count], least)
                found.append(figures(task, matcher, rows[split:][:ASKED]))
            table = np.array(found)
            means = zip(NAMES, table.mean(axis=0), strict=True)
            spread = 1.96 * table[:, 2].std(ddof=1) / draws**0.5 if draws > 1 else float("nan")
            text = ", ".join(f"{name} {mean:.3f}" + f" ±{spread:.3f}" * (name == "ECE") for name, mean in means)
            yield f"{task.name:18s} {way:7s} {count:4d} {text}"


def main() -> None:
    """Print the lines of every task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", default="", help="tasks whose name begins like this")
    parser.add_argument("--judged", type=int, nargs="+", default=[50, 100, 200, 400], help="so many")
    parser.add_argument("--ways", nargs="+", default=WAYS, choices=WAYS)
    parser.add_argument("--draws", type=int, default=4)
    parser.add_argument("--without-zeros", action="store_true", help="as if nothing had been judged wrong")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tasks = all_tasks(options.data, Path(folder), replace(Sampling(), asked=4_000))
        for task in [task for task in tasks if not task.folds[0].log and task.name.startswith(options.only)]:
            most = len(task.folds[0].queries) // 2
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                counts = sorted({min(each, most) for each in options.judged})
                least = 0.01 if options.without_zeros else 0.0
                for line in measured(task, options.ways, counts, options.draws, least, Path(scratch)):
                    print(line, flush=True)


if __name__ == "__main__":
    main()
