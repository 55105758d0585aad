"""What a backup did, as a page."""

from __future__ import annotations

from collections.abc import Iterator

from api.render.blocks import Block, Item, Items, Paragraph
from api.render.numbers import count
from api.render.phrases import Answer
from graph.phrasing import counted


def backup_page(answer: Answer) -> list[Block]:
    """Return the page of a backup."""
    return [Paragraph(f"{answer['folder']} is a copy of the home."), Items(tuple(map(Item, _lines(answer))))]


def _lines(answer: Answer) -> Iterator[str]:
    size = answer["bytes_copied"] / 1e6
    yield (
        f"{counted(answer['copied'], 'file')} copied ({size:.1f} MB), {count(answer['kept'])} there already, "
        f"{count(answer['removed'])} removed."
    )
    rows = ", ".join(f"{count(number)} {table}" for table, number in answer["rows"].items())
    yield f"Checked: {rows}."
    if answer["snapshot_id"] is None:
        yield "There is no snapshot yet."
    else:
        yield f"Checked: the files of snapshot {answer['snapshot_id']} agree with their checksums."
    if not answer["with_key"]:
        yield "secret.key is not in it: before the copy can take imports, put the key there."
