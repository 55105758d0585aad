"""What erasing a client did, as a page."""

from __future__ import annotations

from collections.abc import Iterator

from api.render.blocks import Block, Column, Heading, Item, Items, Paragraph, Table
from api.render.numbers import count
from api.render.phrases import Answer
from graph.phrasing import counted


def erasure_page(answer: Answer) -> list[Block]:
    """Return the page of an erasure. It does not name the client."""
    removal = answer["removal"]
    if not answer["found"]:
        before = " It was erased before." if removal["finished_before"] else ""
        return [Paragraph(f"There is no row of this client.{before} Nothing was changed.")]
    columns = (Column("Table"), Column("Rows removed", numeric=True))
    rows = tuple((table, count(removed)) for table, removed in removal["rows"].items())
    return [
        Heading("Erased", level=1),
        Table("Rows of the client; none of them is imported again.", columns, rows),
        Items(tuple(Item(line) for line in _lines(answer))),
    ]


def _lines(answer: Answer) -> Iterator[str]:
    removal, deleted = answer["removal"], answer["snapshots_deleted"]
    if removal["begun_before"]:
        yield "An interrupted erasure of this client was taken up and finished."
    yield f"{counted(removal['files_deleted'], 'data file')} deleted from disk."
    if removal["files_in_progress"]:
        yield (
            f"{counted(removal['files_in_progress'], 'file')} of imports that run or were interrupted may still hold "
            "rows of the client. If no import is running, erase again in a day: they are deleted then."
        )
    names = f": {', '.join(deleted)}" if deleted else ""
    yield f"{counted(len(deleted), 'snapshot')} computed with the client's rows deleted{names}."
    if answer["snapshot_id"] is None:
        yield "No new snapshot was computed. Run: matchgraph recompute"
    else:
        yield f"Snapshot {answer['snapshot_id']} is in force, computed without the client."
    yield _proof(answer["proof"])


def _proof(proof: Answer | None) -> str:
    if proof is None:
        return "No proof was made. Ask for it with --prove."
    if not proof["rows_on_disk"] and not proof["tables_different"]:
        return (
            f"Proved: no row is left in any data file, and all {proof['tables_compared']} tables equal those that a "
            "new home computes from the remaining rows."
        )
    different = ", ".join(proof["tables_different"]) or "none"
    return f"The proof FAILED: {counted(proof['rows_on_disk'], 'row')} left on disk; tables that differ: {different}."
