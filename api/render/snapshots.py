"""Snapshots as pages: one that was published, the list of all, what changed between two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from api.render.blocks import Block, Column, Heading, Paragraph, Table
from api.render.numbers import count, day
from graph.times import iso_time

if TYPE_CHECKING:
    from graph.snapshot import Manifest

_COUNTED: Final = {
    "artifacts": "Artifacts",
    "capabilities": "Capabilities",
    "intents": "Intents",
    "edges": "Match edges",
    "ranks": "Ranked artifacts",
    "concepts": "Capabilities in concepts",
    "related": "Alternatives and complements",
}


def snapshot_summary(manifest: Manifest, *, in_force: bool) -> dict[str, Any]:
    """Return what identifies a snapshot, as JSON-like data."""
    return {
        "snapshot_id": manifest.snapshot_id,
        "in_force": in_force,
        "now": iso_time(manifest.now_us),
        "published_at": manifest.published_at,
        "code_version": manifest.code_version,
        "rows": manifest.rows,
        "parameters": manifest.parameters,
        "ledger_versions": manifest.ledger_versions,
    }


def snapshot_page(manifest: Manifest) -> list[Block]:
    """Return the page of one published snapshot."""
    rows = tuple((title, count(manifest.rows.get(name))) for name, title in _COUNTED.items())
    return [
        Heading(f"Snapshot {manifest.snapshot_id}", level=1),
        Table(f"As of {day(manifest.now_us)}.", (Column("What"), Column("Rows", numeric=True)), rows),
    ]


def snapshots_page(manifests: Sequence[Manifest], in_force: str | None) -> list[Block]:
    """Return the page that lists snapshots, in the order given."""
    columns = (
        Column("Snapshot"),
        Column("In force"),
        Column("As of"),
        Column("Published"),
        Column("Artifacts", numeric=True),
        Column("Match edges", numeric=True),
    )
    rows = tuple(
        (
            manifest.snapshot_id,
            "yes" if manifest.snapshot_id == in_force else "",
            day(manifest.now_us),
            manifest.published_at[:19].replace("T", " "),
            count(manifest.rows.get("artifacts")),
            count(manifest.rows.get("edges")),
        )
        for manifest in manifests
    )
    return [Heading("Snapshots", level=1), Table("The newest publication first; times in UTC.", columns, rows)]


def rollback_page(manifest: Manifest) -> list[Block]:
    """Return the page that says which snapshot is in force now."""
    return [Paragraph(f"Snapshot {manifest.snapshot_id} (as of {day(manifest.now_us)}) is in force now.")]
