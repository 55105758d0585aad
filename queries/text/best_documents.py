"""Which documents have the highest scores, without adding up what cannot matter.

MaxScore (Turtle & Flood 1995, "Query evaluation: strategies and optimizations") in windows of document numbers, as
Lucene does it (Grand, Muir, Ferenczi & Lin 2020, "From MAXSCORE to Block-Max WAND", ECIR), with the most that a term
adds in each window (Ding & Suel 2011, "Faster top-k document retrieval using block-max indexes", SIGIR): in a window
the terms are added up one after the other, the one that can add most there first. The terms that together add less
than the least score among the best found so far cannot bring up a document, and are looked up only for those that still
can get among the best. The sums of a window stay in the processor's cache, and what one window found shortens the work
in the next. All this goes by what postings add at most, in whole numbers (`queries.text.packed_postings`). The scores
of what is left are added up anew in the order of the query's terms, so that nothing depends on what was skipped.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from queries.text.packed_postings import MOST, PLACE, Packed
from queries.text.runs import places_of_runs

LOOKED_UP: Final = 128
"""A term's postings in a window are gone through unless they are so many times as many as the documents left."""

NONE: Final = np.int32(-(1 << 30))
"""The sum of a document that holds none of the terms, or not enough of them. It stays below 0 whatever is added to it,
as all sums are put back before what was added could reach 0."""

Numbers = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]


def candidates_at_once(starts: Numbers, documents: Shorts, terms: Numbers, allowed: npt.NDArray[np.bool_]) -> Shorts:
    """Return all documents that hold any of the terms, ascending: of few postings none needs to be skipped."""
    known = terms[terms >= 0]
    sizes = starts[known + 1] - starts[known]
    places = places_of_runs(starts[known], sizes)
    touched: Shorts = np.unique(documents[places])
    return touched[allowed[touched]] if len(allowed) else touched


def candidates(
    packed: Packed,
    bounds: Numbers,
    highest: Shorts,
    size: int,
    allowed: npt.NDArray[np.bool_],
    sums: Shorts,
    window: Shorts,
    found: Shorts,
    scores: Shorts,
) -> int:
    """Put every document that may be among the `size` best into `found`, window by window; return how many.

    `bounds` (terms, windows + 1), `highest` (terms, windows): of the query's terms, see `queries.text.term_windows`; an
    empty `allowed` allows all. Room to work in: `sums`, one for each document of a window, `window`, one more, `found`
    and `scores`, one more than there are documents. To be compiled: branches that nobody can foresee are written as
    arithmetic, as far as the compiler does not make branches of it again.
    """
    slack = len(bounds) + 1  # each term is rounded up by less than a unit, and scores are rounded
    heap = np.zeros(max(size, 1), np.int32)  # its first is 0 until there are `size`
    count = 0
    risen = -np.int64(NONE)  # by so much, at most, what stands at `NONE` has risen
    order = np.zeros(len(bounds), np.int64)  # the terms in a window, the one that can add most first
    left = np.zeros(len(bounds) + 1, np.int64)  # what the terms from each on add there at most
    for at in range(highest.shape[1]):
        low, least = at * len(sums), heap[0] - slack
        terms = essential = _in_order(highest, at, order, left)
        risen += left[0]
        if risen >= -NONE:
            sums[:] = NONE
            risen = left[0]
        while essential > 0 and left[essential - 1] < least:
            essential -= 1
        held = 0
        for k in range(essential):
            held = _add_up(packed, bounds[order[k], at], bounds[order[k], at + 1], sums, window, held)
        if len(allowed):
            held = _only_allowed(allowed, low, sums, window, held)
        for k in range(essential, terms + 1):
            held = _still_possible(least - left[k], sums, window, held)
            if held > 0 and k < terms:
                first, end = bounds[order[k], at], bounds[order[k], at + 1]
                _add_to(packed, first, end, sums, window, held)
        count = _keep(low, sums, window, held, slack, heap, found, scores, count)
    return _reaching(heap[0] - slack, found, scores, count)


def _in_order(highest: Shorts, at: int, order: Numbers, left: Numbers) -> int:
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


def _add_up(packed: Packed, first: int, end: int, sums: Shorts, window: Shorts, held: int) -> int:
    """Add the postings between two places to the sums of a window and its documents to `window`; return how many."""
    for place in range(np.uint64(first), np.uint64(end)):
        posting = packed[place]
        i = posting >> PLACE
        value = sums[i]
        window[np.uint64(held)] = i
        held += value < 0
        sums[i] = max(value, np.int32(0)) + np.int32(posting & MOST)
    return held


def _only_allowed(allowed: npt.NDArray[np.bool_], low: int, sums: Shorts, window: Shorts, held: int) -> int:
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


def _still_possible(needed: int, sums: Shorts, window: Shorts, held: int) -> int:
    """Leave those documents in `window` whose sums reach what is needed; return how many."""
    least = np.int32(max(needed, 0))
    kept = 0
    for j in range(held):
        i = np.uint32(window[j])
        value = sums[i]
        window[np.uint64(kept)] = i
        kept += value >= least
        sums[i] = value if value >= least else NONE
    return kept


def _add_to(packed: Packed, first: int, end: int, sums: Shorts, window: Shorts, held: int) -> None:
    """Add the postings between two places to the sums of the documents in `window`."""
    if LOOKED_UP * held < end - first:
        for j in range(held):
            i = np.uint32(window[j])
            place = place_in_window(packed, first, end, window[j])
            if place >= 0:
                sums[i] += np.int32(packed[place] & MOST)
    else:
        for place in range(np.uint64(first), np.uint64(end)):
            sums[packed[place] >> PLACE] += np.int32(packed[place] & MOST)


def place_in_window(packed: Packed, first: int, end: int, document: int) -> int:
    """Return as `place_of` does where a document stands between two places of one window, given its place in it."""
    last = (np.int64(document) << np.int64(PLACE)) | np.int64(MOST)
    length = end - first
    while length > 1:
        half = length >> 1
        below = (np.int64(packed[np.uint64(first + half)]) - last - 1) >> 63  # all bits, or none
        first += half & int(below)
        length -= half
    return first if length > 0 and np.int64(packed[np.uint64(first)] >> PLACE) == document else -1


def place_of(documents: Shorts, first: int, end: int, document: int) -> int:
    """Return at which place between two a document stands; -1 if at none."""
    length = end - first
    while length > 1:
        half = length >> 1
        first += half & ((documents[np.uint64(first + half)] - document - 1) >> 63)  # all bits, or none
        length -= half
    return first if length > 0 and documents[np.uint64(first)] == document else -1


def _keep(
    low: int,
    sums: Shorts,
    window: Shorts,
    held: int,
    slack: int,
    heap: Shorts,
    found: Shorts,
    scores: Shorts,
    count: int,
) -> int:
    """Add the documents of a window that are among the best so far to those found; return how many these are."""
    for j in range(held):
        i = np.uint32(window[j])
        found[count], scores[count] = low + i, sums[i]
        count += scores[count] >= heap[0] - slack
        if sums[i] > heap[0]:
            _replace_least(heap, sums[i])
        sums[i] = NONE
    return count


def _replace_least(heap: Shorts, value: int) -> None:
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


def _reaching(least: int, found: Shorts, scores: Shorts, count: int) -> int:
    """Leave those found whose scores reach the least of the best; return how many."""
    kept = 0
    for j in range(count):
        if scores[j] >= least:
            found[kept] = found[j]
            kept += 1
    return kept
