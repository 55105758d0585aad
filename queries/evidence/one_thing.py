"""What the log says of a thing that is listed under several names: all of them together, distinct things counted anew.

A client who chose two names of one thing is one client, and chose it once for a need on a day. So the log is looked
through once more, for the choices of these names alone; strength is fitted as if the catalogue had one entry for each
thing. What one name says by itself stays in the table `evidence`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.keys import KeyCache
from graph.schemas import INT, TEXT
from graph.snapshot_schemas import ONE_THING
from queries.counting.artifact_evidence import artifact_counts, evidence_rows, evidence_table, simulated_targets
from queries.counting.choices import count_choices
from queries.counting.engine import Engine, Frame
from queries.evidence.outcome_evidence import OutcomeEvidence
from queries.evidence.strata import Strata
from queries.evidence.strength import strengths

Listing = Callable[[pa.Table], Mapping[str, str]]
"""From the table `evidence` to name → name under which its thing is listed, for things that have several."""

_BY = ("target",)


def heads_in(things: pa.Table) -> dict[str, str]:
    """Return name → name under which its thing is listed, of the table `one_thing`."""
    return dict(zip(*things.select(["artifact_id", "listed_as"]).to_pydict().values(), strict=True))


@dataclass(frozen=True)
class ArtifactCounts:
    """What the evidence of artifacts is made of."""

    chosen: Frame
    """`queries.counting.choices` with target (the artifact's key) and artifact_id."""
    pairs: Frame
    """`queries.counting.edges.pair_counts` with target and artifact_id."""
    shown: pa.Table
    """`queries.counting.artifact_evidence.artifact_exposures`."""
    patterns: pa.Table
    """`queries.counting.outcomes.count_patterns` by target."""
    outcomes: OutcomeEvidence
    strata: Strata


def one_thing(engine: Engine, counts: ArtifactCounts, evidence: pa.Table, listed: Mapping[str, str]) -> pa.Table:
    """Return the table `ONE_THING`. `evidence`: the table of that name; `listed`: see `Listing`."""
    of_name = {row["artifact_id"]: row for row in evidence.filter(_among(evidence["artifact_id"], listed)).to_pylist()}
    heard: dict[str, list[str]] = defaultdict(list)
    for name, head in listed.items():
        if name in of_name:
            heard[head].append(name)
    found: dict[str, dict[str, Any]] = {head: of_name[names[0]] for head, names in heard.items() if len(names) == 1}
    several = {name: listed[name] for names in heard.values() if len(names) > 1 for name in names}
    if several:
        found |= {row["artifact_id"]: row for row in _together(engine, counts, several).to_pylist()}
    rows = [{**found.get(head, {}), "artifact_id": name, "listed_as": head} for name, head in sorted(listed.items())]
    return pa.Table.from_pylist(rows, schema=ONE_THING)


def _together(engine: Engine, counts: ArtifactCounts, listed: Mapping[str, str]) -> pa.Table:
    """Return the rows of `EVIDENCE` of some things, under the names by which they are listed."""
    cache = KeyCache()
    keys = [cache.key(name) for name in listed]
    heads = [cache.key(head) for head in listed.values()]
    names = {"target": pa.array(keys, INT), "thing": pa.array(heads, INT), "thing_id": pa.array(listed.values(), TEXT)}
    known = engine.register("names_of_things", pa.table(names))
    chosen = engine.materialise("chosen_things", _as_things(counts.chosen, known))
    said = counts.outcomes.patterns(engine, "patterns_of_things", chosen)
    others = counts.patterns.filter(pc.invert(_among(counts.patterns["target"], keys)))
    patterns = pa.concat_tables(
        [others, counts.outcomes.counted(engine, chosen, said, _BY).select(others.column_names)]
    )
    worked = _of(counts.outcomes.rates(patterns, _BY, counts.strata), heads)
    rates = _of(strengths(_renamed(counts.shown, dict(zip(keys, heads, strict=True))), _BY, counts.strata).rates, heads)
    matched = count_choices(chosen, _BY)
    totals = artifact_counts(_as_things(counts.pairs, known), matched, engine.register("thing_outcomes", worked))
    rows = evidence_rows(totals, engine.register("thing_rates", rates), simulated_targets(chosen))
    return evidence_table(engine.arrow(rows))


def _as_things(rows: Frame, known: Frame) -> Frame:
    """Return the rows of names, given to the things that they name."""
    found = rows.join(known, on="target", how="inner").drop("target", "artifact_id")
    return found.rename({"thing": "target", "thing_id": "artifact_id"})


def _renamed(shown: pa.Table, heads: Mapping[int, int]) -> pa.Table:
    keys = np.array(sorted(heads))
    target = shown["target"].to_numpy().copy()
    places = np.minimum(np.searchsorted(keys, target), len(keys) - 1)
    named = keys[places] == target
    target[named] = np.array([heads[key] for key in keys.tolist()])[places[named]]
    return shown.set_column(shown.column_names.index("target"), "target", pa.array(target, INT))


def _of(table: pa.Table, keys: list[int]) -> pa.Table:
    return table.filter(_among(table["target"], keys))


def _among(column: pa.ChunkedArray, values: Any) -> pa.ChunkedArray:
    return pc.is_in(column, pa.array(sorted(set(values)), column.type))
