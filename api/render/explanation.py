"""Where a number comes from, as a page: formula, inputs, what each count means, window, method."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from api.render.blocks import Block, Column, Heading, Item, Items, Paragraph, Table, printable
from api.render.edges import edges_table
from api.render.explained_alternatives import alternative_blocks, complement_blocks
from api.render.explained_search import search_blocks
from api.render.numbers import NO_VALUE, count, rounded, significant, window
from api.render.parts import HOW_TO_READ, parts_table
from api.render.phrases import (
    SIMULATED_NOTE,
    Answer,
    known,
    need_phrase,
    other_names_phrase,
    part_title,
    place_phrase,
    rank_phrase,
)

HOW_TO_GET_A_RANK: Final = (
    "It has no rank, as none of its parts is known. One is enough: a description or a capability of it, its stars, "
    "downloads or likes, the date of its last change, or a search that leads to it."
)


def explanation_page(answer: Answer) -> list[Block]:
    """Return the page of an explanation of an artifact, a comparison, a match edge or a search."""
    clean = printable(answer)
    write = {
        "artifact": _artifact_page,
        "comparison": _comparison_page,
        "edge": _edge_page,
        "search": _search_page,
    }[clean["kind"]]
    return [*write(clean), *_rows(clean.get("rows")), *_origin(clean)]


def _artifact_page(answer: Answer) -> Iterator[Block]:
    yield Heading(f"{answer['name']}, explained", level=1)
    yield from _note(answer)
    yield from _artifact(answer)
    if answer["edges"]:
        yield Heading("Match edges behind the counts")
        yield edges_table(answer["edges"], answer["parameters"].get("k_anonymity"))
        yield Paragraph(f"{len(answer['edges']):,} of {answer['edge_count']:,}; all: matchgraph edges --artifact.")
    yield from alternative_blocks(answer["alternatives"])
    yield from complement_blocks(answer["complements"])


def _comparison_page(answer: Answer) -> Iterator[Block]:
    a, b = answer["a"], answer["b"]
    yield Heading(f"{a['name']} vs {b['name']}, explained", level=1)
    yield from _note(answer)
    yield Paragraph(answer["verdict"]["text"])
    yield from _opened("Comparable", answer["comparable"], "rule")
    yield from _opened("Probability that A ranks above B", answer["probability"], "formula")
    duel = answer["head_to_head"]
    if duel["inputs"]:
        yield Heading("Head to head", level=3)
        yield Paragraph(f"Formula: {duel['formula']}.")
        yield Items(tuple(Item(f"{label}: {text}") for label, text in _flat(_of_the_duel(duel["inputs"]))))
    yield Heading("Shared capabilities")
    yield Paragraph(f"Similarity: {answer['capabilities']['formula']}.")
    numbers = ("similarity", "factor", "by_names", "by_texts")
    columns = (Column("A"), Column("B"), *(Column(_title(name), numeric=True) for name in numbers))
    pairs = tuple(
        (pair["a"], pair["b"], *(rounded(pair[name], 4) for name in numbers))
        for pair in answer["capabilities"]["shared"]
    )
    yield Table("Pairs", columns, pairs) if pairs else Paragraph("There are none.")
    for side in (a, b):
        yield Heading(side["name"], level=1)
        yield from _artifact(side)


def _of_the_duel(inputs: Answer) -> Answer:
    """Return what went into a head to head: of all needs together, and without the sentence that says the same."""
    total = {key: value for key, value in inputs["total"].items() if key not in ("intent_id", "intent")}
    return {**{key: value for key, value in inputs.items() if key not in ("needs", "text")}, "total": total}


def _edge_page(answer: Answer) -> Iterator[Block]:
    intent = answer["intent"]
    yield Heading(f"Match edges of: {need_phrase(intent['label'], answer['parameters'].get('k_anonymity'))}", level=1)
    yield from _note(answer)
    rows = (
        ("Id", intent["intent_id"]),
        ("Different texts", count(intent["texts"])),
        ("Searches", count(intent["searches"])),
        ("Clients", count(intent["clients"])),
        ("Window", window(intent["window"]["first_seen"], intent["window"]["last_seen"])),
    )
    yield Table("Intent", (Column("What"), Column("Value")), rows)
    yield edges_table(answer["edges"], answer["parameters"].get("k_anonymity"))
    several = len(answer["edges"]) > 1
    for edge in answer["edges"]:
        of = f": {edge['capability_id'] or edge['artifact_id']}" if several else ""
        yield _meanings(edge, answer["meanings"], of)


def _search_page(answer: Answer) -> Iterator[Block]:
    yield Heading(f"Search for {answer['query']}, explained", level=1)
    yield from _note(answer)
    yield from search_blocks(answer)


def _rows(found: Answer | None) -> Iterator[Block]:
    """Yield rows of the ledger, each with what is known of it."""
    if found is None:
        return
    yield Heading("Rows of the ledger")
    yield Paragraph(f"Shown are {found['note']}.")
    for name in ("catalogue", "choices", "duels"):
        if name in found:
            yield Heading(_title(name), level=3)
            rows = tuple(_ledger_row(row) for row in found[name])
            yield Items(rows) if rows else Paragraph("None that may be shown.")


def _ledger_row(row: Answer) -> Item:
    """Return where a row stands, and what it says."""
    told = (
        f"{_title(key).lower()} {_text(value)}" for key, value in row.items() if key not in ("source", "source_row")
    )
    return Item(f"{row['source']}, row {row['source_row']}", "; ".join(told))


def _artifact(one: Answer) -> Iterator[Block]:
    rank = one["rank"]
    flat = {"rank": rank["value"], "low": rank["low"], "high": rank["high"], "parts": one["parts"]}
    yield Paragraph(
        f"Rank {rank_phrase(flat)}, completeness {_text(rank['completeness'])}, method {known(rank['method'])}. "
        f"Place {place_phrase(rank)}, in its type {place_phrase(rank, 'type_place')}."
    )
    others = other_names_phrase(one.get("also_known_as") or [], one.get("evidence_of_all_names"))
    if others:
        yield Paragraph(f"Also known as {others}.")
    rules = {"Rank": "formula", "Interval": "interval_formula", "Place": "place_rule"}
    yield Items(tuple(Item(f"{title}: {rank[rule]}") for title, rule in rules.items()))
    yield parts_table({"": flat}, "Parts of the rank")
    yield Paragraph(HOW_TO_READ)
    for part in one["parts"]:
        yield from _opened(part_title(part["name"]), part, "formula")
    yield from _improvements(one["improvements"]) if rank["value"] is not None else (Paragraph(HOW_TO_GET_A_RANK),)
    yield from _all_names(one.get("evidence_of_all_names"))
    yield Heading("Evidence" if not one.get("evidence_of_all_names") else "Evidence of this name alone", level=3)
    evidence = one["evidence"]
    seen = evidence["window"]
    yield Paragraph(f"Window: {window(seen['first_seen'], seen['last_seen'])}." if seen else "It was never chosen.")
    yield _meanings(evidence, evidence["meanings"])
    if any(row["actor"] == "agent" for row in evidence.get("by_actor", ())):
        yield _table("people_and_agents_apart", evidence["by_actor"])


def _all_names(together: Answer | None) -> Iterator[Block]:
    """Yield what the log says of all names of a thing, counted as one."""
    if together is None:
        return
    yield Heading("Evidence of all names together", level=3)
    yield Paragraph(f"Names: {', '.join(together['names'])}. Rule: {together['rule']}.")
    seen = together["window"]
    yield Paragraph(f"Window: {window(seen['first_seen'], seen['last_seen'])}." if seen else "It was never chosen.")
    if seen:
        counts = {name: value for name, value in together.items() if name not in ("names", "rule", "window")}
        rows = tuple((name, _text(value)) for name, value in counts.items())
        yield Table("Counts", (Column("What"), Column("Value", numeric=True)), rows)


def _improvements(found: list[Answer]) -> Iterator[Block]:
    if not found:
        return
    yield Heading("What would raise it", level=3)
    columns = (Column("What"), Column("Part"), Column("Points at most", numeric=True), Column("At worst", numeric=True))
    rows = tuple(
        (
            each["text"],
            part_title(each["part"]),
            rounded(each["points_at_most"]),
            rounded(each["points_at_worst"]) if each["points_at_worst"] else "",
        )
        for each in found
    )
    yield Table("Each by itself, all else as it is; what is not known may also turn out badly", columns, rows)


def _opened(title: str, number: Answer, rule: str) -> Iterator[Block]:
    """Yield a number with its formula or rule and everything that went in."""
    yield Heading(f"{title}: {_text(number['value'])}", level=3)
    yield Paragraph(f"{rule.capitalize()}: {number[rule]}.")
    tables = {name: value for name, value in number["inputs"].items() if _is_table(value)}
    others = {name: value for name, value in number["inputs"].items() if name not in tables}
    if others:
        yield Items(tuple(Item(f"{label}: {text}") for label, text in _flat(others)))
    for name, rows in tables.items():
        yield _table(name, rows)
    if not number["inputs"]:
        yield Paragraph("Nothing went in: it is not known.")


def _is_table(value: Any) -> bool:
    """Say whether a value is a list of records with plain values."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(row, dict) for row in value)
        and not any(isinstance(cell, dict | list) for row in value for cell in row.values())
    )


