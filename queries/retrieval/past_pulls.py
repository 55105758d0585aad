"""How strongly each past intent leads to each document: from the edges and judgments of a log."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

MAX_PULL: Final = 2.0
UNKNOWN_STRENGTH: Final = 0.5
"""Stands for the strength of an edge chosen without a record of what was shown: a beta(1, 1) prior's mean."""

_COUNTS: Final = ("clients", "successes", "failures")
_BETWEEN: Final = "\x1f"
_WHOLE: Final = "\x1e"
"""Stands for the capability of an artifact as a whole."""

Numbers = npt.NDArray[np.int64]
Pulls = npt.NDArray[np.float64]


class Choices(NamedTuple):
    """What past intents lead to (n,), in order of intent and document, no pair twice."""

    intents: Numbers
    documents: Numbers
    pulls: Pulls


def edge_pull(edge: Mapping[str, Any]) -> float:
    """Return how strongly an edge of the table `edges` speaks for its object, 0 to 1.

    Strength (position-corrected, so never raw clicks), damped by n / (n + 1) for n clients and by outcomes: the
    share of successes with one success and one failure added, doubled and cut at 1, so that only failures count.
    """
    strength = UNKNOWN_STRENGTH if edge["strength"] is None else float(edge["strength"])
    return float(_pull(strength, *(edge[name] or 0 for name in _COUNTS)))


def _pull(strength: Any, clients: Any, successes: Any, failures: Any) -> Any:
    """Return what `edge_pull` does, of one edge or, given arrays, of many."""
    worth = np.minimum(1.0, 2 * (successes + 1) / (successes + failures + 2))
    several = np.maximum(clients, 1)
    return strength * worth * several / (several + 1)


def choices_of(
    edges: pa.Table, objects: pa.Table, judgments: pa.Table | None, evidence: pa.Table | None, clients: int | None
) -> Choices:
    """Return what each intent, by its key, leads to: observed choices relative to the mean pull, and judgments.

    `objects`: artifact_id and capability_id of each document; what is not there is left out. `evidence` and
    `clients`: see `queries.retrieval.past_searches.write_past_searches`.
    """
    chosen = _chosen(edges)
    documents = documents_of(chosen, objects)
    pulls = _pull(
        pc.fill_null(chosen["strength"], UNKNOWN_STRENGTH).to_numpy(),
        *(pc.fill_null(chosen[name], 0).to_numpy() for name in _COUNTS),
    )
    if evidence is not None:
        pulls = pulls * _counts(chosen, evidence, clients)
    kept = (documents >= 0) & (pulls > 0)
    found = _last_of_each(chosen["intent_key"].to_numpy()[kept], documents[kept], pulls[kept])
    every = np.sort(found.pulls).tolist()
    mean = sum(every) / len(every) if every else 1.0
    relative = found._replace(pulls=np.minimum(MAX_PULL, found.pulls / mean))
    return relative if judgments is None else _with_judged(relative, judgments, objects)


def _with_judged(choices: Choices, judgments: pa.Table, objects: pa.Table) -> Choices:
    """Add what was judged relevant: the best grade of the table pulls like a mean edge, lower ones in proportion."""
    judged = judgments.filter(pc.field("grade") > 0)
    documents, grades = documents_of(judged, objects), judged["grade"].to_numpy()
    known = documents >= 0
    best = grades.max(initial=0.0) or 1.0
    intents = np.concatenate([choices.intents, judged["intent_key"].to_numpy()[known]])
    together = np.concatenate([choices.documents, documents[known]])
    pulls = np.concatenate([choices.pulls, grades[known] / best])
    order = np.argsort(pulls, kind="stable")
    return _last_of_each(intents[order], together[order], pulls[order])


def _last_of_each(intents: Numbers, documents: Numbers, pulls: Pulls) -> Choices:
    """Return choices in order, of equal pairs the last."""
    order = np.lexsort((documents, intents))
    intents, documents, pulls = intents[order], documents[order], pulls[order]
    last = np.ones(len(order), np.bool_)
    last[:-1] = (intents[1:] != intents[:-1]) | (documents[1:] != documents[:-1])
    return Choices(intents[last], documents[last], pulls[last])


def documents_of(rows: pa.Table, objects: pa.Table) -> Numbers:
    """Return the number of the document that each row is about (n,), −1 where there is none."""
    found = pc.index_in(_pairs(rows), value_set=_pairs(objects))
    numbers: Numbers = pc.fill_null(found, -1).to_numpy().astype(np.int64)
    return numbers


def _pairs(rows: pa.Table) -> pa.Array:
    """Return artifact and capability of rows as one text each."""
    own = pc.fill_null(rows["capability_id"], _WHOLE)
    joined = pc.binary_join_element_wise(rows["artifact_id"], own, _BETWEEN)
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def concave(needs_per_client: float) -> float:
    """Return what every edge of an artifact counts whose clients chose it for so many needs each: (1 + ln n) / n.

    One who writes a thousand wordings counts like eight who write one.

    >>> concave(1.0), round(1000 * concave(1000.0), 1)
    (1.0, 7.9)
    """
    return (1 + log(needs_per_client)) / needs_per_client


def damped(needs_per_client: float, clients: int | None) -> float:
    """Return what an edge of an artifact counts in a log of so many clients: `concave` to the power of 1 − 1/clients.

    One among many must not outvote them; the only one outvotes nobody, and what he chose often is what is good for him.

    >>> damped(1000.0, 1), round(damped(1000.0, 600) / concave(1000.0), 3), damped(1000.0, None) == concave(1000.0)
    (1.0, 1.008, True)
    """
    return float(concave(needs_per_client) ** (1 - 1 / clients if clients else 1))


def _counts(chosen: pa.Table, evidence: pa.Table, clients: int | None) -> Pulls:
    """Return what each edge counts (n,), given how many clients chose each artifact."""
    totals = chosen.group_by("artifact_id").aggregate([("clients", "sum")])
    needs = dict(zip(totals["artifact_id"].to_pylist(), totals["clients_sum"].to_pylist(), strict=True))
    of_each = zip(evidence["artifact_id"].to_pylist(), evidence["clients"].to_pylist(), strict=True)
    counts = {
        artifact: damped(max(1.0, (needs.get(artifact) or 0) / max(count or 0, 1)), clients)
        for artifact, count in of_each
    }
    artifacts = chosen["artifact_id"].combine_chunks().dictionary_encode()
    values = np.array([counts.get(artifact, 1.0) for artifact in artifacts.dictionary.to_pylist()], np.float64)
    found: Pulls = values[artifacts.indices.to_numpy()]
    return found


def _chosen(edges: pa.Table) -> pa.Table:
    names = ["intent_key", "artifact_id", "capability_id", "clients", "successes", "failures", "strength"]
    kept = (pc.field("kind") == "observed") & (pc.field("times_matched") > 0)
    return edges.filter(kept).select(names)
