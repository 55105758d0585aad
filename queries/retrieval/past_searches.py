"""What similar past searches chose: the log as a teacher of the search.

k nearest neighbours among the intents that somebody chose something for (BM25 over their texts). An object's
evidence is the share of the neighbours that points to it:

    evidence(o) = Σ_i sim_i² · pull_io / (Σ_i sim_i² + PRIOR)

with sim_i between 0 and 1 (score of intent i divided by the score of a text that holds all words of the query) and
pull_io that of the edge from intent i to object o, relative to the mean pull in this log and at most 2. Nothing
similar in the log: no evidence, whatever was popular there.
Only observed edges count (inferred ones come from this very search), and judged relevance beside them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.errors import DamagedHome
from queries.retrieval.asked import Asked, write_asked
from queries.retrieval.past_evidence import Evidence, Neighbours, evidence_of
from queries.retrieval.wordings import Wordings, write_wordings
from queries.text.encoders.contract import BUILT_IN
from queries.text.index_files import Texts, inverse_frequency, map_array, map_columns, write_columns
from queries.text.postings import Postings
from queries.text.postings_writer import PostingsWriter, split
from queries.text.tokens import index_terms, words

NEIGHBOURS: Final = 50
MAX_PULL: Final = 2.0
UNKNOWN_STRENGTH: Final = 0.5
"""Stands for the strength of an edge chosen without a record of what was shown: a beta(1, 1) prior's mean."""

FOLDER: Final = "past"
_INTENTS: Final = "intents.arrow"


def edge_pull(edge: Mapping[str, Any]) -> float:
    """Return how strongly an edge of the table `edges` speaks for its object, 0 to 1.

    Strength (position-corrected, so never raw clicks), damped by n / (n + 1) for n clients and by outcomes: the
    share of successes with one success and one failure added, doubled and cut at 1, so that only failures count.
    """
    strength = UNKNOWN_STRENGTH if edge["strength"] is None else float(edge["strength"])
    clients = max(edge["clients"] or 0, 1)
    successes, failures = edge["successes"] or 0, edge["failures"] or 0
    worth = min(1.0, 2 * (successes + 1) / (successes + failures + 2))
    return strength * worth * clients / (clients + 1)


def write_past_searches(
    path: Path,
    documents: Mapping[tuple[str, str | None], int],
    edges: pa.Table,
    intents: pa.Table,
    text_intents: pa.Table | None = None,
    judgments: pa.Table | None = None,
    encoder: str = BUILT_IN,
    evidence: pa.Table | None = None,
    clients: int | None = None,
) -> None:
    """Write the past intents with an observed choice or a judgment, and their edges, into the folder `path`/past.

    `documents`: number of each (artifact_id, capability_id) in the text index; objects without one are left out.
    `evidence` says how many clients chose each artifact; without it every edge is taken for clients of its own.
    `clients`: how many chose anything; None if that is not known.
    """
    folder = path / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    needs = _needs_per_client(edges, evidence)
    counts = {artifact: damped(of_each, clients) for artifact, of_each in needs.items()}
    pulls = _pulls(edges, documents, counts)
    if judgments is not None:
        _add_judged(pulls, judgments, documents)
    by_intent = _texts(intents, text_intents)
    kept = [row for row in intents.sort_by("intent_key").to_pylist() if row["intent_key"] in pulls]
    texts = [by_intent[row["intent_key"]] for row in kept]
    said = [" ".join(dict.fromkeys(word for text in found for word in words(text))) for found in texts]
    pulls_of_kept = [pulls[row["intent_key"]] for row in kept]
    postings = PostingsWriter(index_terms)
    postings.add(split(said))
    postings.write(folder)
    _write_edges(folder, kept, pulls)
    write_asked(folder, said, pulls_of_kept, encoder)
    write_wordings(folder, texts, pulls_of_kept)


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


