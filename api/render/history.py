"""The history of a rank as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from api.render.blocks import Block, Column, Heading, Item, Items, Paragraph, Table, printable
from api.render.changes import name_facts, part_facts, signed
from api.render.numbers import day, interval, ordinal, rounded
from api.render.phrases import SIMULATED_NOTE, Answer

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
    )
    rows = tuple(
        (
            entry["snapshot_id"],
            day(entry["now"]),
            rounded(entry["rank"], _DECIMALS),
            interval(entry["low"], entry["high"]),
            f"{entry['place']:,}",
            "" if entry["change"] is None else signed(rounded(entry["change"], _DECIMALS)),
        )
        for entry in clean["history"]
    )
    note = [Paragraph(SIMULATED_NOTE)] if clean["simulated"] else []
    return [
        title,
        *note,
        Table("In the order in which they were published", columns, rows),
        *_reasons(clean["history"]),
    ]


def _reasons(history: Sequence[Answer]) -> Iterator[Block]:
    """Yield for each change of what it is made; the points add up to it."""
    items = []
    for before, entry in pairwise(history):
        facts, total = part_facts(entry["parts"])
        facts += name_facts(entry["names"])
        if entry["method"] != before["method"]:
            facts.append(("Method", f"{before['method']} to {entry['method']}"))
        if entry["place_change"]:
            facts.append(("Place", _place(before["place"], entry["place"], entry["place_change"])))
        if facts:
            items.append(Item(f"{entry['snapshot_id']}: {signed(total)}", "", tuple(facts)))
    if items:
        yield Heading("Why it changed")
        yield Items(tuple(items))


_WAYS: Final = {
    "came": "new above it",
    "passed": "passed it",
    "parted": "above it no longer one thing with another",
    "went": "above it gone",
    "fell_behind": "fell to it or behind",
    "joined": "above it now one thing with another",
}


def _place(before: int, after: int, change: Answer) -> str:
    """Write a change of place and what happened to the others that made it.

    >>> _place(9, 8, {"came": 1, "passed": 0, "parted": 0, "went": 0, "fell_behind": 0, "joined": 2})
    '9th to 8th (1 new above it, 2 above it now one thing with another)'
    """
    told = ", ".join(f"{change[way]:,} {words}" for way, words in _WAYS.items() if change[way])
    return f"{ordinal(before)} to {ordinal(after)} ({told})"
