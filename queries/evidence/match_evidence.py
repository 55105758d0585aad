"""From the ledger's facts to the evidence tables: intents, edges, judgments and the totals of each artifact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot_schemas import INTENTS, TEXT_INTENTS
from queries.counting.artifact_evidence import (
    artifact_counts,
    artifact_exposures,
    evidence_rows,
    evidence_table,
    simulated_targets,
)
from queries.counting.catalogue import targets
from queries.counting.choices import CHOOSERS, MATCHES, told_apart, with_targets
from queries.counting.duel_counts import MET
from queries.counting.duels import Contestants
from queries.counting.edges import MATCHED, PAIR, edge_table, observed_edges, pair_counts
from queries.counting.engine import Engine, Frame
from queries.counting.exposures import asked
from queries.counting.indexing import index_log
from queries.counting.inferred import TextMatcher, inferred_pairs, match_texts
from queries.counting.intents import ASKING, Intents, intent_id, intent_labels, intent_totals, text_clients
from queries.counting.judgments import judgment_table, judgments
from queries.counting.kept_counts import KeptCounts
from queries.counting.log_counts import LogCounts, count_log, duel_totals
from queries.counting.log_index import LogIndex
from queries.counting.object_names import undescribed_objects
from queries.counting.outcome_sessions import is_ambiguous, known_outcomes
from queries.counting.seen_log import counted_events
from queries.counting.together import SESSIONS, Together, chosen_together, of_catalogue
from queries.counting.totals import Totals
from queries.evidence.by_actor import evidence_by_actor
from queries.evidence.head_to_head import head_to_head
from queries.evidence.one_thing import ArtifactCounts, Listing, heads_in, one_thing
from queries.evidence.outcome_evidence import OutcomeEvidence, read_outcomes
from queries.evidence.strata import Strata, type_strata
from queries.evidence.strength import Strengths, strengths
from queries.text.spelling import Spelling, as_written

MatcherMaker = Callable[[dict[str, pa.Table]], TextMatcher]
"""Makes the matcher of texts from the tables of evidence (of edges only the observed ones) and `CHOOSERS`."""


@dataclass(frozen=True)
class MatchEvidence:
    """What the log says about the catalogue."""

    tables: dict[str, pa.Table]
    """intents, text_intents, edges, judgments, evidence, evidence_by_actor, one_thing, head_to_head."""
    together: Together
    """What was chosen in the same sessions."""
    report: dict[str, Any]
    """Counts of what was left out, and what the model of strength found."""


@dataclass(frozen=True)
class _Observed:
    """What was shown and chosen, as frames kept by the engine."""

    counts: LogCounts
    pairs: Frame
    matched: Frame
    """`count_choices` of every artifact."""
    names: Frame
    worked: Frame
    """`PAIR` and `success_tables.OUTCOMES`."""
    outcomes: OutcomeEvidence

    strata: Strata


def match_evidence(
    engine: Engine,
    now_us: int,
    artifacts: pa.Table,
    capabilities: pa.Table,
    make_matcher: MatcherMaker,
    report: Callable[[str], None],
    kept: KeptCounts,
    spelling: Spelling = as_written,
    listing: Listing = lambda _: {},
) -> MatchEvidence:
    """Compute the evidence as of `now_us` (microseconds since 1970).

    `artifacts` and `capabilities` from `queries.counting.catalogue`; `report` gets a sentence at the start of every
    step; `kept`: where counts of earlier runs are found and new ones left; `spelling` corrects words of queries before
    they are grouped to intents; `listing` says which artifacts are names of one thing.
    """
    report("Reading searches and events")
    with engine.passing():
        index = index_log(engine, now_us, kept)
    report("Counting what was shown, what was chosen and what worked")
    described = targets(artifacts, capabilities)
    contestants = Contestants.of(described)
    counts = count_log(engine, index, Intents(spelling), kept)
    report("Putting the counts of intents and artifacts together")
    observed = _observe(engine, index, counts, described, type_strata(described, artifacts))
    rates = strengths(engine.arrow(asked(counts.shown)), PAIR, observed.strata)
    edges = _observed_edges(engine, observed, rates)
    clients = counts.totals.of(ASKING)
    texts = engine.arrow(text_clients(counts.texts, clients["text_key"]))
    tables = {
        "intents": _intent_table(engine.arrow(intent_totals(counts.texts, clients["intent_key"])), texts),
        "text_intents": texts.select(TEXT_INTENTS.names).cast(TEXT_INTENTS).sort_by("text_key"),
        "edges": edge_table([edges]),
        "judgments": judgment_table(engine.arrow(judgments(counts.grades, observed.names))),
    }
    report("Counting what was chosen together")
    with engine.passing():
        of_artifacts, models = _evidence(engine, observed, listing)
        tables |= of_artifacts
        together = _together(engine, counts.totals, contestants)
        choosers = engine.arrow(counts.totals.of(CHOOSERS, told_apart)["actors"])
    report("Counting who was chosen over whom")
    with engine.passing():
        things = contestants.things(heads_in(tables["one_thing"]))
        met = duel_totals(engine, counts.blocks, things, kept).of(MET)
        tables["head_to_head"], advantage = head_to_head(engine, met, things.ids)
    kept.sweep()
    report("Matching searches without hits by their text")
    matcher = make_matcher({**tables, "choosers": choosers})
    inferred = _infer(engine, observed, texts, matcher)
    tables["edges"] = edge_table([edges, *inferred])
    model = {"position_advantage": advantage, "click_model": rates.model, "click_model_warnings": list(rates.warnings)}
    model["click_model_by_actor"] = models
    ambiguous = engine.arrow(observed.outcomes.told.filter(is_ambiguous()).select("judge")).num_rows
    found = {**index.report, "ambiguous_outcomes": ambiguous, **model, **observed.outcomes.report}
    return MatchEvidence(tables, together, found)


def _observe(engine: Engine, index: LogIndex, counts: LogCounts, described: pa.Table, strata: Strata) -> _Observed:
    outcomes = read_outcomes(engine, counts.chosen, known_outcomes(engine, index.now_us), counts.calls)
    about = counts.chosen.with_columns(nw.col("object_key").alias("target"))
    said = outcomes.patterns(engine, "patterns_of_objects", about)
    worked = engine.register("pair_outcomes", outcomes.of(engine, about, said, PAIR, strata))
    known = engine.register("described", described)
    keys = described.select(["object_key", "artifact_key"])
    matches = counts.totals.of(MATCHES, lambda chosen: with_targets(chosen, known), keys)
    pairs = engine.materialise("pairs", pair_counts(counts.shown, matches["pairs"], worked))
    matched = engine.materialise("matched", matches["artifacts"])
    unknown = _undescribed(engine, index, counts, pairs, known)
    names = engine.materialise("names", engine.register("all_names", pa.concat_tables([described, unknown])))
    return _Observed(counts, pairs, matched, names, worked, outcomes, strata)


def _undescribed(engine: Engine, index: LogIndex, counts: LogCounts, pairs: Frame, known: Frame) -> pa.Table:
    mentioned = nw.concat([pairs.select("object_key"), counts.grades.select("object_key")])
    named = counted_events(engine.table("events"), index.now_us).select("object_key", "object_id")
    return undescribed_objects(engine, mentioned, known, named, engine.table("searches"))


def _observed_edges(engine: Engine, observed: _Observed, rates: Strengths) -> pa.Table:
    rated = observed_edges(observed.pairs, engine.register("pair_rates", rates.rates), observed.worked)
    return engine.arrow(_named(rated, observed.names))


def _named(pairs: Frame, names: Frame) -> Frame:
    return pairs.join(names.drop("artifact_key"), on="object_key", how="inner").drop("object_key")


def _infer(engine: Engine, observed: _Observed, texts: pa.Table, matcher: TextMatcher) -> list[pa.Table]:
    silent = observed.counts.silent
    keys = engine.arrow(silent.select("text_key").unique())["text_key"].combine_chunks()
    unmatched = texts.filter(pc.is_in(texts["text_key"], keys)).select(["text_key", "text"])
    matches = engine.in_parts(unmatched, partial(match_texts, matcher=matcher))
    if not matches.num_rows:
        return []
    return [engine.arrow(_named(inferred_pairs(silent, engine.register("matches", matches)), observed.names))]


def _evidence(engine: Engine, observed: _Observed, listing: Listing) -> tuple[dict[str, pa.Table], dict[str, str]]:
    """Return the tables `EVIDENCE`, `EVIDENCE_BY_ACTOR` and `ONE_THING`, and the click model of each actor."""
    counts, strata = observed.counts, observed.strata
    owners = observed.names.drop("capability_id").rename({"artifact_key": "target"})
    chosen = counts.chosen.join(owners, on="object_key", how="inner")
    said = observed.outcomes.patterns(engine, "patterns_of_artifacts", chosen)
    patterns = observed.outcomes.counted(engine, chosen, said, ("target",))
    worked = observed.outcomes.rates(patterns, ("target",), strata)
    pairs = observed.pairs.join(owners, on="object_key", how="inner")
    counted = artifact_counts(pairs, observed.matched, engine.register("artifact_outcomes", worked))
    totals = engine.materialise("artifact_counts", counted)
    shown = engine.arrow(artifact_exposures(asked(counts.shown), owners))
    rates = strengths(shown, ("target",), strata)
    rows = evidence_rows(totals, engine.register("artifact_rates", rates.rates), simulated_targets(chosen))
    matched = engine.arrow(totals.select("target", "artifact_id", *MATCHED))
    apart = observed.outcomes.by_actor(engine, chosen, said, strata) if _any_agent(matched) else (worked, None)
    by_actor, models = evidence_by_actor(matched, shown, rates, apart, strata)
    evidence = evidence_table(engine.arrow(rows))
    of_each = ArtifactCounts(chosen, pairs, shown, patterns, observed.outcomes, strata)
    things = one_thing(engine, of_each, evidence, listing(evidence))
    return {"evidence": evidence, "evidence_by_actor": by_actor, "one_thing": things}, models


def _together(engine: Engine, totals: Totals, contestants: Contestants) -> Together:
    numbers = engine.register("contestants", contestants.numbers)
    counted = totals.of(SESSIONS, lambda chosen: of_catalogue(chosen, numbers), contestants.numbers)
    return chosen_together(engine, counted, contestants.ids)


def _any_agent(matched: pa.Table) -> bool:
    return bool(pc.any(pc.greater(matched["agent_times_matched"], 0)).as_py())


def _intent_table(totals: pa.Table, texts: pa.Table) -> pa.Table:
    labels = intent_labels(texts)
    keys = totals["intent_key"].to_pylist()
    totals = totals.append_column("intent_id", pa.array([intent_id(key) for key in keys], pa.string()))
    totals = totals.append_column("label", pa.array([labels[key] for key in keys], pa.string()))
    return totals.select(INTENTS.names).cast(INTENTS).sort_by("intent_id")
