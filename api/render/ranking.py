"""The rank list as a page."""

from __future__ import annotations

from api.render.blocks import Block, Column, Heading, Paragraph, Table, printable
from api.render.numbers import NO_VALUE, count, interval, percent, rounded
from api.render.phrases import SIMULATED_NOTE, Answer, type_title

_COLUMNS = (
    Column("Artifact"),
    Column("Type"),
    Column("Rank", numeric=True),
    Column("Range", numeric=True),
    Column("Known", numeric=True),
    Column("Times matched", numeric=True),
    Column("Clients", numeric=True),
)


def ranking_page(answer: Answer) -> list[Block]:
    """Return the page of a rank list, best first."""
    clean = printable(answer)
    page: list[Block] = [Heading("Rank, 0 to 100", level=1)]
    if any(row.get("simulated") for row in [clean, *clean["ranks"]]):
        page.append(Paragraph(SIMULATED_NOTE))
    if not clean["ranks"]:
        return [*page, Paragraph("No artifact of this kind is in this home.")]
    page.append(Table("Known: the share of the rank's weight that rests on known parts.", _COLUMNS, _rows(clean)))
    return page


def _rows(answer: Answer) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            row["name"],
            type_title(row.get("type")),
            rounded(row.get("rank")),
            interval(row.get("low"), row.get("high")),
            percent(row.get("completeness")) if row.get("rank") is not None else NO_VALUE,
            count(row.get("times_matched")),
            count(row.get("clients")),
        )
        for row in answer["ranks"]
    )
