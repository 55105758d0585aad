"""What outcomes say of edges and artifacts: from the ledger's rows to successes, failures and success rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from queries.counting.engine import Engine, Frame
from queries.counting.outcomes import Sources, count_patterns, learnt_patterns, sources, verdict_patterns
from queries.evidence.outcome_model import OutcomeModel
from queries.evidence.strata import ONE_STRATUM, Strata
from queries.evidence.success_tables import fit_patterns, outcome_report, success_table


@dataclass(frozen=True)
class OutcomeEvidence:
    """What is said of whether things worked, and how far the sources can be believed."""

    told: Frame
    """session_key, search_key, object_key, outcome, judge, kind."""
    calls: Frame
    """search_key, object_key, vote: see `outcomes.votes_of_calls`."""
    sources: Sources
    model: OutcomeModel
    report: dict[str, Any]
    """The success rate of the whole log and the reliability of each source, for the manifest."""

    def patterns(self, engine: Engine, name: str, chosen: Frame) -> Frame:
        """Return `outcomes.verdict_patterns` of what was chosen (with target), kept by the engine under a name."""
        digits = engine.register("digits", self.sources.digits)
        return engine.materialise(name, verdict_patterns(chosen, self.told, self.calls, digits))

    def of(
        self, engine: Engine, chosen: Frame, patterns: Frame, by: tuple[str, ...], strata: Strata = ONE_STRATUM
    ) -> pa.Table:
        """Return `by` and `success_tables.OUTCOMES` for everything that has an outcome.

        `chosen`: choices with the columns `by` and target, what an outcome is about; `patterns` of these targets;
        `strata` of the last of `by`.
        """
        return self.rates(self.counted(engine, chosen, patterns, by), by, strata)

    def counted(self, engine: Engine, chosen: Frame, patterns: Frame, by: tuple[str, ...]) -> pa.Table:
        """Return `outcomes.count_patterns`: what `rates` makes success rates of. Arguments as in `of`."""
        return engine.arrow(count_patterns(chosen, patterns, by))

    def rates(self, counted: pa.Table, by: tuple[str, ...], strata: Strata = ONE_STRATUM) -> pa.Table:
        """Return `by` and `success_tables.OUTCOMES` of what was counted."""
        return success_table(counted, by, self.model, self.sources.named, strata)

    def by_actor(
        self, engine: Engine, chosen: Frame, patterns: Frame, strata: Strata = ONE_STRATUM
    ) -> tuple[pa.Table, pa.Table]:
        """Return target and `success_tables.OUTCOMES` of what people chose, then of what agents chose.

        `chosen` with target and agent (1 or 0), `patterns` of these targets. Each of the two has usual rates of its
        own; the sources are believed as they are of both.
        """
        counted = engine.arrow(count_patterns(chosen, patterns, ("agent", "target")))
        people, agents = (counted.filter(pc.equal(counted["agent"], actor)) for actor in (0, 1))
        return self.rates(people, ("target",), strata), self.rates(agents, ("target",), strata)


def read_outcomes(engine: Engine, chosen: Frame, told: Frame, calls: Frame) -> OutcomeEvidence:
    """Learn how far the sources of outcomes can be believed.

    `chosen` from `queries.counting.choices`.
    """
    found = sources(engine, told)
    about = chosen.with_columns(nw.col("object_key").alias("target"))
    patterns = verdict_patterns(about, told, calls, engine.register("digits", found.digits))
    counted = engine.arrow(learnt_patterns(about, patterns))
    model = fit_patterns(counted, found.named)
    return OutcomeEvidence(told, calls, found, model, outcome_report(counted, model, found.named))
