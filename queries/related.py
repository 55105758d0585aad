"""Alternatives (chosen *instead*) and complements (chosen *together*) of every artifact.

Alternatives: four signs (`queries.alternative_signals`), each a value v_k between 0 and 1 with a weight w_k, joined by

    score = f u (1 - Π_k (1 - w_k v_k)),

the probability that at least one sign is right if sign k is right with probability w_k v_k and they err independently
(noisy-or; Pearl 1988, "Probabilistic Reasoning in Intelligent Systems", section 4.3.2). One strong sign suffices,
several weak ones add up, and an artifact that nobody has searched for yet is still found by what it says. f lowers the
score of unlike types: a data set of street scenes is no substitute for a model that was trained on it. u between
0.9 and 1 is larger for the one that more people use.

Complements need sessions: `queries.complements`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import sparse

from graph.snapshot_schemas import RELATED
from queries.alternative_reasons import Chosen, Reasons, as_reasons
from queries.alternative_signals import chosen_for, co_choice_signal, concept_signal, shared_choices
from queries.complements import complements
from queries.mentions import mentions
from queries.purposes import Catalogue, Encode, Vectors, adoption, meaning_vectors, purpose_vectors, text_signal
from queries.references import references
from queries.stated_signal import direct_signal, expected_signal, products, shared_signal, where_likely
from queries.together import Together

Row = dict[str, Any]
Places = npt.NDArray[np.int64]
Alike = Mapping[tuple[int, int], tuple[str, str]]
"""Places of two duplicates → kind and reason."""

WEIGHTS: Final = {"text": 0.8, "concept": 0.7, "co_choice": 0.8, "stated": 0.8, "expected": 0.5}
"""How far each sign is trusted alone."""

KEPT: Final = 30
"""Alternatives kept for each artifact."""

ADOPTION_SHARE: Final = 0.1
"""Of alternatives that are else alike those come first that more people use: one that nobody uses loses this share."""

OTHER_TYPE: Final = 0.8
OTHER_KIND: Final = 0.3
PASSIVE_TYPES: Final = {"dataset": "data", "benchmark": "benchmark", "prompt": "prompt", "template": "template"}
"""Types that are not run by themselves, by kind; all others are programs or services that do something."""

METHOD: Final = "alternatives/3"


def related_all(
    artifacts: pa.Table,
    capabilities: pa.Table,
    pairs: pa.Table,
    edges: pa.Table,
    evidence: pa.Table,
    *,
    together: Together | None = None,
    duplicates: pa.Table | None = None,
    encode: Encode | None = None,
) -> pa.Table:
    """Return the alternatives and complements of every artifact as a `RELATED` table, ordered by id, relation, place.

    The first five are snapshot tables; `evidence` decides between equal scores: who was matched more often goes
    first. `together`: what was chosen in the same sessions; without it there are no complements, for nothing else
    shows them. `duplicates`: a table of that name; what is the same under another name
    is no alternative, and variants say that they are some. `encode`: vectors of meaning for texts; without it the words
    decide alone.
    """
    catalogue = Catalogue.of(artifacts, capabilities)
    meanings = meaning_vectors(catalogue, encode) if encode is not None and len(catalogue) else None
    alike = _alike(catalogue, duplicates)
    rows = (
        _alternatives(catalogue, artifacts, capabilities, pairs, edges, evidence, meanings, alike)
        if len(catalogue)
        else []
    )
    if together is not None:
        rows.extend(complements(together, {(row["artifact_id"], row["other_id"]) for row in rows}))
    rows.sort(key=lambda row: (row["artifact_id"], row["relation"], row["place"]))
    return pa.Table.from_pylist(rows, schema=RELATED)


def _alternatives(
    catalogue: Catalogue,
    artifacts: pa.Table,
    capabilities: pa.Table,
    pairs: pa.Table,
    edges: pa.Table,
    evidence: pa.Table,
    meanings: Vectors | None,
    alike: Alike,
) -> list[Row]:
    found, named = mentions(artifacts, capabilities), references(artifacts)
    chosen, stated = chosen_for(catalogue, edges), products(catalogue, named)
    signals = {
        "text": text_signal(*purpose_vectors(catalogue), meanings),
        "concept": concept_signal(catalogue, pairs),
        "co_choice": co_choice_signal(chosen),
    }
    direct = where_likely(direct_signal(catalogue, found), signals.values())
    signals["expected"] = expected_signal(stated, signals["text"])
    signals["stated"] = direct.maximum(shared_signal(stated))
    scores = _without(_joined(signals, catalogue), [pair for pair, (kind, _) in alike.items() if kind == "same"])
    best = _best(scores, _matched(catalogue, evidence))
    best.values.update((kind, _at(signal, best.left, best.right)) for kind, signal in signals.items())
    best.intents, best.clients = shared_choices(chosen, best.left, best.right)
    return _rows(catalogue, best, Reasons(catalogue, pairs, found, named), alike)


def _alike(catalogue: Catalogue, duplicates: pa.Table | None) -> Alike:
    return {
        (catalogue.place[row["artifact_id"]], catalogue.place[row["other_id"]]): (
            row["kind"],
            json.loads(row["reasons"])[0]["text"],
        )
        for row in (duplicates.to_pylist() if duplicates is not None else ())
    }


def _without(scores: Any, pairs: Sequence[tuple[int, int]]) -> Any:
    """Set the scores of some pairs of a COO matrix to zero."""
    count = scores.shape[0]
    left_out = np.array([a * count + b for a, b in pairs], np.int64)
    scores.data[np.isin(scores.row.astype(np.int64) * count + scores.col, left_out)] = 0
    return scores


def _rows(catalogue: Catalogue, best: Chosen, reasons: Reasons, alike: Alike) -> list[Row]:
    rows = []
    place, before = 0, -1
    scores, values = best.scores.tolist(), {kind: each.tolist() for kind, each in best.values.items()}
    for row, (a, b) in enumerate(zip(best.left.tolist(), best.right.tolist(), strict=True)):
        place, before = (place + 1 if a == before else 1), a
        weighted = {
            kind: (WEIGHTS[kind] * each[row], reasons.line(kind, best, row))
            for kind, each in values.items()
            if each[row] > 0
        }
        listed = as_reasons(weighted)
        if (a, b) in alike:
            listed.append({"kind": "variant", "text": alike[a, b][1], "weight": 0.0})
        rows.append(
            {"artifact_id": catalogue.id(a), "relation": "alternative", "other_id": catalogue.id(b)}
            | {"score": scores[row], "place": place, "reasons": json.dumps(listed, ensure_ascii=False)}
        )
    return rows


def _joined(signals: Mapping[str, Any], catalogue: Catalogue) -> Any:
    """Return the scores of all pairs with any sign, as a COO matrix rounded to 6 decimals."""
    doubt = sparse.csr_matrix((len(catalogue), len(catalogue)))
    for kind, signal in sorted(signals.items()):
        part = signal.copy()
        part.data = np.log1p(-WEIGHTS[kind] * np.minimum(part.data, 1.0))
        doubt = doubt + part
    found = doubt.tocoo()
    widely_used = 1 - ADOPTION_SHARE * (1 - adoption(catalogue))
    found.data = np.round(
        -np.expm1(found.data) * _type_factor(catalogue, found.row, found.col) * widely_used[found.col], 6
    )
    return found


def _type_factor(catalogue: Catalogue, left: Places, right: Places) -> npt.NDArray[np.float64]:
    types = np.array([row["type"] or "" for row in catalogue.artifacts])
    kinds = np.array([PASSIVE_TYPES.get(each, "active") for each in types])
    factor = np.where(types[left] == types[right], 1.0, OTHER_TYPE)
    return np.where(kinds[left] == kinds[right], factor, OTHER_KIND)


def _matched(catalogue: Catalogue, evidence: pa.Table) -> npt.NDArray[np.int64]:
    counts = np.zeros(len(catalogue), np.int64)
    for row in evidence.select(["artifact_id", "times_matched"]).to_pylist():
        if row["artifact_id"] in catalogue.place:
            counts[catalogue.place[row["artifact_id"]]] = row["times_matched"] or 0
    return counts


def _best(scores: Any, matched: npt.NDArray[np.int64]) -> Chosen:
    """Return the `KEPT` best of each row, by row and then from the best on.

    Equal scores: the one matched more often, then the first id.
    """
    order = np.lexsort((scores.col, -matched[scores.col], -scores.data, scores.row))
    row, column, value = scores.row[order], scores.col[order], scores.data[order]
    nth = np.arange(len(row)) - np.searchsorted(row, row)
    kept = (nth < KEPT) & (value > 0)
    return Chosen(row[kept].astype(np.int64), column[kept].astype(np.int64), value[kept])


def _at(matrix: Any, left: Places, right: Places) -> npt.NDArray[np.float64]:
    return np.asarray(matrix[left, right]).ravel() if len(left) else np.zeros(0)
