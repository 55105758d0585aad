"""Alternatives and complements as a page: one-line reasons with the evidence behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor
from typing import Final

from api.render.blocks import Block, Heading, Item, Items, Paragraph, printable
from api.render.descriptions import in_short
from api.render.numbers import rounded
from api.render.phrases import SIMULATED_NOTE, Answer, other_names_phrase, type_title

KIND_TITLES: Final = {
    "concept": "Does the same",
    "text": "Reads alike",
    "co_choice": "Same needs",
    "stated": "Named as a rival",
    "expected": "Likely rival",
    "together": "Chosen together",
    "same": "The same",
    "perhaps_same": "Perhaps the same",
    "variant": "Variant",
}
"""How the kinds of reasons (`queries.alternatives.related`, `queries.alternatives.complements`) are written."""


def related_page(answer: Answer) -> list[Block]:
    """Return the page of the alternatives to an artifact and of what is used together with it."""
    clean = printable(answer)
    name = clean.get("name") or clean["artifact_id"]
    page: list[Block] = [Heading(f"Alternatives to {name}", level=1)]
    if clean.get("simulated"):
        page.append(Paragraph(SIMULATED_NOTE))
    page += _alternatives(clean["alternatives"], clean.get("weak_below") or 0.0)
    names = other_names_phrase(clean.get("also_known_as") or [])
    if names:
        page.append(Paragraph(f"{name} is also known as {names}."))
    page += duplicate_blocks(clean.get("duplicates") or [])
    if clean.get("complements"):
        page += [Heading("Chosen together with it"), Items(related_items(clean["complements"]))]
    return page


def _alternatives(others: Sequence[Answer], weak_below: float) -> list[Block]:
    """Return the list; weak ones are named after it and are no alternatives to speak of, though ten were asked for."""
    good = [other for other in others if other["score"] >= weak_below]
    weak = [f"{other['name']} ({_cut(other['score'])})" for other in others if other["score"] < weak_below]
    nothing = "No alternative to speak of was found in this home." if weak else "No alternative was found in this home."
    blocks: list[Block] = [Items(related_items(good)) if good else Paragraph(nothing)]
    if weak:
        blocks.append(Paragraph(f"These share little with it (score under {weak_below}): {', '.join(weak)}."))
    return blocks


def _cut(score: float) -> str:
    """Write a score with two decimals, cut and not rounded: what is less than 0.1 is not said to be 0.10.

    >>> _cut(0.0957), _cut(0.07)
    ('0.09', '0.07')
    """
    return rounded(floor(100 * score + 1e-9) / 100, 2)


def duplicate_blocks(found: Sequence[Answer]) -> list[Block]:
    """Return a heading and an entry for each artifact that is the same under another name, or a variant."""
    if not found:
        return []
    entries = tuple(Item(f"{each['name']} ({each['artifact_id']})", "", _reasons(each)) for each in found)
    return [Heading("The same or a variant of it"), Items(entries)]


def related_items(others: Sequence[Answer], named: Mapping[str, str] | None = None) -> tuple[Item, ...]:
    """Return an entry for each related artifact, with its score (0 to 1) and the reasons.

    `named`: the names of several artifacts to which these are alternatives; each entry then says to which.
    """
    return tuple(
        Item(
            f"{other['name']} ({_details(other, named or {})})",
            in_short(other),
            (*_reasons(other), *_other_names(other)),
        )
        for other in others
    )


def _other_names(other: Answer) -> tuple[tuple[str, str], ...]:
    names = other_names_phrase(other.get("also_known_as") or [], other)
    return (("Also known as", names),) if names else ()


def _details(other: Answer, named: Mapping[str, str]) -> str:
    pairs = zip(other.get("to") or [], other.get("to_scores") or [], strict=True)
    scores = [f"{rounded(score, 2)} instead of {named[one]}" for one, score in pairs if one in named]
    details = [type_title(other.get("type")), f"score {' and '.join(scores) or rounded(other['score'], 2)}"]
    if other.get("rank") is not None:
        details.append(f"rank {rounded(other['rank'])}")
    return ", ".join(details)


def _reasons(other: Answer) -> tuple[tuple[str, str], ...]:
    return tuple((kind_title(reason["kind"]), reason["text"]) for reason in other["reasons"])


def kind_title(kind: str) -> str:
    """Write the kind of a reason."""
    return KIND_TITLES.get(kind, kind.replace("_", " ").capitalize())