def _needs_per_client(edges: pa.Table, evidence: pa.Table | None) -> dict[str, float]:
    """Return for how many needs the clients of an artifact chose it, on the average, by artifact id."""
    if evidence is None:
        return {}
    totals = _chosen(edges).group_by("artifact_id").aggregate([("clients", "sum")])
    needs = dict(zip(totals["artifact_id"].to_pylist(), totals["clients_sum"].to_pylist(), strict=True))
    clients = zip(evidence["artifact_id"].to_pylist(), evidence["clients"].to_pylist(), strict=True)
    return {artifact: max(1.0, (needs.get(artifact) or 0) / max(count or 0, 1)) for artifact, count in clients}


def _chosen(edges: pa.Table) -> pa.Table:
    return edges.filter((pc.field("kind") == "observed") & (pc.field("times_matched") > 0))


def _pulls(
    edges: pa.Table, documents: Mapping[tuple[str, str | None], int], counts: Mapping[str, float]
) -> dict[int, dict[int, float]]:
    chosen = _chosen(edges)
    names = ["intent_key", "artifact_id", "capability_id", "clients", "successes", "failures", "strength"]
    pulls: dict[int, dict[int, float]] = defaultdict(dict)
    for edge in chosen.select(names).to_pylist():
        document = documents.get((edge["artifact_id"], edge["capability_id"]))
        pull = edge_pull(edge) * counts.get(edge["artifact_id"], 1.0)
        if document is not None and pull > 0:
            pulls[edge["intent_key"]][document] = pull
    return _relative(pulls)


def _add_judged(
    pulls: dict[int, dict[int, float]], judgments: pa.Table, documents: Mapping[tuple[str, str | None], int]
) -> None:
    """Add what was judged relevant: the best grade of the table pulls like a mean edge, lower ones in proportion."""
    rows = [row for row in judgments.to_pylist() if row["grade"] > 0]
    best = max((row["grade"] for row in rows), default=1.0)
    for row in rows:
        document = documents.get((row["artifact_id"], row["capability_id"]))
        if document is not None:
            judged = pulls.setdefault(row["intent_key"], {})
            judged[document] = max(judged.get(document, 0.0), row["grade"] / best)


def _relative(pulls: Mapping[int, Mapping[int, float]]) -> dict[int, dict[int, float]]:
    """Divide by the mean pull: how much of its choices a log recorded must not decide how much it counts."""
    every = sorted(pull for edges in pulls.values() for pull in edges.values())
    mean = sum(every) / len(every) if every else 1.0
    return {
        intent: {document: min(MAX_PULL, pull / mean) for document, pull in edges.items()}
        for intent, edges in pulls.items()
    }


def _texts(intents: pa.Table, text_intents: pa.Table | None) -> dict[int, list[str]]:
    """Texts of every intent, each once: its label, then the others in alphabetical order."""
    labels = zip(intents["intent_key"].to_pylist(), intents["label"].to_pylist(), strict=True)
    texts: dict[int, dict[str, None]] = {key: {label: None} for key, label in labels}
    if text_intents is not None:
        pairs = zip(text_intents["text"].to_pylist(), text_intents["intent_key"].to_pylist(), strict=True)
        for text, key in sorted(pair for pair in pairs if pair[1] in texts):
            texts[key][text] = None
    return {key: list(found) for key, found in texts.items()}


def _write_edges(folder: Path, kept: Sequence[Mapping[str, Any]], pulls: Mapping[int, Mapping[int, float]]) -> None:
    edges = [sorted(pulls[row["intent_key"]].items()) for row in kept]
    table = pa.table(
        {
            "intent_id": pa.array([row["intent_id"] for row in kept], pa.string()),
            "intent_key": pa.array([row["intent_key"] for row in kept], pa.int64()),
            "label": pa.array([row["label"] for row in kept], pa.string()),
        }
    )
    write_columns(folder / _INTENTS, table)
    np.save(folder / "starts.npy", np.cumsum([0, *map(len, edges)], dtype=np.int64))
    np.save(folder / "documents.npy", np.array([d for row in edges for d, _ in row], dtype=np.int32))
    np.save(folder / "pulls.npy", np.array([p for row in edges for _, p in row], dtype=np.float32))


