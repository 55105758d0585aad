"""What one block of the log says: a few tables that add up with those of other blocks.

Counts are integers, times are smallest and largest ones, and what must be counted distinct over the whole log is kept
as distinct rows. So the tables of all blocks together say the same, however the log is cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from graph.vocabulary import JUDGMENT
from queries.counting.asks import Earlier, first_asks, levels, said
from queries.counting.choices import choices
from queries.counting.engine import Engine, Frame
from queries.counting.exposures import exposures, listed_exposures, reported_exposures, with_picks
from queries.counting.faced import faced
from queries.counting.inferred import unanswered
from queries.counting.intents import Intents, askers, text_totals, with_intents
from queries.counting.outcomes import votes_of_calls
from queries.counting.search_log import SearchLog


@dataclass(frozen=True)
class BlockCounts:
    """The tables of one block, or of several put one below the other."""

    shown: Frame
    """`exposures.PLACE`, `exposures.COUNTED`, first_us, last_us."""
    chosen: Frame
    """One row for each search and object chosen: see `queries.counting.choices`."""
    faced: Frame
    """What was shown beside what was chosen: see `queries.counting.duels`."""
    texts: Frame
    """text_key, text, intent_key, searches, first_us, last_us: searches of judgment files are not counted."""
    askers: Frame
    """text_key, intent_key, client: each once; without judgment files."""
    asks: Frame
    """What counts for strength: see `asks.levels`."""
    said: Frame
    """How much of it each client has said in the period up to here: see `asks.said`. It does not add up."""
    grades: Frame
    """intent_key, object_key, value: grades of judgment files."""
    calls: Frame
    """search_key, object_key, vote: what callbacks reported (1 or -1)."""
    silent: Frame
    """text_key, intent_key, client, day, first_us, last_us: searches that showed nothing and led to nothing."""


def count_block(engine: Engine, log: SearchLog, period: int, intents: Intents, earlier: Earlier) -> BlockCounts:
    """Count the searches of `log`, which are all of one period. `earlier`: of the blocks before in the same period."""
    texts = log.texts.sort_by("text_key")
    assigned = engine.register("assigned", texts.append_column("intent_key", intents.of(texts)))
    searches = engine.materialise("searches_with_intents", with_intents(log.searches, assigned))
    firsts = engine.materialise("first_asks", first_asks(engine, searches))
    asks = engine.materialise("asks", levels(engine, firsts, earlier))
    searches = engine.materialise("asked", _with_level(searches, asks))
    chosen = engine.materialise("chosen", choices(log.acts, searches))
    hits = nw.concat([reported_exposures(log.impressions, searches), listed_exposures(searches, log.impressions)])
    shown = engine.materialise("hits", with_picks(hits, chosen))
    grades = log.acts.filter((nw.col("action") == JUDGMENT) & ~nw.col("value").is_null())
    return BlockCounts(
        shown=exposures(shown, period),
        chosen=chosen,
        faced=faced(shown, chosen),
        texts=text_totals(searches, assigned),
        askers=askers(searches),
        asks=asks,
        said=said(asks, earlier),
        grades=grades.join(searches.select("search_key", "intent_key"), on="search_key", how="inner").select(
            "intent_key", "object_key", "value"
        ),
        calls=votes_of_calls(log.acts),
        silent=unanswered(searches, log.active),
    )


def _with_level(searches: Frame, asks: Frame) -> Frame:
    """Add the level of `queries.counting.asks.levels`, 0 for searches that are no ask of their own."""
    found = searches.join(asks.select("search_key", "level"), on="search_key", how="left")
    return found.with_columns(nw.col("level").fill_null(0))
