"""The rank of one artifact over the snapshots of a home, with the reason for each change."""

from __future__ import annotations

import msgspec

from graph.home import Home
from graph.place_changes import NameChange, PlaceChange, place_change
from graph.snapshot import Snapshot, list_snapshots
from graph.snapshot_diff import PartChange, is_simulated, rank_change
from graph.times import iso_time


class HistoryEntry(msgspec.Struct, frozen=True):
    """An artifact in one snapshot, and what changed since the snapshot before that held it."""

    snapshot_id: str
    now: str | None
    """For which time it was computed."""
    rank: float
    low: float
    high: float
    place: int
    method: str
    change: float | None
    """None in the first snapshot."""
    parts: list[PartChange]
    """What the change is made of, the largest first; they add up to it."""
    names: list[NameChange] = []
    """Names that came to be listed as the same thing, or no longer are."""
    place_change: PlaceChange | None = None
    """Why it stands at another place; None if it does not."""


class RankHistory(msgspec.Struct, frozen=True):
    """The history of an artifact's rank, in the order in which the snapshots were published."""

    artifact_id: str
    name: str | None
    history: list[HistoryEntry]
    simulated: bool
    """Whether its evidence in any of the snapshots comes from a simulated log."""


def rank_history(home: Home, artifact_id: str) -> RankHistory:
    """Return the ranks of an artifact in all snapshots of a home; snapshots in which it has none are left out."""
    name: str | None = None
    simulated = False
    entries: list[HistoryEntry] = []
    before: Snapshot | None = None
    for manifest in reversed(list_snapshots(home)):
        snapshot = Snapshot.open(home, manifest.snapshot_id)
        row = next(iter(snapshot.rows("ranks", artifact_id=artifact_id)), None)
        if row is None or row["rank"] is None:
            continue
        change = None if before is None else rank_change(artifact_id, before, snapshot)
        known = {key: row[key] for key in ("rank", "low", "high", "place", "method")}
        entries.append(
            HistoryEntry(
                snapshot_id=snapshot.id,
                now=iso_time(snapshot.now_us),
                **known,
                change=None if change is None else change.change,
                parts=[] if change is None else change.parts,
                names=[] if change is None else change.names,
                place_change=None if before is None else place_change(artifact_id, before, snapshot),
            )
        )
        simulated = simulated or is_simulated(snapshot, artifact_id)
        name = snapshot.rows("artifacts", artifact_id=artifact_id)[0]["name"]
        before = snapshot
    return RankHistory(artifact_id, name, entries, simulated)