def replace_labels(path: Path, intents: pa.Table) -> None:
    """Show for the past intents of the text index in the folder `path` the labels of the table `intents`."""
    known = dict(zip(intents["intent_key"].to_pylist(), intents["label"].to_pylist(), strict=True))
    file = path / FOLDER / _INTENTS
    kept = map_columns(file)
    labels = pa.array([known.get(key) for key in kept["intent_key"].to_pylist()], pa.string())
    replaced = kept.set_column(kept.schema.get_field_index("label"), "label", labels).combine_chunks()
    file.unlink()  # who has mapped the old file keeps it
    write_columns(file, replaced)


class PastSearches:
    """Opened past intents. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._intents = map_columns(folder / _INTENTS)
        self._ids, self._labels = Texts(self._intents["intent_id"]), Texts(self._intents["label"])
        self._count = int(self._intents.num_rows)
        self._words = Postings(folder, self._count)
        self._starts: npt.NDArray[np.int64] = map_array(folder / "starts.npy")
        self._documents: npt.NDArray[np.int32] = map_array(folder / "documents.npy")
        self._pulls: npt.NDArray[np.float32] = map_array(folder / "pulls.npy")
        self.asked = Asked(folder)
        self.wordings = Wordings(folder)

    @classmethod
    def open(cls, path: Path) -> PastSearches:
        """Open the past searches of the text index in the folder `path`; raises `DamagedHome`."""
        try:
            return cls(path / FOLDER)
        except (ValueError, OSError) as error:
            raise DamagedHome(f"{path / FOLDER} cannot be read ({error}). Run: matchgraph recompute") from error

    def __len__(self) -> int:
        """Return the number of past intents."""
        return self._count

    def knows(self, term: str) -> bool:
        """Say whether any past search holds the index term."""
        return self._words.count(term) > 0

    def terms(self) -> list[tuple[str, int]]:
        """Return every term with the number of intents that hold it."""
        return self._words.terms()

    def describe(self, intent: int) -> tuple[str, str | None]:
        """Return id and label of an intent number; None where the label is withheld."""
        ids, labels = (texts.at(np.array([intent])) for texts in (self._ids, self._labels))
        return ids[0] or "", labels[0]

    def chosen(self, intent: int) -> set[int]:
        """Return the documents that an intent's edges lead to."""
        return set(self._documents[self._starts[intent] : self._starts[intent + 1]].tolist())

    def pulls_of(self, intent: int) -> dict[int, float]:
        """Return how strongly an intent's edges lead to each of their documents."""
        part = slice(self._starts[intent], self._starts[intent + 1])
        return dict(zip(self._documents[part].tolist(), self._pulls[part].tolist(), strict=True))

    def words_of(self, intent: int) -> str:
        """Return the words of an intent's label, as they were counted for what documents were chosen for."""
        return " ".join(dict.fromkeys(words(self.describe(intent)[1] or "")))

    def keys(self) -> npt.NDArray[np.int64]:
        """Return the intent keys by intent number."""
        return np.asarray(self._intents["intent_key"].to_numpy(), dtype=np.int64)

    def neighbours(self, terms: Sequence[str], *, without: int | None = None) -> Neighbours:
        """Return the past intents most like the terms; `without` leaves one intent out."""
        if not self._count or not terms:
            return Neighbours(np.zeros(0, np.int64), np.zeros(0))
        full = sum(self._rarity(term) for term in terms)
        found = self._words.best(terms, min(NEIGHBOURS + 1, self._count))
        kept = slice(NEIGHBOURS) if without is None else np.flatnonzero(found.numbers != without)[:NEIGHBOURS]
        return Neighbours(found.numbers[kept], np.minimum(1.0, found.scores[kept] / full))

    def _rarity(self, term: str) -> float:
        return inverse_frequency(self._words.count(term), self._count)

    def evidence(self, neighbours: Neighbours) -> Evidence:
        """Return what the neighbours chose."""
        return evidence_of(neighbours, self._starts, self._documents, self._pulls)
