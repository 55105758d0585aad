"""Would a walk on the click graph, as one more witness of the search, find more? Measured on sets with a log.

    python -m bench.click_walk DATA [--only metatool]

From a query to the past needs like it, to what these chose, to the needs that chose the same, to what those chose
(Craswell & Szummer 2007, "Random walks on the click graph", SIGIR): forward, by how likely the walk ends at a document,
and backward, by how likely a walk from the document ends at the query. Steps are damped by evidence: whoever has few
choices behind him stays where he is. Everything else is as in the product, its weights as its log fitted them; the walk
is added with several weights, as the square root of its probability relative to the query's best.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bench.retrieval import NOW_US
from bench.retrieval_tasks import Fold, Row, Sampling, Task, all_tasks
from graph.home import Home
from ingest.load import ingest_paths
from queries.recompute import recompute
from queries.retrieval.fusion import WITNESSES
from queries.retrieval.matching import Matcher, matcher_of
from queries.retrieval.metrics import ndcg, recall
from queries.retrieval.order_of_hits import with_siblings
from queries.retrieval.past_evidence import PRIOR
from queries.retrieval.weighing import Weighed

Matrix = npt.NDArray[np.float64]

WEIGHTS: Final = (0.3, 1.0, 3.0)
STAY: Final = 1.0
"""Evidence (a mean choice has 1) with which a step is taken half of the times."""

POOL: Final = 100
DEPTH: Final = 10


class ClickGraph:
    """Needs and documents with the pulls between them."""

    def __init__(self, matcher: Matcher) -> None:
        pulls = [matcher.past.pulls_of(need) for need in range(len(matcher.past))]
        needs = [need for need, found in enumerate(pulls) for _ in found]
        documents = [document for found in pulls for document in found]
        values = [pull for found in pulls for pull in found.values()]
        shape = (len(pulls), matcher.index.documents)
        graph = sparse.csr_array((values, (needs, documents)), shape=shape)
        self._by_need = _damped(graph)
        self._by_document = _damped(sparse.csr_array(graph.T))
        self._matcher = matcher

    def walks(self, stems: tuple[str, ...]) -> dict[str, Matrix]:
        """Return for each kind of walk the probability of each document (documents,)."""
        (found,) = self._matcher.past.neighbours([stems])
        start = np.zeros(self._by_need.shape[0])
        weights = found.similarities**2
        start[found.intents] = weights / (weights.sum() + PRIOR)
        once = start @ self._by_need
        further = start + once @ self._by_document
        return {
            "forward, three steps": further @ self._by_need,
            "backward, one step": self._by_document @ start,
            "backward, three steps": self._by_document @ (start + self._by_need @ (self._by_document @ start)),
        }


def _damped(graph: sparse.csr_array) -> sparse.csr_array:
    """Return the graph with rows that add up to less than 1, the less the fewer choices stand behind them."""
    return sparse.csr_array(sparse.diags_array(1 / (graph.sum(axis=1) + STAY)) @ graph)


def ranking(matcher: Matcher, weighed: Weighed, more: Matrix) -> list[str]:
    """Return the best documents' ids with `more` (n,) added to the weighed sums of hits."""
    owners = matcher.index.owners(weighed.documents)
    fused = matcher.fusion.fused(weighed.witnesses) + more
    score = np.round(with_siblings(fused, owners, np.argsort(owners, kind="stable")), 6)
    best = np.lexsort((weighed.documents, -score))[: 3 * DEPTH]
    ids = list(zip(*matcher.index.ids(weighed.documents[best]), strict=True))
    finer = {artifact for artifact, own in ids if own is not None}
    return [own or artifact for artifact, own in ids if own is not None or artifact not in finer][:DEPTH]


def asked(task: Task, fold: Fold, scratch: Path) -> Iterator[tuple[tuple[str, float], Row, list[str]]]:
    """Yield kind and weight of a walk, query, and what is found then, for all of them."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        home = Home(Path(folder))
        ingest_paths(home, [*task.catalogue, *fold.log], now_us=NOW_US)
        matcher = matcher_of(recompute(home, now_us=NOW_US))
        graph = ClickGraph(matcher)
        for row in fold.queries:
            query = matcher.analyse(row["text"])
            weighed = matcher.weighed(query, POOL, candidates=row.get("candidates"))
            place = WITNESSES.index("neighbours")
            neighbours = matcher.fusion.weights[place] * weighed.witnesses[:, place]
            yield ("no walk", 0.0), row, ranking(matcher, weighed, np.zeros(len(neighbours)))
            for kind, walk in graph.walks(query.stems).items():
                walked = np.sqrt(walk[weighed.documents])
                for weight in WEIGHTS:
                    yield (kind, weight), row, ranking(matcher, weighed, weight * walked)
                    yield (f"{kind}, instead", weight), row, ranking(matcher, weighed, weight * walked - neighbours)


def run(task: Task, scratch: Path) -> None:
    """Print the measures of a task for each kind and weight."""
    values: dict[tuple[str, float], list[tuple[float, ...]]] = {}
    for fold in task.folds:
        for way, row, found in asked(task, fold, scratch):
            grades = task.relevant.get(row["id"], {})
            if grades:
                held = [grades.get(one, 0.0) for one in found]
                measured = [recall(held, grades.values(), k) for k in (1, 5, 10)]
                values.setdefault(way, []).append((*measured, ndcg(held, grades.values(), 10)))
    for (kind, weight), rows in values.items():
        means = zip(("R@1", "R@5", "R@10", "nDCG@10"), np.mean(rows, axis=0).tolist(), strict=True)
        told = ", ".join(f"{name} {value:.3f}" for name, value in means)
        print(f"{task.name:31s} {kind:30s} weight {weight:.1f}: {told}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", default="", help="tasks whose name begins like this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for task in all_tasks(options.data, Path(folder), Sampling()):
            if task.folds[0].log and task.name.startswith(options.only):
                run(task, Path(folder))


if __name__ == "__main__":
    main()
