"""Which documents have the highest scores, without adding up what cannot matter.

MaxScore (Turtle & Flood 1995, "Query evaluation: strategies and optimizations") in windows of document numbers, as
Lucene does it (Grand, Muir, Ferenczi & Lin 2020, "From MAXSCORE to Block-Max WAND", ECIR), with the most that a term
adds in each window (Ding & Suel 2011, "Faster top-k document retrieval using block-max indexes", SIGIR): in a window
the terms are added up one after the other, the one that can add most there first. The terms that together add less
than the least score among the best found so far cannot bring up a document, and are looked up only for those that still
can get among the best. The sums of a window stay in the processor's cache, and what one window found shortens the work
in the next. The scores of what is left are added up anew in the order of the query's terms, so that nothing depends on
what was skipped.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from queries.text.runs import places_of_runs

WINDOW: Final = 1 << 13
"""So many documents at a time: their sums take 32 kB. Smaller windows know better what a term adds, but are more."""

LOOKED_UP: Final = 128
"""A term's postings in a window are gone through unless they are so many times as many as the documents left."""

NONE: Final = np.float32(-1e30)
"""The sum of a document that holds none of the terms, or not enough of them: whatever is added to it, it stays so."""

Numbers = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]
Singles = npt.NDArray[np.float32]


def candidates_at_once(starts: Numbers, documents: Shorts, terms: Numbers, allowed: npt.NDArray[np.bool_]) -> Shorts:
    """Return all documents that hold any of the terms, ascending: of few postings none needs to be skipped."""
    known = terms[terms >= 0]
    sizes = starts[known + 1] - starts[known]
    places = places_of_runs(starts[known], sizes)
    touched: Shorts = np.unique(documents[places])
    return touched[allowed[touched]] if len(allowed) else touched


def candidates(
    documents: Shorts,
    added: Singles,
    bounds: Numbers,
    highest: Singles,
    size: int,
    allowed: npt.NDArray[np.bool_],
    sums: Singles,
    window: Shorts,
    found: Shorts,
    scores: Singles,
) -> int:
    """Put every document that may be among the `size` best into `found`, window by window; return how many.

    `bounds` (terms, windows + 1), `highest` (terms, windows): of the query's terms, see `queries.text.term_windows`; an
    empty `allowed` allows all. Room to work in: `sums`, one for each document of a window, `NONE` before and after,
    `window`, one more, `found` and `scores`, one more than there are documents. To be compiled: branches that nobody
    can foresee are written as arithmetic, as far as the compiler does not make branches of it again.
    """
    slack = 1 - 1e-5  # sums of 32 bits depend on the order by less
    edge = np.zeros(2, np.float32)
    heap = np.zeros(max(size, 1), np.float32)  # its first is 0 until there are `size`
    count = 0
    order = np.zeros(len(bounds), np.int64)  # the terms in a window, the one that can add most first
    left = np.zeros(len(bounds) + 1)  # what the terms from each on add there at most
    for at in range(highest.shape[1]):
        low, least = at * len(sums), heap[0] * slack
        terms = essential = _in_order(highest, at, order, left)
        while essential > 0 and left[essential - 1] < least:
            essential -= 1
        held = 0
        for k in range(essential):
            first, end = bounds[order[k], at], bounds[order[k], at + 1]
            held = _add_up(documents, added, first, end, low, sums, window, held)
        if len(allowed):
            held = _only_allowed(allowed, low, sums, window, held)
        for k in range(essential, terms + 1):
            held = _still_possible(least - left[k], edge, sums, window, held)
            if held > 0 and k < terms:
                first, end = bounds[order[k], at], bounds[order[k], at + 1]
                _add_to(documents, added, first, end, low, sums, window, held)
        count = _keep(low, sums, window, held, slack, heap, found, scores, count)
    return _reaching(heap[0] * slack, found, scores, count)


