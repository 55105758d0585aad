"""Explicit relevance: grades that people or benchmarks gave, kept apart from choices."""

from __future__ import annotations

import narwhals as nw
import pyarrow as pa

from graph.snapshot_schemas import JUDGMENTS
from queries.counting.engine import Frame


def judgments(grades: Frame, targets: Frame) -> Frame:
    """Average the grades of each intent and object: intent_key, artifact_id, capability_id, grade, judgments.

    `grades`: intent_key, object_key, value.
    """
    means = grades.group_by("intent_key", "object_key").agg(
        nw.col("value").mean().round(9).alias("grade"), nw.len().cast(nw.Int64).alias("judgments")
    )
    named = means.join(targets.select("object_key", "artifact_id", "capability_id"), on="object_key", how="inner")
    return named.drop("object_key")


def judgment_table(found: pa.Table) -> pa.Table:
    """Return the table `JUDGMENTS` in order."""
    order = ("intent_key", "artifact_id", "capability_id")
    return found.select(JUDGMENTS.names).cast(JUDGMENTS).sort_by([(name, "ascending") for name in order])
