"""The best documents of each of several queries, by one call of compiled code for all of them.

What of a query's documents may be among the best (`queries.text.best_documents`) is added up anew in the order of its
terms, in the windows in which the postings were found before, so that a look-up goes over a few hundred of them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from queries.text.best_documents import candidates, place_in_window, place_of
from queries.text.order_by_score import sort_by_score
from queries.text.packed_postings import Packed
from queries.text.term_windows import windows_of

Numbers = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]
Singles = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float64]

Stored = tuple[Numbers, Shorts, Singles, Packed]
"""All postings: where those of each term begin (terms + 1,); documents, what each adds, and both packed (n,)."""

Kept = tuple[Shorts, Numbers, Shorts]
"""What `queries.text.term_windows.TermWindows` says of them."""

Asked = tuple[Numbers, Matrix, Numbers]
"""Terms of one query after the other (m,), what they weigh (m,), and where those of each query end (queries + 1,)."""

Room = tuple[Shorts, Shorts, Shorts, Shorts]
"""`sums`, `window`, `found` and `scores`, as `candidates` wants them."""


def best_of_each(
    stored: Stored,
    kept: Kept,
    asked: Asked,
    limits: Numbers,
    allowed: npt.NDArray[np.bool_],
    room: Room,
    numbers: Numbers,
    totals: Matrix,
    held: Matrix,
    counts: Numbers,
) -> None:
    """Fill in the best documents of each query, best first, equal ones in order of number. To be compiled.

    `limits` (queries,): how many documents are wanted for each; `allowed`: as `candidates` wants it. Filled in are
    `counts` (queries,): how many are found, and from the sum of the limits before on their `numbers`, `totals`: scores,
    to 6 decimals, and `held`: what the terms that they hold weigh.
    """
    _, _, added, packed = stored
    terms, weights, ends = asked
    sums, window, found, scores = room
    at = 0
    for query in range(len(limits)):
        mine = slice(ends[query], ends[query + 1])
        bounds, highest = _windows_of_each(stored, kept, terms[mine], len(sums))
        count = candidates(packed, bounds, highest, limits[query], allowed, sums, window, found, scores)
        every = np.empty(count), np.empty(count)
        places = np.empty(len(bounds), np.int64)
        for i in range(count):
            at_window, document = found[i] // len(sums), found[i] % len(sums)
            for term in range(len(bounds)):
                begin, end = bounds[term, at_window], bounds[term, at_window + 1]
                places[term] = place_in_window(packed, begin, end, document)
            every[0][i], every[1][i] = _of_document(added, places, weights[mine])
        order = np.arange(count)
        sort_by_score(order, every[0], found)
        counts[query] = min(count, limits[query])
        for i in range(counts[query]):
            numbers[at + i], totals[at + i], held[at + i] = found[order[i]], every[0][order[i]], every[1][order[i]]
        at += limits[query]


def of_each(
    stored: Stored,
    kept: Kept,
    asked: Asked,
    width: int,
    wanted: Numbers,
    wanted_ends: Numbers,
    totals: Matrix,
    held: Matrix,
) -> None:
    """Fill in the scores of documents wanted for each query (n,), and what the terms that they hold weigh (n,).

    `wanted` (n,): documents for one query after the other, which end at `wanted_ends` (queries + 1,); `width`: of a
    window. To be compiled.
    """
    starts, documents, added, packed = stored
    rows, kept_bounds, _ = kept
    terms, weights, ends = asked
    for query in range(len(ends) - 1):
        mine = terms[ends[query] : ends[query + 1]]
        places = np.empty(len(mine), np.int64)
        for i in range(wanted_ends[query], wanted_ends[query + 1]):
            at, document = wanted[i] // width, wanted[i] % width
            for term in range(len(mine)):
                row = rows[mine[term]]
                if row >= 0:
                    begin, end = kept_bounds[row, at], kept_bounds[row, at + 1]
                    places[term] = place_in_window(packed, begin, end, document)
                else:
                    places[term] = place_of(documents, starts[mine[term]], starts[mine[term] + 1], wanted[i])
            totals[i], held[i] = _of_document(added, places, weights[ends[query] : ends[query + 1]])


def _windows_of_each(stored: Stored, kept: Kept, terms: Numbers, width: int) -> tuple[Numbers, Shorts]:
    """Return the windows of terms: where their postings begin (terms, windows + 1), and what they add at most."""
    starts, documents, _, packed = stored
    rows, kept_bounds, kept_highest = kept
    bounds = np.empty((len(terms), kept_bounds.shape[1]), np.int64)
    highest = np.zeros((len(terms), kept_highest.shape[1]), np.int32)
    for i in range(len(terms)):
        row = rows[terms[i]]
        if row >= 0:
            bounds[i], highest[i] = kept_bounds[row], kept_highest[row]
        else:
            windows_of(documents, packed, starts[terms[i]], starts[terms[i] + 1], width, bounds[i], highest[i])
    return bounds, highest


def _of_document(added: Singles, places: Numbers, weights: Matrix) -> tuple[float, float]:
    """Return the score of a document, to 6 decimals, and what the terms that it holds weigh.

    `places` (terms,): of its posting of each term, -1 where it has none.
    """
    total, held = 0.0, 0.0
    for term in range(len(places)):
        if places[term] >= 0:
            total += added[places[term]]
            held += weights[term] * (added[places[term]] > 0)
    return np.rint(total * 1e6) / 1e6, held
