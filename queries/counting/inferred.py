"""Edges from text alone: searches that showed nothing and led to nothing, matched to what the catalogue describes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import pyarrow as pa

from graph.keys import stable_key
from graph.schemas import INT
from graph.snapshot_schemas import FLOAT
from queries.counting.choices import count_choices
from queries.counting.edges import PAIR
from queries.counting.engine import Frame

LIMIT: Final = 3
"""At most so many matches for each query text."""

MIN_CONFIDENCE: Final = 0.5


@dataclass(frozen=True)
class TextMatch:
    """One thing that a text matches: an id of the catalogue and the probability that the match is right."""

    object_id: str
    confidence: float


TextMatcher = Callable[[Sequence[str], int], Sequence[Sequence[TextMatch]]]
"""Matches of each text, best first, at most so many. It is sent to other processes: a function of a module, with
arguments that can be pickled."""

_MATCHES: Final = pa.schema([pa.field("text_key", INT), pa.field("object_key", INT), pa.field("confidence", FLOAT)])


def unanswered(searches: Frame, active: Frame) -> Frame:
    """Return the searches without hits and without any event, but for those of judgment files.

    `searches`: search_key, text_key, intent_key, client, day, ts_us, agent, judged, shown. `active`: search_key of
    every search that has events. Returns text_key, intent_key, client, day, agent, first_us, last_us: each once.
    """
    silent = searches.filter((nw.col("shown").list.len().fill_null(0) == 0) & ~nw.col("judged"))
    left = silent.join(active.select("search_key"), on="search_key", how="anti")
    return left.group_by("text_key", "intent_key", "client", "day").agg(
        nw.col("agent").max(), nw.col("ts_us").min().alias("first_us"), nw.col("ts_us").max().alias("last_us")
    )


def match_texts(texts: pa.Table, matcher: TextMatcher) -> pa.Table:
    """Match texts (text_key, text): text_key, object_key, confidence for everything of at least `MIN_CONFIDENCE`."""
    texts = texts.sort_by("text_key")
    rows = [
        {"text_key": key, "object_key": stable_key(match.object_id), "confidence": round(match.confidence, 6)}
        for key, matches in zip(texts["text_key"].to_pylist(), matcher(texts["text"].to_pylist(), LIMIT), strict=True)
        for match in matches
        if match.confidence >= MIN_CONFIDENCE
    ]
    return pa.Table.from_pylist(rows, _MATCHES)


def inferred_pairs(searches: Frame, matches: Frame) -> Frame:
    """Count unanswered searches (from `unanswered`) for everything that their texts match.

    Returns `edges.PAIR`, times_matched and clients with their agents, first_us, last_us, confidence (of the pair's
    best text), kind, and other counts of an edge as zeros; what else an edge has is not known of these.
    """
    joined = searches.join(matches, on="text_key", how="inner")
    confidence = joined.group_by(*PAIR).agg(nw.col("confidence").max())
    counts = count_choices(joined, PAIR).drop("clicks").join(confidence, on=list(PAIR), how="inner")
    nothing = [nw.lit(0).cast(nw.Int64).alias(name) for name in ("impressions", "clicks", "successes", "failures")]
    return counts.with_columns(*nothing, nw.lit("inferred").alias("kind"))
