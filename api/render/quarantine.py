"""Quarantined rows, and what became of them when they were read again, as pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from api.render.blocks import Block, Heading, Item, Items, Paragraph, printable
from api.render.phrases import Answer
from graph.phrasing import counted

_SHOWN_CHARACTERS: Final = 200


def quarantine_page(rows: Sequence[Answer], limit: int) -> list[Block]:
    """Return the page of the first `limit` quarantined rows."""
    page: list[Block] = [Heading("Quarantine", level=1)]
    if not rows:
        return [*page, Paragraph("The quarantine is empty.")]
    page.append(Paragraph(f"{counted(len(rows), 'row')} could not be read."))
    page.append(Items(tuple(_item(row) for row in printable(rows[:limit]))))
    if len(rows) > limit:
        page.append(Paragraph(f"{len(rows) - limit:,} more with --limit or --json."))
    return page


def replay_page(report: Answer) -> list[Block]:
    """Return the page of a replay."""
    return [
        Paragraph(
            f"Of {counted(report['tried'], 'quarantined row')}, {report['accepted']:,} went to the ledger, "
            f"{report['duplicates']:,} were there already and {report['still_quarantined']:,} stay in quarantine."
            + _without_a_row(len(report["unknown_ids"]))
        )
    ]


def _without_a_row(corrections: int) -> str:
    if not corrections:
        return ""
    return f" {counted(corrections, 'correction')} found no row: it was moved before, or never there."


def _item(row: Answer) -> Item:
    raw = " ".join(row["raw"][:_SHOWN_CHARACTERS].split())
    facts = (("Reason", row["reason"]), ("Remedy", row["remedy"]), ("Row", raw))
    return Item(f"{row['source']}:{row['line']} ({row['format']})", "", tuple(fact for fact in facts if fact[1]))
