"""Which documents have the highest scores, without adding up what cannot matter.

Terms are taken in order of what they can add at most. Once so many documents as are wanted have more than all terms
left could add together, no new document can get among them; from then on the terms left are looked up for those
that still can (MaxScore, Turtle & Flood 1995, "Query evaluation: strategies and optimizations", term at a time). The
scores that come out are added up anew in the order of the query's terms, so that nothing depends on what was skipped.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from queries.text.runs import places_of_runs

Numbers = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]
Singles = npt.NDArray[np.float32]


def best_at_once(
    starts: Numbers,
    documents: Shorts,
    added: Singles,
    terms: Numbers,
    allowed: npt.NDArray[np.bool_],
    limit: int,
) -> tuple[Numbers, npt.NDArray[np.float64]]:
    """Return what `best_of_many` puts into `found` and `scores`, by array operations over all postings of the terms."""
    known = terms[terms >= 0]
    sizes = starts[known + 1] - starts[known]
    places = places_of_runs(starts[known], sizes)
    touched, at = np.unique(documents[places], return_inverse=True)
    sums = np.zeros(len(touched), np.float32)
    np.add.at(sums, at, added[places])
    if len(allowed):
        kept = allowed[touched]
        touched, sums = touched[kept], sums[kept]
    best = np.lexsort((touched, -sums))[:limit]
    numbers, scores = touched[best].astype(np.int64), sums[best].astype(np.float64).round(6)
    order = np.lexsort((numbers, -scores))
    return numbers[order], scores[order]


def best_of_many(
    starts: Numbers,
    documents: Shorts,
    added: Singles,
    terms: Numbers,
    highest: Singles,
    allowed: npt.NDArray[np.bool_],
    sums: Singles,
    touched: Shorts,
    found: Numbers,
    scores: npt.NDArray[np.float64],
    shares: Singles,
) -> int:
    """Put the best documents into `found`, best first, their scores into `scores`; return how many. To be compiled.

    `terms`: numbers, -1 for an unknown one; `highest`: the most that each adds to any document. Equal scores are in
    order of number. `shares` (terms, found) gets what each term adds to each. `sums` holds zeros before and after;
    an empty `allowed` allows all.
    """
    size = len(found)
    slack = 1 - 1e-5  # sums of 32 bits depend on the order by less
    order = np.argsort(-highest)
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
    candidates = np.sort(touched[:count])
    parts = np.zeros((count, len(terms)), np.float32)
    exact = np.zeros(count, np.float32)
    for i in range(count):
        sums[candidates[i]] = 0
        for t in range(len(terms)):
            if terms[t] >= 0:
                end = starts[terms[t] + 1]
                place = place_of(starts[terms[t]], end, candidates[i])
                if place < end and documents[place] == candidates[i]:
                    parts[i, t] = added[place]
                    exact[i] += added[place]
    best = np.sort(np.argsort(-exact, kind="mergesort")[:size])
    rounded = np.rint(exact[best].astype(np.float64) * 1e6) / 1e6
    for place, i in enumerate(np.argsort(-rounded, kind="mergesort")):
        found[place], scores[place] = candidates[best[i]], rounded[i]
        shares[:, place] = parts[best[i]]
    return len(best)
