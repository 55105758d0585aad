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

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.errors import DamagedHome
from queries.retrieval.asked import Asked, write_asked
from queries.retrieval.past_evidence import Evidence, Neighbours, evidence_of
from queries.retrieval.past_pulls import Choices, choices_of
from queries.retrieval.wordings import Wordings, write_wordings
from queries.retrieval.words_of_needs import words_of_needs
from queries.text.encoders.contract import BUILT_IN
from queries.text.index_files import Texts, inverse_frequency, map_array, map_columns, write_columns
from queries.text.postings import Best, Postings, Sought
from queries.text.postings_writer import PostingsWriter
from queries.text.tokens import index_terms, words

NEIGHBOURS: Final = 50

FOLDER: Final = "past"
_INTENTS: Final = "intents.arrow"

_REMEMBERED: Final = 100_000
"""So many terms are looked up once."""


def write_past_searches(
    path: Path,
    objects: pa.Table,
    edges: pa.Table,
    intents: pa.Table,
    text_intents: pa.Table | None = None,
    judgments: pa.Table | None = None,
    encoder: str = BUILT_IN,
    evidence: pa.Table | None = None,
    clients: int | None = None,
) -> None:
    """Write the past intents with an observed choice or a judgment, and their edges, into the folder `path`/past.

    `objects`: artifact_id and capability_id of every document in the text index; others are left out.
    `evidence` says how many clients chose each artifact; without it every edge is taken for clients of its own.
    `clients`: how many chose anything; None if that is not known.
    """
    folder = path / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    found = choices_of(edges, objects, judgments, evidence, clients)
    kept = intents.select(["intent_id", "intent_key", "label"]).sort_by("intent_key")
    kept = kept.filter(pc.is_in(kept["intent_key"], pa.array(np.unique(found.intents)))).combine_chunks()
    keys = kept["intent_key"].to_numpy()
    known = np.isin(found.intents, keys)
    choices = Choices(np.searchsorted(keys, found.intents[known]), found.documents[known], found.pulls[known])
    needs = words_of_needs(*_texts(kept, text_intents), kept.num_rows)
    said = needs.each_once()
    postings = PostingsWriter(index_terms)
    postings.add([postings.terms_of(said)])
    postings.write(folder)
    _write_edges(folder, kept, choices)
    write_asked(folder, said.texts(), choices, encoder)
    write_wordings(folder, needs.terms(), choices)


def _texts(kept: pa.Table, text_intents: pa.Table | None) -> tuple[pa.StringArray, npt.NDArray[np.int64]]:
    """Return the texts of every intent, each once: its label, then the others in alphabetical order; whose each is."""
    keys, labels = kept["intent_key"], kept["label"]
    numbers = np.arange(kept.num_rows)
    told = pa.table({"need": numbers, "text": labels, "other": np.zeros(kept.num_rows, np.bool_)})
    if text_intents is not None and kept.num_rows:
        of_kept = text_intents.filter(pc.is_in(text_intents["intent_key"], keys.combine_chunks()))
        needs = np.searchsorted(keys.to_numpy(), of_kept["intent_key"].to_numpy())
        others = pa.table({"need": needs, "text": of_kept["text"], "other": np.ones(len(needs), np.bool_)})
        others = others.filter(pc.not_equal(others["text"], labels.take(pa.array(needs))))
        others = others.group_by(told.column_names).aggregate([])
        told = pa.concat_tables([told, others.select(told.column_names)])
        told = told.sort_by([("need", "ascending"), ("other", "ascending"), ("text", "ascending")])
    return told["text"].combine_chunks(), told["need"].to_numpy()


def _write_edges(folder: Path, kept: pa.Table, choices: Choices) -> None:
    write_columns(folder / _INTENTS, kept)
    counts = np.bincount(choices.intents, minlength=kept.num_rows)
    np.save(folder / "starts.npy", np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]))
    np.save(folder / "documents.npy", choices.documents.astype(np.int32))
    np.save(folder / "pulls.npy", choices.pulls.astype(np.float32))


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
        self._rarity = lru_cache(_REMEMBERED)(self._rarity_of)
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

    def neighbours(self, queries: Sequence[Sequence[str]], *, without: int | None = None) -> list[Neighbours]:
        """Return for each of some queries, by its terms, the past intents most like it; `without` leaves one out."""
        size = min(NEIGHBOURS + 1, self._count)
        found = self._words.best_of_each([Sought(terms, [0.0] * len(terms), size) for terms in queries])
        return [self._nearest(best, terms, without) for best, terms in zip(found, queries, strict=True)]

    def _nearest(self, found: Best, terms: Sequence[str], without: int | None) -> Neighbours:
        full = sum([self._rarity(term) for term in terms]) if len(found.numbers) else 1.0
        kept = slice(NEIGHBOURS) if without is None else np.flatnonzero(found.numbers != without)[:NEIGHBOURS]
        return Neighbours(found.numbers[kept], np.minimum(1.0, found.scores[kept] / full))

    def _rarity_of(self, term: str) -> float:
        return inverse_frequency(self._words.count(term), self._count)

    def evidence(self, neighbours: Sequence[Neighbours]) -> list[Evidence]:
        """Return what the neighbours of each of some queries chose."""
        return evidence_of(neighbours, self._starts, self._documents, self._pulls)
