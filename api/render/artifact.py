"""Everything known about one artifact, as a page."""

from __future__ import annotations

from collections.abc import Iterator

from api.render.blocks import Block, Column, Heading, Item, Items, Paragraph, Table, printable
from api.render.capabilities import capability_item
from api.render.descriptions import described
from api.render.edges import edges_table
from api.render.numbers import NOT_KNOWN, count
from api.render.parts import HOW_TO_READ, parts_table
from api.render.phrases import (
    SIMULATED_NOTE,
    Answer,
    completeness_phrase,
    known,
    matched_phrase,
    other_names_phrase,
    place_phrase,
    pricing_phrase,
    rank_phrase,
    strength_phrase,
    type_title,
)
from api.render.related import duplicate_blocks, related_items
from graph.phrasing import counted


def artifact_page(answer: Answer) -> list[Block]:
    """Return the page of an artifact: facts, rank and parts, capabilities, needs it was chosen for, relations."""
    clean = printable(answer)
    artifact = clean["artifact"]
    return [
        Heading(artifact["name"], level=1),
        *_description(artifact["description"] or ""),
        *([Paragraph(SIMULATED_NOTE)] if artifact["simulated"] else []),
        Table("Facts", (Column("What"), Column("Value")), tuple(_facts(clean))),
        parts_table({"": artifact}, "How the rank is made up"),
        Paragraph(HOW_TO_READ),
        *_capabilities(clean),
        *_edges(clean),
        *_related(clean),
        Paragraph(f"Snapshot {clean['snapshot_id']}."),
    ]


def _description(text: str) -> Iterator[Block]:
    said = described(text)
    if said.opening:
        yield Paragraph(said.opening)
    if said.more:
        yield Paragraph("(The description goes on; the JSON of this page has all of it.)")


def _facts(answer: Answer) -> Iterator[tuple[str, str]]:
    artifact, of_name = answer["artifact"], answer["evidence"]
    evidence = answer.get("evidence_of_all_names") or of_name
    yield "Id", artifact["artifact_id"]
    yield "Type", type_title(artifact["type"])
    others = artifact.get("also_known_as") or []
    if others:
        yield "Also known as", other_names_phrase(others)
    if artifact.get("listed_as"):
        yield "Listed as", artifact["listed_as"]
    yield "Rank", rank_phrase(artifact)
    yield "Place", place_phrase(artifact)
    yield "Place in its type", place_phrase(artifact, "type_place")
    yield "Completeness", completeness_phrase(artifact)
    yield "Times matched", matched_phrase(artifact)
    if evidence["times_matched"]:
        yield (
            "Shown, clicked",
            f"{counted(evidence['impressions'], 'time')} shown, {counted(evidence['clicks'], 'time')} clicked",
        )
        yield "Worked, failed", f"{counted(evidence['successes'], 'time')}, {counted(evidence['failures'], 'time')}"
        strength = strength_phrase(*(evidence[f"strength{end}"] for end in ("", "_low", "_high")))
        yield "Strength", strength
    if others:
        yield "Matched under this name alone", matched_phrase(of_name)
    yield "Pricing", pricing_phrase(artifact)
    yield "Licence", known(artifact["license"])
    yield "Vendor", known(answer["vendor"])
    yield "Runs", ", ".join(answer["hosting"]) or NOT_KNOWN
    for figure, number in answer["figures"].items():
        yield figure.capitalize(), NOT_KNOWN if number is None else count(number)
    yield "Created", known(answer["created_at"])
    yield "Updated", known(answer["updated_at"])
    yield "Tags", ", ".join(answer["tags"]) or NOT_KNOWN
    yield "Address", known(artifact["url"])
    yield "Described in", f"{', '.join(answer['sources'])} ({counted(answer['revisions'], 'version')})"


def _capabilities(answer: Answer) -> Iterator[Block]:
    found = answer["capabilities"]
    yield Heading(f"Capabilities ({len(found):,})")
    if not found:
        yield Paragraph("No source says what it can do.")
        return
    concepts = {concept["capability_id"]: concept for concept in answer["concepts"]}
    yield Items(tuple(_capability(capability, concepts.get(capability["capability_id"])) for capability in found))


def _capability(capability: Answer, concept: Answer | None) -> Item:
    item = capability_item(capability)
    labelled = [
        ("For", "; ".join(capability["intents"] + capability["best_for"])),
        ("Limits", "; ".join(capability["limitations"])),
        ("Needs", "; ".join(capability["requires"])),
        ("Takes", ", ".join(capability["input_types"])),
        ("Gives", ", ".join(capability["output_types"])),
        ("Concept", f"{concept['concept_uri']} ({counted(concept['artifacts'], 'artifact')})" if concept else ""),
    ]
    return Item(item.title, item.text, (*((label, text) for label, text in labelled if text), *item.facts))


def _edges(answer: Answer) -> Iterator[Block]:
    if answer["edges"]:
        yield Heading("Needs it was matched with")
        yield edges_table(answer["edges"], answer.get("k_anonymity"))
        if answer["edge_count"] > len(answer["edges"]):
            yield Paragraph(f"{len(answer['edges']):,} of {answer['edge_count']:,} match edges; see matchgraph edges.")


def _related(answer: Answer) -> Iterator[Block]:
    yield from duplicate_blocks(answer.get("duplicates") or [])
    for title, key in (("Alternatives", "alternatives"), ("Chosen together with it", "complements")):
        if answer[key]:
            yield Heading(title)
            yield Items(related_items(answer[key]))
