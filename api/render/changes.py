"""What changed from one snapshot to another, as a page: which ranks moved, and which part moved them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from api.render.blocks import Block, Column, Heading, Item, Items, Paragraph, Table, printable
from api.render.numbers import NO_VALUE, add_up, count, day, percent, rounded, significant
from api.render.phrases import SIMULATED_NOTE, Answer, part_title
from graph.phrasing import counted

_DECIMALS: Final = 2
"""As many as ranks and their points have, so that what is printed adds up."""


def changes_page(difference: Answer) -> list[Block]:
    """Return the page of a difference between two snapshots, the largest changes first."""
    clean = printable(difference)
    return [
        Heading(f"From {clean['before']} to {clean['after']}", level=1),
        Paragraph(f"As of {day(clean['now_before'])} and {day(clean['now_after'])}. {_summary(clean)}"),
        *([Paragraph(SIMULATED_NOTE)] if clean["simulated"] else []),
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
    facts, total = part_facts(change["parts"])
    facts += name_facts(change["names"])
    before, after = change["times_matched_before"], change["times_matched_after"]
    if before != after:
        facts.append(("Times matched", f"{count(before)} to {count(after)}"))
    name = change["name"] or change["artifact_id"]
    return Item(f"{name}: {_rank(change['before'])} to {_rank(change['after'])} ({signed(total)})", "", tuple(facts))


def part_facts(parts: Sequence[Answer]) -> tuple[list[tuple[str, str]], str]:
    """Return for each part that changed its points and why, and the sum of the points."""
    points, total = add_up([part["contribution_change"] for part in parts], _DECIMALS)
    told = [f"{signed(point)} points ({_why(part)})" for part, point in zip(parts, points, strict=True)]
    return [(part_title(part["name"]), each) for part, each in zip(parts, told, strict=True)], total


def name_facts(names: Sequence[Answer]) -> list[tuple[str, str]]:
    """Return which other names came to be listed as the same thing, and which no longer are, each with the reason."""
    told = (("Now one thing with" if each["joined"] else "No longer one thing with", each) for each in names)
    return [(title, f"{each['artifact_id']} ({each['reason']})") for title, each in told]


def _rank(value: float) -> str:
    return rounded(value, _DECIMALS)


def _why(part: Answer) -> str:
    value = _from_to(*(_on_hundred(part[key]) for key in ("value_before", "value_after")))
    weight = _from_to(*(percent(part[key] or None, 1) for key in ("weight_before", "weight_after")))
    inputs = (f"{_name(each['name'])} {_fact(each['before'])} to {_fact(each['after'])}" for each in part["inputs"])
    return "; ".join([f"value {value}", f"weight {weight}", *inputs])


def _from_to(before: str, after: str) -> str:
    return f"{before} as before" if before == after else f"{before} to {after}"


def _name(key: str) -> str:
    return key.replace("_", " ")


def _fact(value: str | float | None) -> str:
    """Write a fact: a whole number as it is, another with at most four digits."""
    if isinstance(value, float) and not value.is_integer():
        return significant(value)
    return NO_VALUE if value is None else f"{int(value):,}" if isinstance(value, float | int) else value


def _on_hundred(share: float | None) -> str:
    return rounded(None if share is None else 100 * share)


def signed(number: str) -> str:
    """Write a change with its sign.

    >>> signed("0.41"), signed("-2.00")
    ('+0.41', '-2.00')
    """
    return number if number.startswith("-") else f"+{number}"


def _names(title: str, names: list[str], total: int) -> Iterator[Block]:
    if names:
        yield Heading(title)
        yield Items(tuple(Item(name) for name in names))
        if total > len(names):
            yield Paragraph(f"{total - len(names):,} more with --limit.")
