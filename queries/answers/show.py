"""Everything the snapshot holds of one artifact, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from graph.times import iso_date
from queries.answers.compare import claims_of
from queries.answers.edges import edge_answer
from queries.answers.list_shapes import WEAK_ALTERNATIVE, Duplicate, Related
from queries.answers.names import resolve_artifact
from queries.answers.one_thing import all_names_together, one_each
from queries.answers.related import duplicates_of, related
from queries.answers.shapes import Side, SnapshotTables, k_anonymity, simulated_applications
from queries.answers.sides import side
from queries.retrieval.hosting import hosting

Row = dict[str, Any]

_RELATED_SHOWN: Final = 5
_EDGES_SHOWN: Final = 10


class Concept(msgspec.Struct, frozen=True, kw_only=True):
    """A concept that one of its capabilities belongs to."""

    concept_uri: str
    label: str
    capability_id: str
    artifacts: int
    """Number of artifacts that offer it, this one included."""


class ArtifactPage(msgspec.Struct, frozen=True, kw_only=True):
    """One artifact with all that is known of it."""

    artifact: Side
    vendor: str | None
    tags: list[str]
    hosting: list[str]
    """Where it runs, as far as its source says (`queries.retrieval.hosting`)."""
    figures: dict[str, int | None]
    """Stars, downloads and likes as stated."""
    status: str | None
    created_at: str | None
    updated_at: str | None
    sources: list[str]
    revisions: int
    """Number of different descriptions that the ledger holds of it."""
    capabilities: list[Row]
    concepts: list[Concept]
    evidence: Row
    """Totals over all needs: impressions, clicks, successes, failures, strength with its interval; of this name."""
    edges: list[Row]
    """The edges with the most matches."""
    edge_count: int
    alternatives: list[Related]
    complements: list[Related]
    duplicates: list[Duplicate]
    simulated: bool
    simulated_applications: list[str]
    snapshot_id: str
    evidence_of_all_names: Row | None = None
    """The same of all names of the thing together, counted as one; None if it has no other name."""
    k_anonymity: int | None = None
    """Intents that fewer clients asked have no text here; None if nothing was withheld."""


def show(snapshot: SnapshotTables, name: str) -> ArtifactPage:
    """Return the page of an artifact given by id or name. Raises `UnknownName` with the nearest names."""
    artifact_id = resolve_artifact(snapshot, name)
    row = snapshot.rows("artifacts", artifact_id=artifact_id)[0]
    edges = top_edges(snapshot, artifact_id)
    own = side(snapshot, artifact_id)
    together = all_names_together(snapshot, artifact_id)
    return ArtifactPage(
        artifact=own,
        vendor=row["vendor"],
        tags=row["tags"] or [],
        hosting=sorted(hosting(row)),
        figures={figure: row[figure] for figure in ("stars", "downloads", "likes")},
        status=row["status"],
        created_at=iso_date(row["created_at"]),
        updated_at=iso_date(row["updated_at"]),
        sources=row["sources"] or [],
        revisions=row["revisions"] or 0,
        capabilities=_capabilities(snapshot, artifact_id),
        concepts=_concepts(snapshot, artifact_id),
        evidence=_evidence(snapshot.rows("evidence", artifact_id=artifact_id)),
        evidence_of_all_names=_evidence([together]) if together else None,
        edges=edges[:_EDGES_SHOWN],
        edge_count=len(edges),
        alternatives=_alternatives(snapshot, artifact_id),
        complements=one_each(snapshot, related(snapshot, artifact_id, "complement"))[:_RELATED_SHOWN],
        duplicates=duplicates_of(snapshot, artifact_id),
        simulated=own.simulated,
        simulated_applications=simulated_applications(snapshot) if own.simulated else [],
        snapshot_id=snapshot.id,
        k_anonymity=k_anonymity(snapshot),
    )


def _alternatives(snapshot: SnapshotTables, artifact_id: str) -> list[Related]:
    """Return the best alternatives, without weak ones."""
    found = one_each(snapshot, related(snapshot, artifact_id, "alternative"))
    return [each for each in found if each.score >= WEAK_ALTERNATIVE][:_RELATED_SHOWN]


def _capabilities(snapshot: SnapshotTables, artifact_id: str) -> list[Row]:
    """Return the claims with what they are for and where they end."""
    rows = {row["capability_id"]: row for row in snapshot.rows("capabilities", artifact_id=artifact_id)}
    lists = ("intents", "best_for", "limitations", "requires", "input_types", "output_types", "tags")
    return [
        {
            **msgspec.to_builtins(claim),
            **{name: rows[claim.capability_id][name] or [] for name in lists},
        }
        for claim in claims_of(snapshot, artifact_id)
    ]


def _concepts(snapshot: SnapshotTables, artifact_id: str) -> list[Concept]:
    found = []
    for row in snapshot.rows("concepts", artifact_id=artifact_id):
        members = snapshot.rows("concepts", concept_uri=row["concept_uri"])
        found.append(
            Concept(
                concept_uri=row["concept_uri"],
                label=row["label"],
                capability_id=row["capability_id"],
                artifacts=len({member["artifact_id"] for member in members}),
            )
        )
    return sorted(found, key=lambda concept: (concept.concept_uri, concept.capability_id))


def _evidence(rows: Sequence[Row]) -> Row:
    """Return the totals of the first row; without any evidence counts are zero and strength is not known."""
    counts = ("times_matched", "clients", "intents", "impressions", "clicks", "successes", "failures")
    rates = (
        *("success_rate", "success_low", "success_high", "success_n"),
        *("strength", "strength_low", "strength_high", "effective_n"),
    )
    found = rows[0] if rows else {}
    return {**{name: found.get(name) or 0 for name in counts}, **{name: found.get(name) for name in rates}}


def top_edges(snapshot: SnapshotTables, artifact_id: str) -> list[Row]:
    """Return the edges of an artifact as they are shown, those with the most matches first."""
    rows = snapshot.rows("edges", artifact_id=artifact_id)
    rows.sort(key=lambda row: (-(row["times_matched"] or 0), row["intent_id"], row["capability_id"] or "", row["kind"]))
    labels = {}
    for row in rows:
        if row["intent_key"] not in labels:
            intents = snapshot.rows("intents", intent_key=row["intent_key"])
            labels[row["intent_key"]] = intents[0]["label"] if intents else None
    return [edge_answer(row, labels[row["intent_key"]]) for row in rows]
