"""The artifacts of a type, or all, in order of rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from graph.errors import WrongUse
from queries.answers.list_shapes import RankList
from queries.answers.one_thing import other_names_among
from queries.answers.shapes import Side, SnapshotTables
from queries.answers.sides import side

_MAX_NAMED: Final = 20


def rank_list(snapshot: SnapshotTables, *, type: str | None = None, limit: int | None = None) -> RankList:
    """Return the artifacts from the first place on (`queries.ranking.places`); those without a rank come last, by id.

    What is listed under several names stands there once (`queries.answers.one_thing`).
    Raises `WrongUse` for a type that no artifact has, naming those there are.
    """
    rows = snapshot.table("ranks").select(["artifact_id", "type", "rank", "place"]).to_pylist()
    if type is not None:
        check_type(type, (row["type"] for row in rows))
        rows = [row for row in rows if same_text(row["type"], type)]
    others = other_names_among(snapshot, (row["artifact_id"] for row in rows))
    rows = [row for row in rows if row["artifact_id"] not in others]
    rows.sort(key=lambda row: (row["place"] is None, row["place"], row["artifact_id"]))
    ranks = [side(snapshot, row["artifact_id"]) for row in rows[:limit]]
    return RankList(
        ranks=ranks,
        total=len(rows),
        type=type,
        shared_places=shared_places(ranks, Counter(row["place"] for row in rows), type),
        simulated=any(each.simulated for each in ranks),
        snapshot_id=snapshot.id,
    )


def shared_places(ranks: Iterable[Side], bearers: Mapping[int, int], type: str | None) -> list[int]:
    """Return which places of a list's part several have. `bearers`: place → how many of the whole list have it."""
    shared = [one for one in ranks if one.place is not None and bearers[one.place] > 1]
    numbers = {one.place if type is None else one.type_place for one in shared}
    return sorted(number for number in numbers if number is not None)


def check_type(wanted: str, types: Iterable[str | None]) -> None:
    """Raise `WrongUse` naming the known types if a type is none of them, case aside."""
    known = {each for each in types if each}
    if not any(same_text(each, wanted) for each in known):
        named = ", ".join(sorted(known)[:_MAX_NAMED]) or "none"
        raise WrongUse(f"No artifact here has the type {wanted!r}. Known: {named}.")


def same_text(value: str | None, wanted: str) -> bool:
    """Say whether a value is there and equal, case aside."""
    return value is not None and value.strip().casefold() == wanted.strip().casefold()