def _in_order(highest: Singles, at: int, order: Numbers, left: npt.NDArray[np.float64]) -> int:
    """Order the terms that documents of a window hold; return how many."""
    terms = 0
    for term in range(len(highest)):
        if highest[term, at] > 0:
            place = terms
            while place > 0 and highest[order[place - 1], at] < highest[term, at]:
                order[place] = order[place - 1]
                place -= 1
            order[place] = term
            terms += 1
    left[terms] = 0
    for place in range(terms - 1, -1, -1):
        left[place] = left[place + 1] + highest[order[place], at]
    return terms


def _add_up(
    documents: Shorts, added: Singles, first: int, end: int, low: int, sums: Singles, window: Shorts, held: int
) -> int:
    """Add the postings between two places to the sums of a window and its documents to `window`; return how many."""
    for place in range(np.uint64(first), np.uint64(end)):
        i = np.uint32(documents[place] - low)
        value = sums[i]
        window[np.uint64(held)] = i
        held += value < 0
        sums[i] = (value if value > np.float32(0) else np.float32(0)) + added[place]
    return held


def _only_allowed(allowed: npt.NDArray[np.bool_], low: int, sums: Singles, window: Shorts, held: int) -> int:
    """Leave those documents in `window` that are allowed; return how many."""
    kept = 0
    for j in range(held):
        i = window[j]
        if allowed[low + i]:
            window[kept] = i
            kept += 1
        else:
            sums[i] = NONE
    return kept


def _still_possible(needed: float, edge: Singles, sums: Singles, window: Shorts, held: int) -> int:
    """Leave those documents in `window` whose sums reach what is needed; return how many.

    Numbers above 0 are in the order of their bits, and to choose between whole numbers the processor needs no branch.
    """
    edge[0] = max(needed, 0.0)
    edge[1] = NONE
    least, none = edge.view(np.int32)
    bits = sums.view(np.int32)
    kept = 0
    for j in range(held):
        i = np.uint32(window[j])
        value = bits[i]
        window[np.uint64(kept)] = i
        kept += value >= least
        bits[i] = value if value >= least else none
    return kept


def _add_to(
    documents: Shorts, added: Singles, first: int, end: int, low: int, sums: Singles, window: Shorts, held: int
) -> None:
    """Add the postings between two places to the sums of the documents in `window`."""
    if LOOKED_UP * held < end - first:
        for j in range(held):
            i = np.uint32(window[j])
            place = place_of(documents, first, end, low + window[j])
            if place >= 0:
                sums[i] += added[place]
    else:
        for place in range(np.uint64(first), np.uint64(end)):
            sums[np.uint32(documents[place] - low)] += added[place]  # `NONE` stays what it is


def place_of(documents: Shorts, first: int, end: int, document: int) -> int:
    """Return at which place between two, which may not be the same, a document stands; -1 if at none."""
    length = end - first
    while length > 1:
        half = length >> 1
        first += half & ((documents[np.uint64(first + half)] - document - 1) >> 63)  # all bits, or none
        length -= half
    return first if documents[np.uint64(first)] == document else -1


def _keep(
    low: int,
    sums: Singles,
    window: Shorts,
    held: int,
    slack: float,
    heap: Singles,
    found: Shorts,
    scores: Singles,
    count: int,
) -> int:
    """Add the documents of a window that are among the best so far to those found; return how many these are."""
    for j in range(held):
        i = np.uint32(window[j])
        found[count], scores[count] = low + i, sums[i]
        count += scores[count] >= heap[0] * slack
        if sums[i] > heap[0]:
            _replace_least(heap, sums[i])
        sums[i] = NONE
    return count


def _replace_least(heap: Singles, value: float) -> None:
    """Put a score in the place of the least of the best."""
    i, size = 0, len(heap)
    while 2 * i + 1 < size:
        child = 2 * i + 1
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = value


def _reaching(least: float, found: Shorts, scores: Singles, count: int) -> int:
    """Leave those found whose scores reach the least of the best; return how many."""
    kept = 0
    for j in range(count):
        if scores[j] >= least:
            found[kept] = found[j]
            kept += 1
    return kept
