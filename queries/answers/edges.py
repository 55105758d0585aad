"""Match edges as they are shown, and the intents that a text means."""

from __future__ import annotations

from typing import Any, Final

from graph.errors import UnknownName
from graph.keys import stable_key
from graph.text import normalise_query
from graph.times import iso_time
from queries.answers.list_shapes import EdgeList
from queries.answers.names import nearest_names, resolve_artifact
from queries.answers.shapes import SnapshotTables, has_simulated_evidence, k_anonymity

Row = dict[str, Any]

EDGE_FIELDS: Final = (
    "intent_id", "intent", "artifact_id", "capability_id", "kind", "times_matched", "impressions", "clicks", "clients",
    "agent_times_matched", "agent_clients", "successes", "failures",
    "success_rate", "success_low", "success_high", "success_n",
    "strength", "strength_low", "strength_high", "effective_n", "confidence", "first_seen", "last_seen", "catalogued",
)  # fmt: skip
"""Keys of an edge in a list, in order."""


def edge_list(
    snapshot: SnapshotTables, *, intent: str | None = None, artifact: str | None = None, limit: int | None = None
) -> EdgeList:
    """Return match edges with their evidence, those with the most matches first; all of them by default.

    `intent`: an intent id, the text of a search, or words that its texts contain. `artifact`: an id or name, of the
    catalogue or of an edge. Raises `UnknownName` with the nearest names where nothing fits.
    """
    edges = snapshot.table("edges")
    rows = edges.to_pylist() if artifact is None else _edges_of(snapshot, artifact)
    if intent is not None:
        keys = find_intents(snapshot, intent)
        rows = [row for row in rows if row["intent_key"] in keys]
    labels = _labels(snapshot)
    rows.sort(key=_edge_order)
    return EdgeList(
        edges=[edge_answer(row, labels.get(row["intent_key"])) for row in rows[:limit]],
        total=len(rows),
        simulated=has_simulated_evidence(snapshot, {row["artifact_id"] for row in rows[:limit]}),
        snapshot_id=snapshot.id,
        k_anonymity=k_anonymity(snapshot),
    )


def _edge_order(row: Row) -> tuple[int, str, str, str, str]:
    return -(row["times_matched"] or 0), row["intent_id"], row["artifact_id"], row["capability_id"] or "", row["kind"]


def edge_answer(row: Row, label: str | None) -> Row:
    """Return a row of the `edges` table as it is shown, with the label of its intent."""
    shown = {**row, "intent": label, "first_seen": iso_time(row["first_seen"]), "last_seen": iso_time(row["last_seen"])}
    return {name: shown[name] for name in EDGE_FIELDS}


def _edges_of(snapshot: SnapshotTables, artifact: str) -> list[Row]:
    """Return the edges of an artifact, also of one that the catalogue does not describe."""
    rows = snapshot.rows("edges", artifact_id=artifact)
    return rows or snapshot.rows("edges", artifact_id=resolve_artifact(snapshot, artifact))


def _labels(snapshot: SnapshotTables) -> dict[int, str | None]:
    table = snapshot.table("intents")
    return dict(zip(table.column("intent_key").to_pylist(), table.column("label").to_pylist(), strict=True))


def find_intents(snapshot: SnapshotTables, text: str) -> set[int]:
    """Return the keys of the intents meant by an intent id, a search's text, or words that a text contains.

    A text is found by its key, so that who knows it finds it, also where it is not shown.
    """
    wanted = normalise_query(text)
    found = {row["intent_key"] for row in snapshot.rows("intents", intent_id=text)}
    if not found:
        texts = snapshot.table("text_intents").to_pylist()
        words, text_key = set(wanted.split()), stable_key(wanted)
        found = {row["intent_key"] for row in texts if row["text_key"] == text_key} or {
            row["intent_key"] for row in texts if words and words <= set((row["text"] or "").split())
        }
    if not found:
        labels = [label for label in _labels(snapshot).values() if label]
        raise UnknownName("intent", text, nearest_names(text, labels))
    return found
