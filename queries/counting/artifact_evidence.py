"""Evidence for each artifact: its totals over all intents, distinct things counted anew and not added up."""

from __future__ import annotations

from typing import Final

import narwhals as nw
import pyarrow as pa

from graph.snapshot_schemas import EVIDENCE
from queries.counting.edges import MATCHED
from queries.counting.engine import Frame
from queries.counting.exposures import ASKED

_ARTIFACT: Final = ("target", "artifact_id")


def artifact_counts(pairs: Frame, matched: Frame, worked: Frame) -> Frame:
    """Count the observed evidence of each artifact.

    `pairs`: `edges.pair_counts` with target (the artifact's key) and artifact_id; impressions and clicks add up over
    objects and intents, as each (search, object) is counted once. `matched`: `choices.count_choices` by target;
    `worked`: target and `success_tables.OUTCOMES`. Returns target, artifact_id, impressions, clicks, `edges.MATCHED`,
    intents, `OUTCOMES`, first_us, last_us.
    """
    sums = pairs.group_by(*_ARTIFACT).agg(
        nw.col("impressions").sum().cast(nw.Int64),
        nw.col("clicks").sum().cast(nw.Int64),
        nw.col("first_us").min(),
        nw.col("last_us").max(),
    )
    intents = pairs.filter(nw.col("times_matched") > 0).select("target", "intent_key").unique()
    intents = intents.group_by("target").agg(nw.len().cast(nw.Int64).alias("intents"))
    for part in (matched.select("target", *MATCHED), intents, worked):
        sums = sums.join(part, on="target", how="left")
    counted = (*MATCHED, "intents", "successes", "failures")
    return sums.with_columns(nw.col(*counted).fill_null(0))


def artifact_exposures(shown: Frame, owners: Frame) -> Frame:
    """Add up by artifact, position and period: target, position, period, `ASKED`. `shown`: from `exposures.asked`."""
    owned = shown.join(owners.select("object_key", "target"), on="object_key", how="inner")
    return owned.group_by("target", "position", "period").agg(*(nw.col(name).sum().cast(nw.Int64) for name in ASKED))


def simulated_targets(chosen: Frame) -> Frame:
    """Return the artifacts with a choice in a simulated search: target, simulated (true). `chosen`: these columns."""
    return chosen.filter(nw.col("simulated")).select("target", "simulated").unique()


def evidence_rows(counts: Frame, rates: Frame, simulated: Frame) -> Frame:
    """Join counts, strengths and the mark of simulated evidence.

    An artifact that was never shown at a known position has no strength.
    """
    joined = counts.join(rates, on="target", how="left").join(simulated, on="target", how="left")
    named = joined.rename({"first_us": "first_seen", "last_us": "last_seen"})
    return named.with_columns(nw.col("simulated").fill_null(False)).select(*EVIDENCE.names)


def evidence_table(rows: pa.Table) -> pa.Table:
    """Return the table `EVIDENCE`, by artifact id."""
    return rows.cast(EVIDENCE).sort_by("artifact_id")
