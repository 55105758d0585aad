"""What changed from one snapshot to another, and which part of the rank did it."""

from __future__ import annotations

from typing import Any

import msgspec

from graph.input_changes import InputChange, input_changes
from graph.place_changes import NameChange, name_changes
from graph.snapshot import Snapshot
from graph.times import iso_time


class PartChange(msgspec.Struct, frozen=True):
    """One part of a rank before and after. Values 0-1 and contributions 0-100; None where not known."""

    name: str
    value_before: float | None
    value_after: float | None
    contribution_change: float
    """How many points of the rank's change came from this part (its new weight included)."""
    weight_before: float | None = None
    weight_after: float | None = None
    """Its share in the rank, 0 to 1; the share of a part changes with the parts that are known beside it."""
    inputs: list[InputChange] = []
    """The facts and settings that differ."""


class RankChange(msgspec.Struct, frozen=True):
    """One artifact whose rank changed; the contribution changes of its parts add up to `change`."""

    artifact_id: str
    name: str | None
    before: float
    after: float
    change: float
    times_matched_before: int
    times_matched_after: int
    parts: list[PartChange]
    """Largest change first."""
    names: list[NameChange] = []
    """Names that came to be listed as the same thing, or no longer are."""


class SnapshotDiff(msgspec.Struct, frozen=True):
    """Everything that differs. The counts are complete, the lists cut at the limit asked for."""

    before: str
    after: str
    now_before: str | None
    now_after: str | None
    code_version_changed: bool
    parameters_changed: list[str]
    rows: dict[str, tuple[int, int]]
    """Number of rows before and after, for the tables where it changed."""
    changed_count: int
    unchanged_count: int
    appeared_count: int
    disappeared_count: int
    changed: list[RankChange]
    """Largest change first."""
    appeared: list[str]
    disappeared: list[str]
    simulated: bool
    """Whether evidence of any of those that changed comes from a simulated log."""


def diff(before: Snapshot, after: Snapshot, *, limit: int = 20) -> SnapshotDiff:
    """Compare two snapshots; `limit` bounds each list."""
    old, new = _ranks(before), _ranks(after)
    changes = [rank_change(artifact_id, before, after) for artifact_id in _most_changed(old, new)[:limit]]
    moved = len(_most_changed(old, new))
    appeared, disappeared = sorted(new.keys() - old.keys()), sorted(old.keys() - new.keys())
    first, second = before.manifest, after.manifest
    names = sorted(first.parameters.keys() | second.parameters.keys())
    return SnapshotDiff(
        before=before.id,
        after=after.id,
        now_before=iso_time(before.now_us),
        now_after=iso_time(after.now_us),
        code_version_changed=first.code_version != second.code_version,
        parameters_changed=[name for name in names if first.parameters.get(name) != second.parameters.get(name)],
        rows={
            name: (first.rows.get(name, 0), count)
            for name, count in second.rows.items()
            if first.rows.get(name, 0) != count
        },
        changed_count=moved,
        unchanged_count=len(old.keys() & new.keys()) - moved,
        appeared_count=len(appeared),
        disappeared_count=len(disappeared),
        changed=changes,
        appeared=appeared[:limit],
        disappeared=disappeared[:limit],
        simulated=any(is_simulated(each, change.artifact_id) for each in (before, after) for change in changes),
    )


def _ranks(snapshot: Snapshot) -> dict[str, float]:
    """Return the known ranks by artifact."""
    table = snapshot.table("ranks")
    pairs = zip(table.column("artifact_id").to_pylist(), table.column("rank").to_pylist(), strict=True)
    return {artifact_id: rank for artifact_id, rank in pairs if rank is not None}


def _most_changed(old: dict[str, float], new: dict[str, float]) -> list[str]:
    moved = [artifact_id for artifact_id in old.keys() & new.keys() if old[artifact_id] != new[artifact_id]]
    return sorted(moved, key=lambda artifact_id: (-abs(round(new[artifact_id] - old[artifact_id], 9)), artifact_id))


def rank_change(artifact_id: str, before: Snapshot, after: Snapshot) -> RankChange:
    """Compare an artifact's rank in two snapshots that both have one."""
    old, new = (each.rows("ranks", artifact_id=artifact_id)[0]["rank"] for each in (before, after))
    names = after.rows("artifacts", artifact_id=artifact_id)
    return RankChange(
        artifact_id=artifact_id,
        name=names[0]["name"] if names else None,
        before=old,
        after=new,
        change=round(new - old, 2),
        times_matched_before=_times_matched(before, artifact_id),
        times_matched_after=_times_matched(after, artifact_id),
        parts=_part_changes(_parts(before, artifact_id), _parts(after, artifact_id)),
        names=name_changes(artifact_id, before, after),
    )


def is_simulated(snapshot: Snapshot, artifact_id: str) -> bool:
    """Say whether the evidence of an artifact comes from a log that says of itself to be simulated."""
    return any(row["simulated"] for row in snapshot.rows("evidence", artifact_id=artifact_id))


def _times_matched(snapshot: Snapshot, artifact_id: str) -> int:
    return sum(row["times_matched"] for row in snapshot.rows("evidence", artifact_id=artifact_id))


def _parts(snapshot: Snapshot, artifact_id: str) -> dict[str, dict[str, Any]]:
    return {row["part"]: row for row in snapshot.rows("rank_parts", artifact_id=artifact_id)}


def _part_changes(old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> list[PartChange]:
    nothing: dict[str, Any] = {"value": None, "contribution": None, "weight": None, "inputs": None}
    found = []
    for name in sorted(old.keys() | new.keys()):
        first, second = old.get(name, nothing), new.get(name, nothing)
        change = round((second["contribution"] or 0.0) - (first["contribution"] or 0.0), 2)
        if change or first["value"] != second["value"]:
            weights = first["weight"], second["weight"]
            inputs = input_changes(first["inputs"], second["inputs"])
            found.append(PartChange(name, first["value"], second["value"], change, *weights, inputs))
    return sorted(found, key=lambda part: (-abs(part.contribution_change), part.name))
