"""Answers to whole files of queries, on several processors."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import msgspec

from graph.durable import whole_file
from graph.errors import BadInput, WrongUse
from graph.snapshot import Snapshot
from queries.retrieval.matching import matcher_of
from queries.retrieval.query_files import QueryLine, read_queries
from queries.side_by_side import processors

PART: Final = 2_000
"""So many queries are answered at a time; a file of no more is answered by this process alone."""

_WAITING: Final = 2
"""Parts read ahead for each process: memory stays bounded however long the file is."""

Part = Sequence[QueryLine]


class _Hit(msgspec.Struct, gc=False):
    artifact_id: str
    capability_id: str | None
    score: float
    confidence: float


class _Line(msgspec.Struct, gc=False):
    id: str | int
    hits: list[_Hit]


def search_batch(
    snapshot: Snapshot, queries_path: Path, out_path: Path, limit: int = 10, *, processes: int | None = None
) -> int:
    """Answer a JSON Lines file of queries {"id", "text", "candidates"?}; return how many.

    Every line out is {"id", "hits": [{"artifact_id", "capability_id", "score", "confidence"}]}, in the order of the
    lines in, best hit first, at most `limit`. `candidates` restricts a line to those artifacts or capabilities; they
    are all ranked. `processes`: by default one for each processor. The file appears under its name when it is
    complete. Raises `BadInput`.
    """
    if limit < 1:
        raise WrongUse("The limit must be at least 1.")
    parts = _parts(read_queries(queries_path))
    count = 0
    try:
        with whole_file(out_path) as unfinished, unfinished.open("wb") as out:
            for lines in _answers(parts, snapshot.path, limit, processes or processors()):
                out.write(lines)
                count += lines.count(b"\n")
    except OSError as error:
        raise BadInput(f"{out_path} cannot be written ({error.strerror or error}).") from error
    return count


def _parts(queries: Iterator[QueryLine]) -> Iterator[Part]:
    while part := list(islice(queries, PART)):
        yield part


def _answers(parts: Iterator[Part], snapshot: Path, limit: int, processes: int) -> Iterator[bytes]:
    """Yield the lines that answer every part, in order; by this process if there is but one part or processor."""
    begin = list(islice(parts, 2))
    if len(begin) < 2 or processes == 1:
        yield from (_answer(part, snapshot, limit) for part in chain(begin, parts))
        return
    # New processes instead of forked ones: Arrow has threads, which a fork leaves behind half alive.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[bytes]] = deque()
        for part in chain(begin, parts):
            waiting.append(pool.submit(_answer, part, snapshot, limit))
            if len(waiting) > _WAITING * processes:
                yield waiting.popleft().result()
        yield from (answered.result() for answered in waiting)


def _answer(part: Part, snapshot: Path, limit: int) -> bytes:
    matcher = matcher_of(Snapshot(snapshot))
    encoder = msgspec.json.Encoder()
    lines = []
    texts, candidates = [query.text for query in part], [query.candidates for query in part]
    found = matcher.match_all(texts, limit=3 * limit, candidates=candidates, objects=limit)
    for query, matches in zip(part, found, strict=True):
        hits = [_Hit(match.artifact_id, match.capability_id, match.score, match.confidence) for match in matches]
        lines.append(encoder.encode(_Line(query.id, hits)))
    lines.append(b"")
    return b"\n".join(lines)
