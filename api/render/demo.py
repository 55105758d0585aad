"""What the demo shows, as a page."""

from __future__ import annotations

from shlex import quote
from typing import Final

from api.render.blocks import Block, Heading, Item, Items, Paragraph
from api.render.comparison import comparison_page
from api.render.imports import import_page
from api.render.phrases import Answer
from api.render.ranking import ranking_page
from api.render.related import related_page

CAPABILITIES_SHOWN: Final = 3
"""Of each list; `matchgraph compare` shows them all."""
NEXT: Final = (
    "search 'segment street scenes'",
    "show 'FLUX.1 Pro'",
    "explain 'FLUX.1 Pro'",
    "edges --artifact 'FLUX.1 Pro'",
    "doctor",
)
"""Commands that work on the demo's home."""


def demo_page(answers: Answer) -> list[Block]:
    """Return the page of the demo: where the data went, the rank list, alternatives, the two comparisons."""
    home = answers["home"]
    return [
        *import_page(answers["imported"]),
        Paragraph(
            f"The facts are in {home}/ledger, the answers in {home}/snapshots/{answers['snapshot_id']}. "
            "The searches are simulated: written by a program with a known truth, not by people."
        ),
        *ranking_page(answers["rank"]),
        *related_page(answers["alternatives"]),
        *comparison_page(answers["unlike"], CAPABILITIES_SHOWN),
        *comparison_page(answers["rivals"], CAPABILITIES_SHOWN),
        Heading("What to try next", level=1),
        Items(tuple(Item(f"matchgraph {line} --home {quote(home)}") for line in NEXT)),
    ]
