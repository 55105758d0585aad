"""The answer to a search as a page."""

from __future__ import annotations

from textwrap import shorten
from typing import Final

from api.render.blocks import Block, Heading, Item, Items, Paragraph, printable
from api.render.descriptions import in_short
from api.render.numbers import chance, rounded
from api.render.phrases import SIMULATED, Answer, other_names_phrase, type_title
from graph.phrasing import counted

MAX_QUERY_SHOWN: Final = 300
"""Characters: who pastes a document need not read it again."""


def hits_page(answer: Answer) -> list[Block]:
    """Return the page of a search: artifacts, the capabilities that fit, and why."""
    clean = printable(answer)
    asked = shorten(clean["query"], MAX_QUERY_SHOWN, placeholder=" …")
    page: list[Block] = [Heading(f"Search: {asked}" if asked else "Search", level=1)]
    if clean.get("message"):
        page.append(Paragraph(clean["message"]))
    if clean["hits"]:
        page.append(Items(tuple(_item(hit) for hit in clean["hits"])))
    elif not clean.get("message"):
        page.append(Paragraph("Nothing fits."))
    return page


def _item(hit: Answer) -> Item:
    details = [type_title(hit["type"]), f"score {rounded(hit['score'], 2)}", f"confidence {chance(hit['confidence'])}"]
    title = f"{hit['name'] or hit['artifact_id']} ({', '.join(details)})"
    return Item(title, in_short(hit), tuple(_facts(hit)))


def _facts(hit: Answer) -> list[tuple[str, str]]:
    evidence = hit["evidence"]
    label = f" ({SIMULATED})" if evidence.get("simulated") else ""
    chosen_for = "; ".join(evidence["intents"])
    found = [
        ("Can", ", ".join(each["name"] or each["capability_id"] for each in hit["capabilities"])),
        ("Different in", "; ".join(hit.get("differences") or [])),
        ("Shared words", ", ".join(evidence["terms"])),
        ("Chosen for", f"{chosen_for}{label}" if chosen_for else ""),
        ("Times matched", f"{_matched(evidence)}{label}" if evidence["times_matched"] else ""),
        ("Also known as", other_names_phrase(hit.get("also_known_as") or [], evidence)),
    ]
    return [(label, text) for label, text in found if text]


def _matched(evidence: Answer) -> str:
    return f"{evidence['times_matched']:,} by {counted(evidence['clients'], 'client')}"
