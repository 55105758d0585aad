"""Signs that one artifact serves the same purpose as another, each as a sparse matrix of values between 0 and 1.

Rows and columns of every matrix are the artifacts of a `Catalogue`, in the order of their ids; diagonals are empty.

text        cosine of what they say they are for (`queries.alternatives.purposes`)
concept     share of their capabilities that the other has too
co_choice   cosine over the intents for which they were chosen, shrunk where few clients stand behind it
stated      who is said to stand in for whom (`queries.alternatives.stated_signal`)
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from queries.alternatives.common_entries import in_portions
from queries.alternatives.purposes import Catalogue
from queries.text.similarity import FloatArray, nearest, off_diagonal, unit_rows

IntArray = npt.NDArray[np.int64]

CO_CHOICE_HALF: Final = 5.0
"""Shared clients at which half of the cosine counts."""

CO_CHOSEN: Final = 100
"""Artifacts chosen for the same needs that are kept for each."""


def concept_signal(catalogue: Catalogue, pairs: pa.Table) -> Any:
    """Return the overlap of capabilities: Σ best similarity of every capability of both / their number."""
    left, right = catalogue.places(pairs["artifact_a"]), catalogue.places(pairs["artifact_b"])
    owner, other = np.concatenate([left, right]), np.concatenate([right, left])
    names = pa.chunked_array([*pairs["capability_a"].chunks, *pairs["capability_b"].chunks], pa.string())
    capability = _codes(names)
    similarity = np.tile(pairs["similarity"].to_numpy(), 2)
    known = (owner >= 0) & (other >= 0)
    owner, other, capability, similarity = (each[known] for each in (owner, other, capability, similarity))
    # Summed in the order of the capabilities' ids, so that the last bit does not depend on the rows' order.
    order = np.lexsort((-similarity, capability, other, owner))
    owner, other, capability, similarity = (each[order] for each in (owner, other, capability, similarity))
    best = _first_of_runs(owner, other, capability)
    size = (len(catalogue), len(catalogue))
    one_way = sparse.csr_matrix((similarity[best], (owner[best], other[best])), shape=size)
    counts = np.array([max(1, len(catalogue.capabilities_of(i))) for i in range(len(catalogue))], np.float64)
    both = sparse.coo_matrix(one_way + one_way.T)
    both.data = np.minimum(1.0, both.data / (counts[both.row] + counts[both.col]))
    return off_diagonal(both)


def chosen_needs(edges: pa.Table) -> list[str]:
    """Return the intent ids of the columns of `chosen_for`."""
    return sorted(_observed(edges)["intent_id"].unique().to_pylist())


def _observed(edges: pa.Table) -> pa.Table:
    wanted = edges.select(["artifact_id", "intent_id", "kind", "clients", "times_matched"])
    observed = pc.and_(pc.equal(wanted["kind"], "observed"), pc.greater(wanted["times_matched"], 0))
    return wanted.filter(pc.fill_null(observed, False))


def chosen_for(catalogue: Catalogue, edges: pa.Table) -> Any:
    """Return the clients that chose an artifact for an intent: CSR matrix (artifacts, intents).

    Observed edges only: matches found by text would count the text twice. A client may have chosen two capabilities of
    one artifact, so the larger count is taken.
    """
    wanted = _observed(edges)
    artifact, intent = catalogue.places(wanted["artifact_id"]), _codes(wanted["intent_id"])
    clients = np.maximum(1, pc.fill_null(wanted["clients"], 0).to_numpy()).astype(np.float64)
    order = np.lexsort((-clients, intent, artifact))
    artifact, intent, clients = artifact[order], intent[order], clients[order]
    kept = _first_of_runs(artifact, intent) & (artifact >= 0)
    shape = (len(catalogue), int(intent.max(initial=0)) + 1)
    return sparse.csr_matrix((clients[kept], (artifact[kept], intent[kept])), shape=shape)


def co_choice_signal(chosen: Any) -> Any:
    """Return the likeness of the needs for which artifacts were chosen, from the matrix of `chosen_for`.

    With c the clients that chose an artifact for an intent: the cosine of sqrt(c) ln(1 + N / artifacts of the intent)
    over intents, times s / (s + `CO_CHOICE_HALF`), s = Σ over shared intents of sqrt(c_a c_b).
    """
    of_intent = np.maximum(1, np.bincount(chosen.indices, minlength=chosen.shape[1]))
    rarity = sparse.diags_array(np.log1p(chosen.shape[0] / of_intent))
    weighted = unit_rows(sparse.csr_matrix(chosen.sqrt() @ rarity))
    value = sparse.coo_matrix(off_diagonal(nearest(weighted, weighted, limit=CO_CHOSEN + 1, threshold=1e-6)))
    support = shared_choices(chosen, value.row, value.col)[1]
    value.data = value.data * support / (support + CO_CHOICE_HALF)
    return sparse.csr_matrix(value)


def shared_choices(chosen: Any, left: IntArray, right: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return for pairs of artifacts the intents for which both were chosen, and Σ sqrt(c_a c_b) over them."""
    root = np.sqrt(chosen.data)
    intents, clients = np.zeros(len(left)), np.zeros(len(left))
    for first, common in in_portions(chosen, left, right):
        np.add.at(intents, first + common.pair, 1)
        np.add.at(clients, first + common.pair, root[common.mine] * root[common.its])
    return intents, clients


def _codes(column: pa.ChunkedArray) -> IntArray:
    """Return for each text of a column its place among the distinct ones in alphabetical order."""
    encoded = column.combine_chunks().dictionary_encode()
    place = np.empty(len(encoded.dictionary), np.int64)
    place[pc.sort_indices(encoded.dictionary).to_numpy()] = np.arange(len(place))
    return np.asarray(place[encoded.indices.to_numpy(zero_copy_only=False)]) if len(place) else np.zeros(0, np.int64)


def _first_of_runs(*columns: IntArray) -> npt.NDArray[np.bool_]:
    """Say for each row of sorted columns whether it differs from the row before."""
    first = np.ones(len(columns[0]), bool)
    if len(first):
        first[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return first
