"""The comparison of two artifacts as a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from api.render.blocks import Block, Column, Heading, Item, Items, Paragraph, Table, printable
from api.render.capabilities import capability_item, pair_item
from api.render.numbers import NOT_KNOWN, count, day, rounded, window
from api.render.parts import HOW_TO_READ, parts_table
from api.render.phrases import (
    SIMULATED_NOTE,
    Answer,
    completeness_phrase,
    known,
    matched_phrase,
    need_phrase,
    other_names_phrase,
    pricing_phrase,
    rank_phrase,
    strength_phrase,
    type_title,
)
from api.render.related import related_items
from graph.phrasing import counted, told_apart

NEEDS_SHOWN: Final = 10


REASON_TITLES: Final = {"common": "In common", "matches": "Evidence", "leads": "Ahead", "missing": "Missing"}
"""How the kinds of reasons of a verdict (`queries.answers.verdict`) are written."""


def comparison_page(answer: Answer, shown: int | None = None) -> list[Block]:
    """Return the page of a comparison (JSON of design section 8): verdict, table, parts, capabilities, others.

    `shown`: how many capabilities of each list to print; None prints all.
    """
    clean = for_reading(printable(answer))
    a, b = clean["a"], clean["b"]
    return [
        Heading(f"{a['name']} vs {b['name']}", level=1),
        *one_thing(clean),
        *_verdict(clean["verdict"]),
        *([Paragraph(SIMULATED_NOTE)] if _is_simulated(clean) else []),
        _glance(a, b),
        parts_table({"A": a, "B": b}, f"How the rank is made up (A: {a['name']}, B: {b['name']})"),
        Paragraph(HOW_TO_READ),
        *head_to_head(clean),
        *_shared_needs(clean),
        *_capabilities(clean, shown),
        *claims(clean),
        *_something_different(clean),
        Paragraph(_origin(clean)),
    ]


def for_reading(answer: Answer) -> Answer:
    """Return a comparison for reading: where both bear one name, each with its id behind it."""
    a, b = answer["a"], answer["b"]
    names = told_apart(*((side["name"], side["artifact_id"]) for side in (a, b)))
    return {**answer, "a": {**a, "name": names[0]}, "b": {**b, "name": names[1]}}


def _is_simulated(answer: Answer) -> bool:
    return any(part["simulated"] for part in (answer, answer["a"], answer["b"]))


def _glance(a: Answer, b: Answer) -> Table:
    rows = [
        ("Type", *(type_title(side["type"]) for side in (a, b))),
        ("Rank", *(rank_phrase(side) for side in (a, b))),
        ("Completeness", *(completeness_phrase(side) for side in (a, b))),
        ("Pricing", *(pricing_phrase(side) for side in (a, b))),
        ("Licence", *(known(side.get("license")) for side in (a, b))),
        ("Capabilities", *(capability_count(side) for side in (a, b))),
        ("Times matched", *(matched_phrase(side) for side in (a, b))),
        ("Address", *(known(side.get("url")) for side in (a, b))),
    ]
    others = [other_names_phrase(side.get("also_known_as") or []) for side in (a, b)]
    if any(others):
        rows.append(("Also known as", *(names or "—" for names in others)))
    return Table("At a glance", (Column(""), Column(a["name"]), Column(b["name"])), tuple(rows))


def capability_count(side: Answer) -> str:
    """Write how many capabilities the sources describe; none described is not the same as none there."""
    number = side.get("capability_count")
    return NOT_KNOWN if number is None else count(number) if number else "none described"


def one_thing(answer: Answer) -> Iterator[Block]:
    """Say first of all if the two are perhaps no rivals: one thing under two names, or variants of one family."""
    found = answer.get("duplicate")
    if not found:
        return
    doubted = any(reason["kind"] == "perhaps_same" for reason in found["reasons"])
    if found["kind"] == "same" and not doubted:
        return  # the verdict says so itself
    what = "perhaps one thing under two names" if doubted else "variants of one family"
    yield Paragraph(f"These two are {what}: {'; '.join(reason['text'] for reason in found['reasons'])}.")


def claims(answer: Answer) -> Iterator[Block]:
    """Yield one table for both sides: each claim with its status, its source and its date."""
    columns = tuple(Column(title) for title in ("Of", "What", "Value", "Status", "Source", "Date"))
    rows = tuple(
        (
            answer[key]["name"],
            fact["name"].replace("_", " "),
            _value(fact["value"]),
            fact["status"],
            known(fact["source"]),
            day(fact["date"]),
        )
        for key in ("a", "b")
        for fact in (answer.get("facts") or {}).get(key, [])
    )
    if rows:
        yield Table("What is claimed, and how it is known", columns, rows)


def _value(value: object) -> str:
    if isinstance(value, int):
        return count(value)
    return rounded(value, 2) if isinstance(value, float) else str(value)


def _verdict(verdict: Answer) -> Iterator[Block]:
    yield Heading("Verdict")
    yield Paragraph(verdict["text"])
    if verdict.get("reasons"):
        yield Items(tuple(Item(_reason(reason)) for reason in verdict["reasons"]))


def _reason(reason: Answer) -> str:
    return f"{REASON_TITLES.get(reason['kind'], reason['kind'])}: {reason['text']}"


def head_to_head(answer: Answer) -> Iterator[Block]:
    """Yield what people chose where a search showed both, in all and need by need."""
    found = answer.get("head_to_head")
    if not found:
        return
    yield Heading("Head to head")
    yield Paragraph(found["text"])
    if found["needs"]:
        columns = (
            Column("Need"),
            *(Column(title, numeric=True) for title in ("Clients", "A", "B", "Both", "A above", "P(A is better)")),
        )
        rows = tuple(
            (
                need_phrase(need["intent"], answer.get("k_anonymity")),
                *(count(need[key]) for key in ("clients", "a_wins", "b_wins", "ties")),
                f"{count(need['a_above'])} of {count(need['searches'])}",
                rounded(need["probability"], 2),
            )
            for need in found["needs"]
        )
        yield Table("Searches that showed both, by need; who was chosen", columns, rows)


def _shared_needs(answer: Answer) -> Iterator[Block]:
    needs = answer.get("shared_needs") or []
    if not needs:
        return
    columns = [Column("Need")]
    for letter in "AB":
        columns += [Column(f"{letter} {title}", numeric=True) for title in ("times / clients", "strength")]
    rows = tuple(
        (need_phrase(need["intent"], answer.get("k_anonymity")), *_need_cells(need, "a"), *_need_cells(need, "b"))
        for need in needs[:NEEDS_SHOWN]
    )
    yield Table("Needs for which both were chosen; strength with its 95 % interval", tuple(columns), rows)
    if len(needs) > NEEDS_SHOWN:
        yield Paragraph(f"{len(needs) - NEEDS_SHOWN:,} more stand in the JSON.")


def _need_cells(need: Answer, side: str) -> tuple[str, str]:
    return (
        f"{count(need[f'{side}_times_matched'])} / {count(need[f'{side}_clients'])}",
        strength_phrase(*(need[f"{side}_strength{end}"] for end in ("", "_low", "_high"))),
    )


def _capabilities(answer: Answer, shown: int | None) -> Iterator[Block]:
    a, b, found = answer["a"], answer["b"], answer["capabilities"]
    yield Heading("Capabilities")
    shared, only_a, only_b = (len(found[key]) for key in ("shared", "only_a", "only_b"))
    yield Paragraph(f"{shared:,} shared, {only_a:,} only in {a['name']}, {only_b:,} only in {b['name']}.")
    lists = (
        (f"Shared ({counted(shared, 'pair')})", [pair_item(pair, a["name"], b["name"]) for pair in found["shared"]]),
        (f"Only {a['name']} ({only_a:,})", [capability_item(capability) for capability in found["only_a"]]),
        (f"Only {b['name']} ({only_b:,})", [capability_item(capability) for capability in found["only_b"]]),
    )
    for title, items in lists:
        if items:
            yield Heading(title, level=3)
            yield Items(tuple(items[:shown]))
        if shown is not None and len(items) > shown:
            yield Paragraph(f"{len(items) - shown:,} more: matchgraph compare {a['artifact_id']} {b['artifact_id']}")


def _something_different(answer: Answer) -> Iterator[Block]:
    yield Heading("Need something different?")
    others = answer.get("different") or answer.get("alternatives") or []
    if others:
        names = {side["artifact_id"]: side["name"] for side in (answer["a"], answer["b"])}
        yield Items(related_items(others, names))
    else:
        yield Paragraph("Nothing else in this home does the same as either of them.")


def _origin(answer: Answer) -> str:
    seen = answer["evidence_window"]
    text = f"Snapshot {answer['snapshot_id']}."
    if seen["first_seen"] is not None:
        text += f" Evidence from {window(seen['first_seen'], seen['last_seen'])}."
    return text
