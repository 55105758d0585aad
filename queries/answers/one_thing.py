"""Names of one thing in answers: one entry in every list, which says under which other names the thing is known.

What is surely the same (`queries.alternatives.duplicates`) stands once in rank lists, alternatives and hits. Nothing is
lost by that: each name keeps its page, its rank and its evidence, which is shown name by name and added up. Batches
(`search --batch`, `alternatives --batch`) list every name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from weakref import WeakKeyDictionary

import msgspec

from queries.alternatives.duplicates import surely_same
from queries.answers.list_shapes import Related
from queries.answers.shapes import OtherName, SnapshotTables
from queries.ranking.one_place import Known, heads

_LISTED: Final[WeakKeyDictionary[SnapshotTables, Mapping[str, str]]] = WeakKeyDictionary()


def listed_as(snapshot: SnapshotTables, artifact_id: str) -> str:
    """Return the id under which an artifact is listed: its own, or that of the name that more clients chose."""
    return all_listed(snapshot).get(artifact_id, artifact_id)


def all_listed(snapshot: SnapshotTables) -> Mapping[str, str]:
    """Return `listed_as` of every artifact that has another name, worked out once for each snapshot."""
    found = _LISTED.get(snapshot)
    if found is None:
        pairs = surely_same(snapshot.table("duplicates"))
        found = _LISTED[snapshot] = heads(pairs, _known(snapshot, pairs))
    return found


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
        others = also_known_as(snapshot, each.artifact_id)
        head = listed_as(snapshot, each.artifact_id) if others else each.artifact_id
        if head not in kept:
            kept[head] = msgspec.structs.replace(each, also_known_as=others) if others else each
    return list(kept.values())


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


def _known(snapshot: SnapshotTables, pairs: Sequence[tuple[str, str]]) -> dict[str, Known]:
    known = {}
    for one in {one for pair in pairs for one in pair}:
        rank, evidence = (snapshot.rows(name, artifact_id=one) for name in ("ranks", "evidence"))
        known[one] = (evidence[0]["clients"] or 0) if evidence else 0, rank[0]["completeness"] if rank else 0.0
    return known
