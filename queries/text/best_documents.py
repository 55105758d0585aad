"""Which documents have the highest scores, without adding up what cannot matter.

Terms are taken in order of what they can add at most. Once so many documents as are wanted have more than all terms
left could add together, no new document can get among them; from then on the terms left are looked up for those
that still can (MaxScore, Turtle & Flood 1995, "Query evaluation: strategies and optimizations", term at a time). The
scores of what is left are added up anew in the order of the query's terms, so that nothing depends on what was skipped.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from queries.text.runs import places_of_runs

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
    order: Numbers,
    size: int,
    allowed: npt.NDArray[np.bool_],
    sums: Singles,
    touched: Shorts,
) -> int:
    """Put every document that may be among the `size` best into `touched`, in no order; return how many.

    `terms`: numbers, -1 for an unknown one; `highest`: the most that each adds to any document; `order`: their places,
    the one that adds most first. `sums` holds zeros before and after; an empty `allowed` allows all. To be
    compiled.
    """
    slack = 1 - 1e-5  # sums of 32 bits depend on the order by less
    heap = np.zeros(size, np.float32)

    def of_rank(count: int) -> float:
        """Return the sum that `size` of the first touched and allowed documents have at least, or 0."""
        filled = 0
        for i in range(count):
            document = touched[i]
            value = sums[document]
            if filled == size and value <= heap[0]:
                continue
            if len(allowed) and not allowed[document]:
                continue
            if filled < size:
                at = filled  # up from the end
                filled += 1
                while at > 0 and heap[(at - 1) // 2] > value:
                    heap[at] = heap[(at - 1) // 2]
                    at = (at - 1) // 2
            else:
                at = 0  # down from the root
                while 2 * at + 1 < size:
                    child = 2 * at + 1
                    if child + 1 < size and heap[child + 1] < heap[child]:
                        child += 1
                    if heap[child] >= value:
                        break
                    heap[at] = heap[child]
                    at = child
            heap[at] = value
        return heap[0] if filled == size else 0.0

    def place_of(first: int, end: int, document: int) -> int:
        """Return the place of the first document from this one on."""
        while first < end:
            middle = (first + end) // 2
            if documents[middle] < document:
                first = middle + 1
            else:
                end = middle
        return first

    left = 0.0
    for i in range(len(terms)):
        left += highest[i]
    count, done, least = 0, 0, 0.0
    for i in order:
        if terms[i] < 0:
            done += 1
            continue
        first, end = starts[terms[i]], starts[terms[i] + 1]
        if count >= size and end - first > count:
            least = of_rank(count)
            if left < least * slack:
                break
        for place in range(first, end):
            document = documents[place]
            if sums[document] == 0:
                touched[count] = document
                count += 1
            sums[document] += added[place]
        left -= highest[i]
        done += 1
    for step in range(done, len(order) + 1):
        least = max(least, of_rank(count) if count >= size else 0.0)
        kept = 0
        for i in range(count):
            document = touched[i]
            if sums[document] + max(left, 0.0) >= least * slack and (len(allowed) == 0 or allowed[document]):
                touched[kept] = document
                kept += 1
            else:
                sums[document] = 0
        count = kept
        if step < len(order) and terms[order[step]] >= 0:
            first, end = starts[terms[order[step]]], starts[terms[order[step]] + 1]
            if 32 * count < end - first:
                for i in range(count):
                    place = place_of(first, end, touched[i])
                    if place < end and documents[place] == touched[i]:
                        sums[touched[i]] += added[place]
            else:
                for place in range(first, end):
                    if sums[documents[place]] != 0:
                        sums[documents[place]] += added[place]
            left -= highest[order[step]]
    for i in range(count):
        sums[touched[i]] = 0
    return count
