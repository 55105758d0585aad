"""People and agents apart: what each of them was shown and chose of every artifact.

People scan a page from the top, agents read whatever they are given. So each has examinations and priors of its own,
fitted to its own asks, and the two strengths of an artifact can be compared: where their intervals lie apart, people
and agents want different things. Likewise the success rates of what each of them chose.
"""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot_schemas import EVIDENCE_BY_ACTOR
from queries.counting.exposures import SAID
from queries.evidence.strata import ONE_STRATUM, Strata
from queries.evidence.strength import STRENGTH, Strengths, strengths
from queries.evidence.success_tables import SUCCESS

HUMAN: Final = "human"
AGENT: Final = "agent"
_COUNTS: Final = ("times_matched", "clients")


def evidence_by_actor(
    totals: pa.Table,
    shown: pa.Table,
    together: Strengths,
    worked: tuple[pa.Table, pa.Table | None],
    strata: Strata = ONE_STRATUM,
) -> tuple[pa.Table, dict[str, str]]:
    """Return the table `EVIDENCE_BY_ACTOR`, and the click model that was used for each actor.

    `totals`: target, artifact_id and `edges.MATCHED`; `shown` from `artifact_evidence.artifact_exposures`; `together`:
    the strengths of both actors together, which are those of people where no agent asks; `worked`: target and
    `success_tables.OUTCOMES` of people and of agents, None where no agent chose anything.
    """
    found = {AGENT: _fitted(_of_agents(shown), strata)}
    found[HUMAN] = _fitted(_of_people(shown), strata) if found[AGENT].rates.num_rows else together
    outcomes = dict(zip((HUMAN, AGENT), worked, strict=True))
    rows = pa.concat_tables([_rows(totals, actor, rates.rates, outcomes[actor]) for actor, rates in found.items()])
    order = [("artifact_id", "ascending"), ("actor", "descending")]
    return rows.sort_by(order), {actor: rates.model for actor, rates in found.items()}


def _fitted(shown: pa.Table, strata: Strata) -> Strengths:
    return strengths(shown.filter(pc.greater(shown["impressions"], 0)), ("target",), strata)


def _of_agents(shown: pa.Table) -> pa.Table:
    return _with_counts(shown, {name: shown[f"agent_{name}"] for name in SAID})


def _of_people(shown: pa.Table) -> pa.Table:
    return _with_counts(shown, {name: pc.subtract(shown[name], shown[f"agent_{name}"]) for name in SAID})


def _with_counts(shown: pa.Table, counts: dict[str, Any]) -> pa.Table:
    return pa.table({**{name: shown[name] for name in ("target", "position", "period")}, **counts})


def _rows(totals: pa.Table, actor: str, rates: pa.Table, worked: pa.Table | None) -> pa.Table:
    """Return the rows of one actor: those artifacts that it was shown or chose."""
    joined = totals.join(rates, "target", join_type="left outer")
    joined = joined.join(_no_outcomes() if worked is None else worked, "target", join_type="left outer")
    counts: dict[str, Any] = {name: joined[f"agent_{name}"] for name in _COUNTS}
    if actor == HUMAN:
        counts = {name: pc.subtract(joined[name], counts[name]) for name in _COUNTS}
    counts |= {name: pc.fill_null(joined[name], 0) for name in ("successes", "failures")}
    columns = {"artifact_id": joined["artifact_id"], "actor": pa.repeat(actor, joined.num_rows), **counts}
    rows = pa.table({**columns, **{name: joined[name] for name in (*SUCCESS, *STRENGTH)}})
    met = pc.or_(pc.greater(rows["times_matched"], 0), pc.is_valid(rows["strength"]))
    return rows.select(EVIDENCE_BY_ACTOR.names).cast(EVIDENCE_BY_ACTOR).filter(met)


def _no_outcomes() -> pa.Table:
    whole = dict.fromkeys(("target", "successes", "failures"), pa.array([], pa.int64()))
    return pa.table({**whole, **dict.fromkeys(SUCCESS, pa.array([], pa.float64()))})
