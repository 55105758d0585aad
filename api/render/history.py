"""The history of a rank as a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from api.render.blocks import Block, Column, Heading, Paragraph, Table, printable
from api.render.numbers import add_up, day, interval, rounded
from api.render.phrases import Answer, part_title

_DECIMALS: Final = 2
"""As many as ranks and their points have, so that what is printed adds up."""


def history_page(answer: Answer) -> list[Block]:
    """Return the page of a rank over the snapshots, the earliest first."""
    clean = printable(answer)
    title = Heading(f"{clean['name'] or clean['artifact_id']}, over the snapshots", level=1)
    if not clean["history"]:
        return [title, Paragraph("It has no rank in any snapshot of this home.")]
    columns = (
        Column("Snapshot"),
        Column("As of"),
        Column("Rank", numeric=True),
        Column("Range", numeric=True),
        Column("Place", numeric=True),
        Column("Change", numeric=True),
        Column("Because of"),
    )
    rows = tuple(
        (
            entry["snapshot_id"],
            day(entry["now_us"]),
            rounded(entry["rank"], _DECIMALS),
            interval(entry["low"], entry["high"]),
            f"{entry['place']:,}",
            "" if entry["change"] is None else _signed(rounded(entry["change"], _DECIMALS)),
            _reasons(entry["parts"]),
        )
        for entry in clean["history"]
    )
    return [title, Table("In the order in which they were published; the parts add up to the change", columns, rows)]


def _reasons(parts: Sequence[Answer]) -> str:
    points, _ = add_up([part["contribution_change"] for part in parts], _DECIMALS)
    return ", ".join(f"{part_title(part['name'])} {_signed(point)}" for part, point in zip(parts, points, strict=True))


def _signed(number: str) -> str:
    return number if number.startswith("-") else f"+{number}"
