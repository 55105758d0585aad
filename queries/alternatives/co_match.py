"""Which artifacts are matched with the same needs as a given one? Two steps through the match graph, from arrays.

The graph is kept twice as a compressed sparse matrix (Saad 2003, "Iterative Methods for Sparse Linear Systems",
section 3.4), artifacts by intents and intents by artifacts, in files that are mapped into memory: a process pays for
the rows it reads. With A (artifacts, intents) = 1 where there is an edge, the answer is row a of A A'.

co_match/<part>.npy    artifact_starts (artifacts + 1,), artifact_intents (edges,), intent_starts (intents + 1,),
                       intent_artifacts (edges,); integers. Ids in alphabetical order: `artifacts.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import sparse

from graph.errors import UnknownName

FOLDER: Final = "co_match"
PARTS: Final = ("artifact_starts", "artifact_intents", "intent_starts", "intent_artifacts")

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class CoMatched:
    """An artifact that is matched with needs of another."""

    artifact_id: str
    intents: int
    """Number of shared intents."""


def write_co_match(folder: Path, edges: pa.Table) -> None:
    """Write the arrays of the table `edges` (columns `artifact_id`, `intent_key`) into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    artifact, intent = (edges[name].combine_chunks().dictionary_encode() for name in ("artifact_id", "intent_key"))
    names = artifact.dictionary.to_pylist()
    place = np.empty(len(names), np.int64)
    place[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    rows = place[artifact.indices.to_numpy()] if names else np.zeros(0, np.int64)
    columns = intent.indices.to_numpy()
    matrix = sparse.csr_matrix((np.ones(len(rows), np.int8), (rows, columns)), (len(names), len(intent.dictionary)))
    matrix.sum_duplicates()
    other = matrix.T.tocsr()
    arrays = (matrix.indptr, matrix.indices, other.indptr, other.indices)
    for name, array in zip(PARTS, arrays, strict=True):
        np.save(folder / f"{name}.npy", array)
    (folder / "artifacts.json").write_bytes(msgspec.json.encode(sorted(names)))


class CoMatch:
    """The match graph of one snapshot, read where it lies."""

    def __init__(self, arrays: Mapping[str, IntArray], artifact_ids: list[str]) -> None:
        self._arrays = arrays
        self.artifact_ids = artifact_ids

    @classmethod
    def open(cls, folder: Path) -> CoMatch:
        """Map the arrays that `write_co_match` wrote."""
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in PARTS}
        return cls(arrays, msgspec.json.decode((folder / "artifacts.json").read_bytes()))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {artifact_id: place for place, artifact_id in enumerate(self.artifact_ids)}

    def of(self, artifact_id: str, limit: int | None = None) -> list[CoMatched]:
        """Return who shares most intents with an artifact, ties by id; without itself.

        Raises `UnknownName` for an id that has no edges.
        """
        if artifact_id not in self._places:
            raise UnknownName("artifact with match edges", artifact_id, [])
        own = self._places[artifact_id]
        found = self.shared(own)
        found[own] = 0
        others = np.flatnonzero(found)
        best = others[np.lexsort((others, -found[others]))][:limit]
        return [CoMatched(self.artifact_ids[other], int(found[other])) for other in best.tolist()]

    def shared(self, place: int) -> IntArray:
        """Return the number of intents that every artifact shares with the one at a place (artifacts,)."""
        starts, intents = self._arrays["artifact_starts"], self._arrays["artifact_intents"]
        first, members = self._arrays["intent_starts"], self._arrays["intent_artifacts"]
        own = intents[starts[place] : starts[place + 1]]
        begins, ends = first[own], first[own + 1]
        rows = [members[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
        found = np.concatenate(rows) if rows else np.zeros(0, np.int64)
        return np.bincount(found, minlength=len(self.artifact_ids))
