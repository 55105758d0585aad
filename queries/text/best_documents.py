"""Which documents have the highest scores, without adding up what cannot matter.

MaxScore (Turtle & Flood 1995, "Query evaluation: strategies and optimizations") in windows of document numbers, as
Lucene does it (Grand, Muir, Ferenczi & Lin 2020, "From MAXSCORE to Block-Max WAND", ECIR): in a window the terms are
added up one after the other, the one that can add most first. The terms that together add less than the least score
among the best found so far cannot bring up a document, and are looked up only for those that still can get among the
best. The sums of a window stay in the processor's cache, and what one window found shortens the work in the next. The
scores of what is left are added up anew in the order of the query's terms, so that nothing depends on what was skipped.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from queries.text.runs import places_of_runs

WINDOW: Final = 1 << 15
"""So many documents at a time: their sums take 128 kB."""

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
    starts: Numbers,
    documents: Shorts,
    added: Singles,
    terms: Numbers,
    highest: Singles,
    size: int,
    allowed: npt.NDArray[np.bool_],
    sums: Singles,
    window: Shorts,
    found: Shorts,
    scores: Singles,
) -> int:
    """Put every document that may be among the `size` best into `found`, in no order; return how many.

    `terms`: numbers, the one that adds most to any document first; `highest`: that much; an empty `allowed` allows
    all. Room to work in: `sums` (window,), zeros before and after, `window` (window + 1,), `found` and `scores`, one
    for each document. To be compiled: branches that nobody can foresee are written as arithmetic.
    """
    slack = 1 - 1e-5  # sums of 32 bits depend on the order by less
    nothing = np.float32(0)
    heap = np.zeros(size, np.float32)
    count, essential = 0, len(terms)
    at, end = starts[terms], starts[terms + 1]
    left = np.zeros(len(terms) + 1)  # what the terms from each on add at most
    for k in range(len(terms) - 1, -1, -1):
        left[k] = left[k + 1] + highest[k]

    def place_of(first: int, last: int, document: int) -> int:
        """Return the place of the first document from this one on."""
        while first < last:
            middle = (first + last) // 2
            if documents[middle] < document:
                first = middle + 1
            else:
                last = middle
        return first

    def ahead(first: int, last: int, document: int) -> int:
        """Return the same, fast where it is not far from the first."""
        step = 1
        while first + step < last and documents[first + step] < document:
            first += step
            step *= 2
        return place_of(first, min(first + step, last), document)

    def keep(value: float) -> None:
        """Put a score in the place of the least of the best."""
        i = 0
        while 2 * i + 1 < size:
            child = 2 * i + 1
            if child + 1 < size and heap[child + 1] < heap[child]:
                child += 1
            if heap[child] >= value:
                break
            heap[i] = heap[child]
            i = child
        heap[i] = value

    for low in range(0, len(found), len(sums)):
        high = low + len(sums)
        least = heap[0] * slack  # 0 until there are `size`
        while essential > 0 and left[essential - 1] < least:
            essential -= 1
        held = 0
        for k in range(essential):
            place = at[k]
            while place < end[k] and documents[place] < high:
                i = np.uint32(documents[place] - low)
                value = sums[i]
                window[held] = i
                held += value == 0
                sums[i] = value + added[place]
                place += 1
            at[k] = place
        for k in range(essential, len(terms) + 1):
            kept, needed = 0, least - left[k]
            for j in range(held):
                i = np.uint32(window[j])
                value = sums[i]
                stays = value >= needed and (len(allowed) == 0 or allowed[low + i])
                window[kept] = i
                kept += stays
                sums[i] = value if stays else nothing
            held = kept
            if held == 0 or k == len(terms):
                continue
            first = ahead(at[k], end[k], low)
            at[k] = ahead(first, end[k], high)
            if 8 * held < at[k] - first:
                for j in range(held):
                    document = low + window[j]
                    place = place_of(first, at[k], document)
                    if place < at[k] and documents[place] == document:
                        sums[window[j]] += added[place]
            else:
                for place in range(first, at[k]):
                    i = np.uint32(documents[place] - low)
                    value = sums[i]
                    sums[i] = value + added[place] if value != 0 else nothing
        for j in range(held):
            i = np.uint32(window[j])
            found[count], scores[count] = low + i, sums[i]
            count += scores[count] >= heap[0] * slack
            if sums[i] > heap[0]:
                keep(sums[i])
            sums[i] = 0
    kept = 0
    for j in range(count):
        if scores[j] >= heap[0] * slack:
            found[kept] = found[j]
            kept += 1
    return kept
