"""What became of imported files, as a page."""

from __future__ import annotations

from collections.abc import Iterator

from api.render.blocks import Block, Column, Heading, Item, Items, Paragraph, Table, printable
from api.render.numbers import count
from api.render.phrases import Answer

_COLUMNS = (
    Column("File"),
    Column("Format"),
    Column("Accepted", numeric=True),
    Column("Duplicates", numeric=True),
    Column("Quarantined", numeric=True),
)


def import_page(report: Answer) -> list[Block]:
    """Return the page of an import: one row for each file, then the remarks."""
    clean = printable(report)
    if not clean["files"]:
        return [Heading("Import", level=1), Paragraph("There was no file to import.")]
    rows = [(file["path"], file["format"] or "not recognised", *_counts(file)) for file in clean["files"]]
    page: list[Block] = [Heading("Import", level=1)]
    page.append(Table("Rows of each file", _COLUMNS, (*rows, ("All", "", *_counts(clean))), total=True))
    remarks = tuple(_remarks(clean))
    return [*page, Heading("Remarks"), Items(remarks)] if remarks else page


def _counts(counts: Answer) -> tuple[str, str, str]:
    return count(counts["accepted"]), count(counts["duplicates"]), count(counts["quarantined"])


def _remarks(report: Answer) -> Iterator[Item]:
    for file in report["files"]:
        for note in file.get("notes") or []:
            if note["code"] == "not-recognised":  # the table says it
                continue
            times = f" ({note['count']:,} times)" if note["count"] > 1 else ""
            yield Item(f"{file['path']}: {note['text']}{times}")
        if file.get("error"):
            yield Item(f"{file['path']}: {file['error']}")
    if report["quarantined"]:
        yield Item("Rows that cannot be read are kept in quarantine. See: matchgraph quarantine list")
