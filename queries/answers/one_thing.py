"""Names of one thing in answers: one entry in every list, which says under which other names the thing is known.

What is surely the same (`queries.alternatives.duplicates`) stands once in rank lists, alternatives and hits, with what
the log says of all its names together (table `one_thing`). Nothing is lost by that: each name keeps its page and its
own evidence, which is shown name by name. Batches (`search --batch`, `alternatives --batch`) list every name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

import msgspec

from queries.answers.list_shapes import Related
from queries.answers.shapes import OtherName, SnapshotTables

_LISTED: Final[WeakKeyDictionary[SnapshotTables, Mapping[str, str]]] = WeakKeyDictionary()


def listed_as(snapshot: SnapshotTables, artifact_id: str) -> str:
    """Return the id under which an artifact is listed: its own, or that of the name that more clients chose."""
    return all_listed(snapshot).get(artifact_id, artifact_id)


def all_listed(snapshot: SnapshotTables) -> Mapping[str, str]:
    """Return `listed_as` of every artifact that has another name, worked out once for each snapshot."""
    found = _LISTED.get(snapshot)
    if found is None:
        columns = snapshot.table("one_thing").select(["artifact_id", "listed_as"]).to_pydict()
        found = _LISTED[snapshot] = dict(zip(*columns.values(), strict=True))
    return found


def all_names_together(snapshot: SnapshotTables, artifact_id: str) -> dict[str, Any] | None:
    """Return the evidence of all names of an artifact's thing, counted as one; None if it has no other name."""
    rows = snapshot.rows("one_thing", artifact_id=artifact_id) if len(names_of(snapshot, artifact_id)) > 1 else []
    return rows[0] if rows else None


def other_names_among(snapshot: SnapshotTables, artifact_ids: Iterable[str]) -> set[str]:
    """Return which of the artifacts of a list are left out, because another of them stands for the same thing.

    Where the name under which a thing is listed is not in the list (it has another type), the first id stands for it.
    """
    listed = all_listed(snapshot)
    named = sorted(listed.keys() & set(artifact_ids))
    kept: dict[str, str] = {}
    for one in named:
        head = listed[one]
        kept.setdefault(head, head if head in named else one)
    return set(named) - set(kept.values())


def names_of(snapshot: SnapshotTables, artifact_id: str) -> list[str]:
    """Return the ids of all names of an artifact's thing, its own among them: first the one under which it is listed.

    They share the list entry of one head, so each is the same as that one by itself.
    """
    listed = all_listed(snapshot)
    head = listed.get(artifact_id, artifact_id)
    return [head, *sorted(other for other, own in listed.items() if own == head and other != head)]


def also_known_as(snapshot: SnapshotTables, artifact_id: str) -> list[OtherName]:
    """Return the other names of an artifact's thing with the evidence of each."""
    return [_other_name(snapshot, one) for one in names_of(snapshot, artifact_id) if one != artifact_id]


def one_each(snapshot: SnapshotTables, found: Iterable[Related]) -> list[Related]:
    """Return related artifacts with each thing once, under the name that comes first; the others stand beside it."""
    kept: dict[str, Related] = {}
    for each in found:
        head = listed_as(snapshot, each.artifact_id)
        if head not in kept:
            kept[head] = _of_all_names(snapshot, each)
    return list(kept.values())


def _of_all_names(snapshot: SnapshotTables, one: Related) -> Related:
    together = all_names_together(snapshot, one.artifact_id)
    if together is None:
        return one
    counts = {name: together[name] or 0 for name in ("times_matched", "clients")}
    return msgspec.structs.replace(one, also_known_as=also_known_as(snapshot, one.artifact_id), **counts)


def _other_name(snapshot: SnapshotTables, artifact_id: str) -> OtherName:
    evidence = snapshot.rows("evidence", artifact_id=artifact_id)
    rank = snapshot.rows("ranks", artifact_id=artifact_id)
    row = evidence[0] if evidence else {}
    return OtherName(
        artifact_id=artifact_id,
        name=snapshot.rows("artifacts", artifact_id=artifact_id)[0]["name"] or artifact_id,
        rank=rank[0]["rank"] if rank else None,
        times_matched=row.get("times_matched") or 0,
        clients=row.get("clients") or 0,
        simulated=bool(row.get("simulated")),
    )
