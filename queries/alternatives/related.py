"""Alternatives (chosen *instead*) and complements (chosen *together*) of every artifact.

Alternatives: signs (`queries.alternatives.alternative_signals`) joined to one score (`joined_score`).

Complements need sessions: `queries.alternatives.complements`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import sparse

from graph.snapshot_schemas import RELATED
from queries.alternatives.alternative_reasons import Reasons
from queries.alternatives.alternative_signals import chosen_for, chosen_needs, co_choice_signal, concept_signal
from queries.alternatives.complements import complements
from queries.alternatives.joined_score import WEIGHTS, has_figures, type_factors, use_factors
from queries.alternatives.listed_reasons import listed_reasons
from queries.alternatives.purposes import (
    Catalogue,
    Encode,
    Vectors,
    meaning_vectors,
    purpose_vectors,
    text_signal,
    through_the_likest,
)
from queries.alternatives.references import Reference, references
from queries.alternatives.stated_signal import (
    direct_signal,
    expected_signal,
    products,
    shared_signal,
    voters,
    where_likely,
)
from queries.counting.together import Together
from queries.side_by_side import in_order, later, processors
from queries.text.mentions import ONE_NAME_EACH, Mention, mentions
from queries.text.row_bounds import row_bounds

Row = dict[str, Any]
Places = npt.NDArray[np.int64]
Alike = Mapping[tuple[int, int], tuple[str, str]]
"""Places of two duplicates → kind and reason."""

KEPT: Final = 30
"""Alternatives kept for each artifact."""

ROWS_AT_ONCE: Final = 50_000

MANY: Final = 10_000
"""From so many artifacts on all processors take part: fewer take no longer than the start of processes."""


@dataclass
class Best:
    """The alternatives that are kept: arrays with one value for each pair, ordered by artifact and from the best on."""

    left: Places
    """Place of the artifact that is replaced."""
    right: Places
    """Place of the alternative."""
    scores: npt.NDArray[np.float64]
    values: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    """Kind of sign → its value, between 0 and 1."""


def related_all(
    artifacts: pa.Table,
    capabilities: pa.Table,
    pairs: pa.Table,
    edges: pa.Table,
    evidence: pa.Table,
    *,
    intents: pa.Table | None = None,
    together: Together | None = None,
    duplicates: pa.Table | None = None,
    encode: Encode | None = None,
    listed: Mapping[str, str] = ONE_NAME_EACH,
    processes: int | None = None,
) -> pa.Table:
    """Return the alternatives and complements of every artifact as a `RELATED` table, ordered by id, relation, place.

    The first five are snapshot tables; `evidence` decides between equal scores: who was matched more often goes first.
    `intents`: a table of that name, whose texts the reasons quote. `together`: what was chosen in the same sessions;
    without it there are no complements, for nothing else shows them. `duplicates`: a table of that name; what is the
    same under another name is no alternative, and variants say that they are some. `encode`: vectors of meaning for
    texts; without it the words decide alone. `listed`: other names of one thing (`queries.text.mentions`).
    `processes`: by default one, for `MANY` artifacts one for each processor; the result is the same.
    """
    catalogue = Catalogue.of(artifacts, capabilities)
    if not len(catalogue):
        return RELATED.empty_table()
    alike = _alike(catalogue, duplicates)
    meanings = meaning_vectors(catalogue, encode) if encode is not None else None
    labels = _labels(edges, intents)
    if processes is None:
        processes = processors() if len(catalogue) >= MANY else 1
    found = _alternatives(
        catalogue, artifacts, capabilities, pairs, edges, evidence, meanings, alike, labels, listed, processes
    )
    if together is None or not together.pairs.num_rows:
        return found
    instead = set(zip(found["artifact_id"].to_pylist(), found["other_id"].to_pylist(), strict=True))
    joined = pa.concat_tables([found, pa.Table.from_pylist(complements(together, instead), schema=RELATED)])
    return joined.sort_by([(name, "ascending") for name in ("artifact_id", "relation", "place")])


def _alternatives(
    catalogue: Catalogue,
    artifacts: pa.Table,
    capabilities: pa.Table,
    pairs: pa.Table,
    edges: pa.Table,
    evidence: pa.Table,
    meanings: Vectors | None,
    alike: Alike,
    labels: Sequence[str | None],
    listed: Mapping[str, str],
    processes: int,
) -> pa.Table:
    names = later(_names, artifacts, capabilities, dict(listed), processes=processes)
    chosen = chosen_for(catalogue, edges)
    signals = {
        "text": through_the_likest(text_signal(*purpose_vectors(catalogue), meanings)),
        "concept": concept_signal(catalogue, pairs),
        "co_choice": co_choice_signal(chosen),
    }
    found, named = names()
    stated = products(catalogue, named, listed)
    direct = where_likely(direct_signal(catalogue, found), signals.values())
    signals["expected"] = expected_signal(stated, signals["text"])
    signals["stated"] = direct.maximum(shared_signal(stated))
    scores = _without(_joined(signals, catalogue), [pair for pair, (kind, _) in alike.items() if kind == "same"])
    best = _best(scores, _matched(catalogue, evidence))
    best.values.update((kind, _at(signal, best.left, best.right)) for kind, signal in signals.items())
    reasons = Reasons(catalogue, pairs, found, named, chosen=chosen, needs=labels, voters=voters(signals["text"]))
    return _table(catalogue, best, reasons, alike, processes)


def _names(
    artifacts: pa.Table, capabilities: pa.Table, listed: Mapping[str, str]
) -> tuple[list[Mention], list[Reference]]:
    """Return who names whom, and what products are said to be replaced."""
    return mentions(artifacts, capabilities, listed), references(artifacts)


def _labels(edges: pa.Table, intents: pa.Table | None) -> list[str | None]:
    """Return the texts of `chosen_needs`, None for those that are not known or withheld."""
    known = (
        {} if intents is None else dict(zip(*intents.select(["intent_id", "label"]).to_pydict().values(), strict=True))
    )
    return [known.get(each) for each in chosen_needs(edges)]


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


def _table(catalogue: Catalogue, best: Best, reasons: Reasons, alike: Alike, processes: int) -> pa.Table:
    """Return the alternatives as a `RELATED` table, made in parts: reasons are long and there are many."""
    ids = pa.array([row["artifact_id"] for row in catalogue.artifacts], pa.string())
    places = 1 + np.arange(len(best.left)) - np.searchsorted(best.left, best.left)
    variants = {pair: text for pair, (_, text) in alike.items()}
    slices = [slice(start, start + ROWS_AT_ONCE) for start in range(0, len(best.left), ROWS_AT_ONCE)]
    parts = [
        (best.left[part], best.right[part], {kind: each[part] for kind, each in best.values.items()}) for part in slices
    ]
    written = in_order(listed_reasons, parts, (reasons, variants), processes=processes)
    tables = []
    for part, (left, right, _), texts in zip(slices, parts, written, strict=True):
        columns = {
            "artifact_id": ids.take(pa.array(left)),
            "relation": pa.array(["alternative"] * len(left)),
            "other_id": ids.take(pa.array(right)),
            "score": pa.array(best.scores[part]),
            "place": pa.array(places[part]),
            "reasons": texts,
        }
        tables.append(pa.table(columns, schema=RELATED))
    return pa.concat_tables(tables) if tables else RELATED.empty_table()


def _joined(signals: Mapping[str, Any], catalogue: Catalogue) -> Any:
    """Return the scores of all pairs with any sign, as a COO matrix rounded to 6 decimals."""
    doubt = sparse.csr_matrix((len(catalogue), len(catalogue)))
    for kind, signal in sorted(signals.items()):
        part = signal.copy()
        part.data = np.log1p(-WEIGHTS[kind] * np.minimum(part.data, 1.0))
        doubt = doubt + part
    found = doubt.tocoo()
    f = type_factors([row["type"] for row in catalogue.artifacts], found.row, found.col)
    u = use_factors(catalogue.artifacts, told=any(map(has_figures, catalogue.artifacts)))
    found.data = np.round(-np.expm1(found.data) * f * u[found.col], 6)
    return found


def _matched(catalogue: Catalogue, evidence: pa.Table) -> npt.NDArray[np.int64]:
    counts = np.zeros(len(catalogue), np.int64)
    for row in evidence.select(["artifact_id", "times_matched"]).to_pylist():
        if row["artifact_id"] in catalogue.place:
            counts[catalogue.place[row["artifact_id"]]] = row["times_matched"] or 0
    return counts


def _best(scores: Any, matched: npt.NDArray[np.int64]) -> Best:
    """Return the `KEPT` best of each row of a COO matrix in the order of its rows, by row and then from the best on.

    Equal scores: the one matched more often, then the first id.
    """
    starts = np.searchsorted(scores.row, np.arange(scores.shape[0] + 1))
    likely = np.flatnonzero((scores.data >= row_bounds(scores.data, starts, KEPT)[scores.row]) & (scores.data > 0))
    row, column, value = scores.row[likely], scores.col[likely], scores.data[likely]
    order = np.lexsort((column, -matched[column], -value, row))
    row, column, value = row[order], column[order], value[order]
    kept = np.arange(len(row)) - np.searchsorted(row, row) < KEPT
    return Best(row[kept].astype(np.int64), column[kept].astype(np.int64), value[kept])


def _at(matrix: Any, left: Places, right: Places) -> npt.NDArray[np.float64]:
    return np.asarray(matrix[left, right]).ravel() if len(left) else np.zeros(0)
