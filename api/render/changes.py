"""What changed from one snapshot to another, as a page: which ranks moved, and which part moved them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from api.render.blocks import Block, Column, Heading, Item, Items, Paragraph, Table, printable
from api.render.numbers import add_up, count, counted, day, rounded
from api.render.phrases import Answer, part_title

_DECIMALS: Final = 2
"""As many as ranks and their points have, so that what is printed adds up."""


def changes_page(difference: Answer) -> list[Block]:
    """Return the page of a difference between two snapshots, the largest changes first."""
    clean = printable(difference)
    return [
        Heading(f"From {clean['before']} to {clean['after']}", level=1),
        Paragraph(f"As of {day(clean['now_before'])} and {day(clean['now_after'])}. {_summary(clean)}"),
        *_reasons(clean),
        *_ranks(clean),
        *_names("New in the rank list", clean["appeared"], clean["appeared_count"]),
        *_names("No longer in the rank list", clean["disappeared"], clean["disappeared_count"]),
    ]


def _summary(difference: Answer) -> str:
    return (
        f"{counted(difference['changed_count'], 'rank')} changed, {difference['unchanged_count']:,} stayed, "
        f"{difference['appeared_count']:,} came and {difference['disappeared_count']:,} went."
    )


def _reasons(difference: Answer) -> Iterator[Block]:
    if difference["code_version_changed"]:
        yield Paragraph("The two were computed by different versions of matchgraph.")
    if difference["parameters_changed"]:
        yield Paragraph(f"Methods, settings or totals that differ: {', '.join(difference['parameters_changed'])}.")
    if difference["rows"]:
        columns = (Column("Table"), Column("Rows before", numeric=True), Column("Rows after", numeric=True))
        rows = tuple((name, count(before), count(after)) for name, (before, after) in difference["rows"].items())
        yield Table("Tables that grew or shrank", columns, rows)


def _ranks(difference: Answer) -> Iterator[Block]:
    if not difference["changed"]:
        return
    yield Heading("Ranks that changed")
    yield Items(tuple(_change(change) for change in difference["changed"]))
    left_out = difference["changed_count"] - len(difference["changed"])
    if left_out:
        yield Paragraph(f"{left_out:,} more with --limit.")


def _change(change: Answer) -> Item:
    points, total = add_up([part["contribution_change"] for part in change["parts"]], _DECIMALS)
    facts = [
        (part_title(part["name"]), f"{_signed(point)} points ({_values(part)})")
        for part, point in zip(change["parts"], points, strict=True)
    ]
    before, after = change["times_matched_before"], change["times_matched_after"]
    if before != after:
        facts.append(("Times matched", f"{count(before)} to {count(after)}"))
    name = change["name"] or change["artifact_id"]
    return Item(f"{name}: {_rank(change['before'])} to {_rank(change['after'])} ({_signed(total)})", "", tuple(facts))


def _rank(value: float) -> str:
    return rounded(value, _DECIMALS)


def _values(part: Answer) -> str:
    before, after = (_on_hundred(part[key]) for key in ("value_before", "value_after"))
    return f"value {before} as before, other weight" if before == after else f"value {before} to {after}"


def _on_hundred(share: float | None) -> str:
    return rounded(None if share is None else 100 * share)


def _signed(number: str) -> str:
    return number if number.startswith("-") else f"+{number}"


def _names(title: str, names: list[str], total: int) -> Iterator[Block]:
    if names:
        yield Heading(title)
        yield Items(tuple(Item(name) for name in names))
        if total > len(names):
            yield Paragraph(f"{total - len(names):,} more with --limit.")