def _table(name: str, rows: list[Answer]) -> Table:
    keys = list(dict.fromkeys(key for row in rows for key in row))
    numeric = [all(not isinstance(row.get(key), str) for row in rows) for key in keys]
    columns = tuple(Column(_title(key), numeric=yes) for key, yes in zip(keys, numeric, strict=True))
    return Table(_title(name), columns, tuple(tuple(_text(row.get(key)) for key in keys) for row in rows))


def _title(key: str) -> str:
    return key.replace("_", " ").capitalize()


def _meanings(values: Answer, meanings: Answer, of: str = "") -> Table:
    rows = tuple((name, _text(values[name]), meaning) for name, meaning in meanings.items() if name in values)
    return Table(
        f"Counts and what they mean{of}", (Column("What"), Column("Value", numeric=True), Column("Meaning")), rows
    )


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the leaves of nested data, each with the way to it; lists of plain values stay together."""
    if isinstance(value, dict):
        for key, item in value.items():
            name = str(key).replace("_", " ")
            yield from _flat(item, f"{path}, {name}" if path else name)
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for place, item in enumerate(value, start=1):
            yield from _flat(item, f"{path} {place}")
    elif isinstance(value, list):
        yield path, ", ".join(map(_text, value)) or NO_VALUE
    else:
        yield path, _text(value)


def _text(value: Any) -> str:
    if value is None:
        return NO_VALUE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return count(value)
    return significant(value) if isinstance(value, float) else str(value)


def _note(answer: Answer) -> list[Block]:
    return [Paragraph(SIMULATED_NOTE)] if answer["simulated"] else []


def _origin(answer: Answer) -> list[Block]:
    tables = {name: value for name, value in answer["parameters"].items() if _is_table(value)}
    others = {name: value for name, value in answer["parameters"].items() if name not in tables}
    settings = tuple(Item(f"{label}: {text}") for label, text in _flat(others))
    page: list[Block] = [
        Heading("Where this comes from"),
        Paragraph(f"Snapshot {answer['snapshot_id']}, as of {answer['now']}."),
    ]
    page += [Items(settings)] if settings else []
    return [*page, *(_table(name, rows) for name, rows in tables.items())]
