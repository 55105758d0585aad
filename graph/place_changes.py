"""Why an artifact stands at another place in the rank list, and when names came to be listed as one thing.

A place is one more than the number of things that stand above. So what changed it are the things that came to stand
above and those that no longer do; each is counted once, by what happened to it.
"""

from __future__ import annotations

import json

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from graph.snapshot import Snapshot


class NameChange(msgspec.Struct, frozen=True):
    """Another name that came to be listed as the same thing, or no longer is."""

    artifact_id: str
    joined: bool
    reason: str
    """Why it is the same; of one that is parted, why it was."""


class PlaceChange(msgspec.Struct, frozen=True):
    """How many places down (up, if negative), and what that is made of: `change` = the first three − the others."""

    change: int
    came: int
    """Stand above it and were in no rank list before."""
    passed: int
    """Stand above it, and did not before."""
    parted: int
    """Stand above it, and were one thing with it or another before."""
    went: int
    """Stood above it and are in no rank list any more."""
    fell_behind: int
    """Stood above it, and do not any more."""
    joined: int
    """Stood above it, and are one thing with it or another now."""


def place_change(artifact_id: str, before: Snapshot, after: Snapshot) -> PlaceChange | None:
    """Return why the place of an artifact changed from one snapshot to the other; None if it is as it was."""
    old, new = _above(before, artifact_id), _above(after, artifact_id)
    if old is None or new is None or len(old) == len(new):
        return None
    above, no_longer = new - old, old - new
    came = above - _ranked(before)
    parted = above & (_other_names(before) | _names(before, artifact_id))
    went = no_longer - _ranked(after)
    joined = no_longer & (_other_names(after) | _names(after, artifact_id))
    return PlaceChange(
        change=len(new) - len(old),
        came=len(came),
        passed=len(above - came - parted),
        parted=len(parted),
        went=len(went),
        fell_behind=len(no_longer - went - joined),
        joined=len(joined),
    )


def name_changes(artifact_id: str, before: Snapshot, after: Snapshot) -> list[NameChange]:
    """Return which names came to be listed as one thing with an artifact, and which no longer are, by id."""
    old, new = _names(before, artifact_id), _names(after, artifact_id)
    return [
        NameChange(name, name in new, _why_same(after if name in new else before, artifact_id, name))
        for name in sorted(old ^ new)
    ]


def _names(snapshot: Snapshot, artifact_id: str) -> set[str]:
    own = snapshot.rows("one_thing", artifact_id=artifact_id)
    rows = snapshot.rows("one_thing", listed_as=own[0]["listed_as"]) if own else []
    return {row["artifact_id"] for row in rows} - {artifact_id}


def _why_same(snapshot: Snapshot, artifact_id: str, name: str) -> str:
    """Return the reason of the pair; of two names that are the same as a third one, that of the name itself."""
    found = snapshot.rows("duplicates", artifact_id=name, other_id=artifact_id) or [
        row
        for own in snapshot.rows("one_thing", artifact_id=name)
        for row in snapshot.rows("duplicates", artifact_id=name, other_id=own["listed_as"])
    ]
    return "; ".join(reason["text"] for row in found[:1] for reason in json.loads(row["reasons"]))


def _above(snapshot: Snapshot, artifact_id: str) -> set[str] | None:
    """Return the things above an artifact, each by the id under which it is listed; None if it has no place."""
    own = snapshot.rows("ranks", artifact_id=artifact_id)
    if not own or own[0]["place"] is None:
        return None
    ranks = snapshot.table("ranks")
    above = ranks.filter(pc.less(ranks["place"], own[0]["place"]))
    return _ids(above) - _other_names(snapshot)


def _other_names(snapshot: Snapshot) -> set[str]:
    """Return the ids that lists have under another name."""
    names = snapshot.table("one_thing")
    return _ids(names.filter(pc.not_equal(names["artifact_id"], names["listed_as"])))


def _ranked(snapshot: Snapshot) -> set[str]:
    ranks = snapshot.table("ranks")
    return _ids(ranks.filter(pc.is_valid(ranks["place"])))


def _ids(table: pa.Table) -> set[str]:
    return set(table["artifact_id"].to_pylist())
