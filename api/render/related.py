"""Alternatives and complements as a page: one-line reasons with the evidence behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from api.render.blocks import Block, Heading, Item, Items, Paragraph, printable
from api.render.numbers import rounded
from api.render.phrases import SIMULATED_NOTE, Answer, type_title

KIND_TITLES: Final = {
    "concept": "Does the same",
    "text": "Reads alike",
    "co_choice": "Same needs",
    "stated": "Named as a rival",
    "expected": "Likely rival",
    "together": "Chosen together",
    "same": "The same",
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
    page += duplicate_blocks(clean.get("duplicates") or [])
    if clean.get("complements"):
        page += [Heading("Chosen together with it"), Items(related_items(clean["complements"]))]
    return page


def _alternatives(others: Sequence[Answer], weak_below: float) -> list[Block]:
    """Return the list, and what weak ones are worth: who asks for ten gets ten, also where three are good."""
    if not others:
        return [Paragraph("No alternative was found in this home.")]
    weak = sum(other["score"] < weak_below for other in others)
    if not weak:
        return [Items(related_items(others))]
    which = "All of these are" if weak == len(others) else f"Those with a score under {weak_below} are"
    return [Items(related_items(others)), Paragraph(f"{which} weak: they share little with it.")]


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
            "",
            _reasons(other),
        )
        for other in others
    )


def _details(other: Answer, named: Mapping[str, str]) -> str:
    pairs = zip(other.get("to") or [], other.get("to_scores") or [], strict=True)
    scores = [f"{rounded(score, 2)} instead of {named[one]}" for one, score in pairs if one in named]
    details = [type_title(other.get("type")), f"score {' and '.join(scores) or rounded(other['score'], 2)}"]
    if other.get("rank") is not None:
        details.append(f"rank {rounded(other['rank'])}")
    return ", ".join(details)


def _reasons(other: Answer) -> tuple[tuple[str, str], ...]:
    return tuple((_kind_title(reason["kind"]), reason["text"]) for reason in other["reasons"])


def _kind_title(kind: str) -> str:
    return KIND_TITLES.get(kind, kind.replace("_", " ").capitalize())
