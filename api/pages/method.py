"""How the numbers are made, from the same constants that `explain` prints."""

from __future__ import annotations

from dataclasses import dataclass

from api.render.blocks import Block, Heading, Item, Items, Paragraph
from api.render.phrases import part_title
from queries.answers.compare import COMPARABLE_RULE
from queries.answers.meanings import COUNT_MEANINGS, INTERVAL_FORMULA, PART_FORMULAS, RANK_FORMULA, SIMILARITY_FORMULA
from queries.answers.verdict import FORMULA as PROBABILITY_FORMULA


@dataclass(frozen=True)
class Section:
    """A number with its formula; `id` is the anchor that pages lead to."""

    id: str
    title: str
    texts: tuple[str, ...]


def sections() -> list[Section]:
    """Return all sections in order."""
    return [
        Section("rank", "Rank", (f"{RANK_FORMULA[0].upper()}{RANK_FORMULA[1:]}.", f"Range: {INTERVAL_FORMULA}.")),
        *(Section(name, f"Part: {part_title(name)}", (f"{text}.",)) for name, text in PART_FORMULAS.items()),
        Section(
            "verdict",
            "Verdict",
            (f"Two artifacts are {COMPARABLE_RULE}.", f"P(A ranks above B): {PROBABILITY_FORMULA}."),
        ),
        Section("capabilities", "Same capability", (f"Similarity: {SIMILARITY_FORMULA}.",)),
    ]


def method_page() -> list[Block]:
    """Return the same for readers of Markdown."""
    page: list[Block] = [Heading("How the numbers are made", level=1)]
    for section in sections():
        page += [Heading(section.title), *map(Paragraph, section.texts)]
    meanings = tuple(Item(f"{name}: {meaning}") for name, meaning in COUNT_MEANINGS.items())
    return [*page, Heading("Counts"), Items(meanings)]
