"""Match edges as a page: each intent with what was chosen for it, and the evidence."""

from __future__ import annotations

from collections.abc import Sequence

from api.render.blocks import Block, Column, Heading, Paragraph, Table, printable
from api.render.numbers import NO_VALUE, chance, count
from api.render.phrases import SIMULATED_NOTE, Answer, need_phrase, strength_phrase

_COLUMNS = (
    Column("Intent"),
    Column("Matched with"),
    Column("Kind"),
    Column("Times", numeric=True),
    Column("Clients", numeric=True),
    Column("Clicked", numeric=True),
    Column("Worked", numeric=True),
    Column("Strength", numeric=True),
)
_CAPTION = (
    "Clicked: of the searches that showed it. Worked: of the outcomes that are known. Strength: probability of being "
    "chosen under equal exposure, with its 95 % interval; inferred edges come from the text alone and have the "
    "confidence of the text match instead."
)


def edges_page(answer: Answer) -> list[Block]:
    """Return the page of match edges."""
    clean = printable(answer)
    page: list[Block] = [Heading("Match edges", level=1)]
    if clean.get("simulated"):
        page.append(Paragraph(SIMULATED_NOTE))
    page.append(
        edges_table(clean["edges"], clean.get("k_anonymity")) if clean["edges"] else Paragraph("No match edge fits.")
    )
    return page


def edges_table(edges: Sequence[Answer], k_anonymity: int | None) -> Table:
    """Return a table of match edges, in the order given; `k_anonymity` as in the answer."""
    return Table(_CAPTION, _COLUMNS, tuple(_row(edge, k_anonymity) for edge in edges))


def _row(edge: Answer, k_anonymity: int | None) -> tuple[str, ...]:
    successes, failures = edge["successes"], edge["failures"]
    outcomes = None if successes is None or failures is None else successes + failures
    return (
        edge["intent"] or f"{edge['intent_id']}, {need_phrase(None, k_anonymity)}",
        edge["capability_id"] or edge["artifact_id"],
        edge["kind"],
        count(edge["times_matched"]),
        count(edge["clients"]),
        _share(edge["clicks"], edge["impressions"]),
        _share(successes, outcomes),
        _strength(edge),
    )


def _share(part: int | None, whole: int | None) -> str:
    return NO_VALUE if part is None or not whole else f"{count(part)} of {count(whole)}"


def _strength(edge: Answer) -> str:
    if edge.get("strength") is None and edge.get("confidence") is not None:
        return f"confidence {chance(edge['confidence'])}"
    return strength_phrase(edge.get("strength"), edge.get("strength_low"), edge.get("strength_high"))
