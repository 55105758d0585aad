"""From the ledger's facts to the evidence tables: intents, edges, judgments and the totals of each artifact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw
import pyarrow as pa

from graph.snapshot_schemas import INTENTS, TEXT_INTENTS
from graph.vocabulary import JUDGMENT
from queries.catalogue import targets
from queries.choices import choices, count_choices
from queries.edges import PAIR, edge_table, observed_edges, pair_counts
from queries.engine import Engine, Frame
from queries.evidence import artifact_counts, artifact_exposures, evidence_rows, evidence_table, simulated_targets
from queries.exposures import added_up, exposures, listed_exposures, part_of, reported_exposures
from queries.inferred import TextMatcher, inferred_pairs, match_texts, texts_of, unanswered
from queries.intents import assign_intents, intent_id, intent_labels, intent_totals, text_clients, with_intents
from queries.judgments import judgment_table, judgments
from queries.object_names import undescribed_objects
from queries.outcomes import count_outcomes, verdicts
from queries.search_log import SearchLog, read_search_log, total
from queries.simulated import simulated_searches
from queries.spelling import Spelling, as_written
from queries.strength import Strengths, strengths

ROWS_AT_ONCE: Final = 10_000_000
"""Things shown that are counted in one go."""

MatcherMaker = Callable[[dict[str, pa.Table]], TextMatcher]
"""Makes the matcher of texts from the tables `edges` (the observed ones), `intents` and `text_intents`."""


@dataclass(frozen=True)
class MatchEvidence:
    """What the log says about the catalogue."""

    tables: dict[str, pa.Table]
    """intents, text_intents, edges, judgments, evidence."""
    together: pa.Table
    """unit, client, artifact_id: what was chosen in the same session (else search), each once."""
    report: dict[str, Any]
    """Counts of what was left out, and what the model of strength found."""


@dataclass(frozen=True)
class _Observed:
    """What was shown and chosen, as frames kept by the engine."""

    chosen: Frame
    shown: Frame
    pairs: Frame
    names: Frame


def match_evidence(
    engine: Engine,
    now_us: int,
    artifacts: pa.Table,
    capabilities: pa.Table,
    make_matcher: MatcherMaker,
    report: Callable[[str], None],
    spelling: Spelling = as_written,
) -> MatchEvidence:
    """Compute the evidence as of `now_us` (microseconds since 1970).

    `artifacts` and `capabilities` from `queries.catalogue`; `report` gets a sentence at the start of every step;
    `spelling` corrects words of queries before they are grouped to intents.
    """
    report("Reading searches and events")
    log = read_search_log(engine, now_us)
    assigned = assign_intents(log.texts, spelling)
    searches = with_intents(engine, log.searches, assigned)
    report("Counting what was shown, what was chosen and what worked")
    observed = _observe(engine, log, searches, targets(artifacts, capabilities))
    rates = strengths(engine.arrow(observed.shown), PAIR)
    edges = _observed_edges(engine, observed, rates)
    tables = {
        "intents": _intent_table(engine, searches, log.texts),
        "text_intents": _text_intent_table(log.texts, assigned),
        "edges": edge_table([edges]),
        "judgments": judgment_table(engine.arrow(judgments(log.acts, searches, observed.names))),
    }
    tables["evidence"], together = _evidence(engine, observed, log)
    report("Matching searches without hits by their text")
    inferred = _infer(engine, log, searches, observed, make_matcher(tables))
    tables["edges"] = edge_table([edges, *inferred])
    model = {"click_model": rates.model, "click_model_warnings": list(rates.warnings)}
    return MatchEvidence(tables, together, {**log.report, **model})


def _observe(engine: Engine, log: SearchLog, searches: Frame, described: pa.Table) -> _Observed:
    chosen = engine.materialise("chosen", choices(log.acts, searches))
    shown = _shown(engine, log, searches, chosen)
    targeted = chosen.with_columns(nw.col("object_key").alias("target"))
    outcomes = count_outcomes(targeted, verdicts(targeted, log.outcomes, log.acts), PAIR)
    pairs = engine.materialise("pairs", pair_counts(shown, count_choices(chosen, PAIR), outcomes))
    names = _names(engine, log, pairs, described)
    asked = shown.select(
        *PAIR, "position", nw.col("first_impressions").alias("impressions"), nw.col("first_clicks").alias("clicks")
    )
    return _Observed(chosen, asked.filter(nw.col("impressions") > 0), pairs, names)


def _shown(engine: Engine, log: SearchLog, searches: Frame, chosen: Frame) -> Frame:
    """Count exposures, of a large log in several parts: each (search, object) once takes memory."""
    rows = total(engine, log.active, "impressions") + total(engine, searches, "hits")
    parts = -(-rows // ROWS_AT_ONCE) or 1
    counts = []
    for part in range(parts):
        raw, of_part, active, acts, picked = (
            frame if parts == 1 else part_of(frame, part, parts)
            for frame in (engine.table("searches"), searches, log.active, log.impressions, chosen)
        )
        found = exposures(reported_exposures(acts, of_part), listed_exposures(raw, of_part, active), picked)
        counts.append(engine.materialise(f"shown_{part}", found))
    return counts[0] if parts == 1 else engine.materialise("shown", added_up(counts))


def _names(engine: Engine, log: SearchLog, pairs: Frame, described: pa.Table) -> Frame:
    graded = log.acts.filter(nw.col("action") == JUDGMENT).select("object_key")
    mentioned = nw.concat([pairs.select("object_key"), graded])
    known = engine.register("described", described)
    named = nw.concat([frame.select("object_key", "object_id") for frame in (log.acts, log.impressions)])
    unknown = undescribed_objects(engine, mentioned, known, named, engine.table("searches"))
    return engine.materialise("names", engine.register("all_names", pa.concat_tables([described, unknown])))


def _observed_edges(engine: Engine, observed: _Observed, rates: Strengths) -> pa.Table:
    rated = observed_edges(observed.pairs, engine.register("pair_rates", rates.rates))
    return engine.arrow(_named(rated, observed.names))


def _named(pairs: Frame, names: Frame) -> Frame:
    return pairs.join(names.drop("artifact_key"), on="object_key", how="inner").drop("object_key")


def _infer(
    engine: Engine, log: SearchLog, searches: Frame, observed: _Observed, matcher: TextMatcher
) -> list[pa.Table]:
    silent = engine.materialise("unanswered", unanswered(searches, log.active))
    matches = match_texts(texts_of(engine, silent, log.texts), matcher)
    if not matches.num_rows:
        return []
    return [engine.arrow(_named(inferred_pairs(silent, engine.register("matches", matches)), observed.names))]


def _evidence(engine: Engine, observed: _Observed, log: SearchLog) -> tuple[pa.Table, pa.Table]:
    """Return the table `EVIDENCE` and what was chosen together."""
    owners = observed.names.select("object_key", "artifact_id", nw.col("artifact_key").alias("target"))
    chosen = engine.materialise("owned_choices", observed.chosen.join(owners, on="object_key", how="inner"))
    decided = verdicts(chosen, log.outcomes, log.acts)
    pairs = observed.pairs.join(owners, on="object_key", how="inner")
    counts = engine.materialise("artifact_counts", artifact_counts(pairs, chosen, decided))
    rates = strengths(engine.arrow(artifact_exposures(observed.shown, owners)), ("target",))
    simulated = simulated_targets(chosen, simulated_searches(engine))
    rows = engine.arrow(evidence_rows(counts, engine.register("artifact_rates", rates.rates), simulated))
    return evidence_table(rows), engine.arrow(chosen.select("unit", "client", "artifact_id").unique())


def _intent_table(engine: Engine, searches: Frame, texts: pa.Table) -> pa.Table:
    totals = engine.arrow(intent_totals(searches))
    labels = intent_labels(engine.arrow(text_clients(searches)), texts)
    keys = totals["intent_key"].to_pylist()
    totals = totals.append_column("intent_id", pa.array([intent_id(key) for key in keys], pa.string()))
    totals = totals.append_column("label", pa.array([labels[key] for key in keys], pa.string()))
    return totals.select(INTENTS.names).cast(INTENTS).sort_by("intent_id")


def _text_intent_table(texts: pa.Table, assigned: pa.Table) -> pa.Table:
    joined = texts.append_column("intent_key", assigned["intent_key"])
    return joined.select(TEXT_INTENTS.names).cast(TEXT_INTENTS).sort_by("text_key")
