"""One artifact with its rank, evidence and price, put together from the snapshot's tables."""

from __future__ import annotations

from typing import Any, Final

from graph.errors import UnknownName
from graph.times import iso_date, iso_time
from queries.answers.comparison_shapes import Claim
from queries.answers.one_thing import all_names_together, also_known_as, listed_as
from queries.answers.shapes import Part, Pricing, Side, SnapshotTables
from queries.ranking.parts.quality import price_contradicts
from queries.ranking.rank_weights import PARTS

Row = dict[str, Any]

PLACES: Final = ("place", "place_low", "place_high", "type_place", "type_place_low", "type_place_high")


def side(snapshot: SnapshotTables, artifact_id: str) -> Side:
    """Return what rank lists and comparisons show of an artifact. Raises `UnknownName` for an unknown id."""
    found = snapshot.rows("artifacts", artifact_id=artifact_id)
    if not found:
        raise UnknownName("artifact", artifact_id)
    artifact = found[0]
    rank = _first(snapshot.rows("ranks", artifact_id=artifact_id))
    own = snapshot.rows("evidence", artifact_id=artifact_id)
    evidence = all_names_together(snapshot, artifact_id) or _first(own)
    times_matched = evidence.get("times_matched") or 0
    others = also_known_as(snapshot, artifact_id)
    head = listed_as(snapshot, artifact_id) if others else artifact_id
    return Side(
        artifact_id=artifact_id,
        name=artifact["name"] or artifact_id,
        type=artifact["type"],
        rank=rank.get("rank"),
        low=rank.get("low"),
        high=rank.get("high"),
        completeness=rank.get("completeness") or 0.0,
        times_matched=times_matched,
        clients=evidence.get("clients") or 0,
        parts=_parts(snapshot, artifact_id),
        **{name: rank.get(name) for name in PLACES},
        pricing=_pricing(artifact),
        license=artifact["license"],
        url=artifact["url"],
        description=artifact["description"],
        capability_count=len(snapshot.rows("capabilities", artifact_id=artifact_id)),
        first_seen=iso_time(evidence.get("first_seen")),
        last_seen=iso_time(evidence.get("last_seen")),
        simulated=bool(evidence.get("simulated")),
        also_known_as=others,
        listed_as=head if head != artifact_id else None,
    )


def _pricing(artifact: Row) -> Pricing:
    model, price = artifact["pricing_model"], artifact["price"]
    return Pricing(model, price, price_contradicts(model, price))


def _first(rows: list[Row]) -> Row:
    return rows[0] if rows else {}


def _parts(snapshot: SnapshotTables, artifact_id: str) -> list[Part]:
    rows = {row["part"]: row for row in snapshot.rows("rank_parts", artifact_id=artifact_id)}
    return [
        Part(name, row["value"], row["low"], row["high"], row["weight"] or 0.0, row["contribution"] or 0.0)
        for name in PARTS
        if (row := rows.get(name)) is not None
    ]


def claim(row: Row) -> Claim:
    """Return a row of the `capabilities` table as a claim with its source and date."""
    return Claim(
        capability_id=row["capability_id"],
        name=row["name"] or row["capability_id"],
        description=row["description"],
        unique=row["unique"],
        vs_alternatives=row["vs_alternatives"],
        source=", ".join(row["sources"] or ()) or None,
        date=iso_date(row["known_at"]),
    )
