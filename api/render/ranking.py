"""The rank list as a page."""

from __future__ import annotations

from typing import Final

from api.render.blocks import Block, Column, Heading, Paragraph, Table, printable
from api.render.numbers import NO_VALUE, count, interval, percent, rounded
from api.render.phrases import SIMULATED_NOTE, Answer, other_names_phrase, place_phrase, type_title
from graph.phrasing import counted

_COLUMNS: Final = (
    Column("Artifact"),
    Column("Type"),
    Column("Place", numeric=True),
    Column("Rank", numeric=True),
    Column("Range", numeric=True),
    Column("Known", numeric=True),
    Column("Times matched", numeric=True),
    Column("Clients", numeric=True),
)
_CAPTION: Final = (
    "Sorted by the lower end of the range, those of which too little is known last. Known: the share of the rank's "
    "weight that rests on known parts."
)


def ranking_page(answer: Answer) -> list[Block]:
    """Return the page of a rank list, the first place first."""
    clean = printable(answer)
    page: list[Block] = [Heading("Rank, 0 to 100", level=1)]
    if any(row.get("simulated") for row in [clean, *clean["ranks"]]):
        page.append(Paragraph(SIMULATED_NOTE))
    if not clean["ranks"]:
        return [*page, Paragraph("No artifact of this kind is in this home.")]
    place = "type_place" if clean.get("type") else "place"
    page.append(Table(_CAPTION, _COLUMNS, _rows(clean, place)))
    return [*page, *(Paragraph(sentence) for sentence in (*certainty(clean), *_names(clean)))]


def _rows(answer: Answer, place: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            row["name"],
            type_title(row.get("type")),
            _place(row, place, row.get(place) in answer["shared_places"]),
            rounded(row.get("rank")),
            interval(row.get("low"), row.get("high")),
            percent(row.get("completeness")) if row.get("rank") is not None else NO_VALUE,
            *_matched(row),
        )
        for row in answer["ranks"]
    )


def _matched(row: Answer) -> tuple[str, str]:
    """Write times matched and clients; nothing that looks like a measurement where nothing was matched."""
    if row.get("times_matched") == 0:
        return "never", NO_VALUE
    return count(row.get("times_matched")), count(row.get("clients"))


def _place(row: Answer, name: str, shared: bool) -> str:
    """Write a place with its range, "=" before a place that several share."""
    place, low, high = (row.get(f"{name}{end}") for end in ("", "_low", "_high"))
    if place is None:
        return NO_VALUE
    written = f"={place:,}" if shared else f"{place:,}"
    return written if low is None or high is None or low == high else f"{written} ({low:,} to {high:,})"


def listed_places(answer: Answer) -> list[str]:
    """Write the place of each artifact of a list with its range, "=" before one that several share.

    With a type it is the place among those of the type.
    """
    name = "type_place" if answer.get("type") else "place"
    shared = answer["shared_places"]
    return [f"{'=' if row.get(name) in shared else ''}{place_phrase(row, name)}" for row in answer["ranks"]]


def certainty(answer: Answer) -> list[str]:
    """Say how far the list can be trusted: who might be first, and that equal ones are equal."""
    place = "type_place" if answer.get("type") else "place"
    ranks = [row for row in answer["ranks"] if row.get(place) is not None]
    could_be_first = sum(row.get(f"{place}_low") == 1 for row in ranks)
    said = []
    if could_be_first > 1:
        said.append(
            f"Which is first is not certain: for {counted(could_be_first, 'artifact')} of this list the range of "
            "places begins at 1."
        )
    if answer["shared_places"]:
        said.append("A place with = is shared: these artifacts are equal in everything that is known.")
    return said


def _names(answer: Answer) -> list[str]:
    """Say which rows stand for a thing with several names, and what each name adds to the evidence."""
    return [
        f"{row['name']} is also known as {other_names_phrase(others, row)}."
        for row in answer["ranks"]
        if (others := row.get("also_known_as"))
    ]
