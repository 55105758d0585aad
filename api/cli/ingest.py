"""`matchgraph ingest`: files into the ledger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.clock import clock_us
from api.cli.declaring import command, json_option
from api.cli.output import emit, emit_json, plain, tell
from api.cli.session import Session, pass_session
from graph.phrasing import counted

if TYPE_CHECKING:
    from ingest.load import IngestReport


@command(
    "ingest", examples=["ingest catalogue/ ubi_queries.jsonl.gz ubi_events.jsonl.gz", "ingest log.csv --format queries"]
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format", "format_", metavar="NAME", help="Format of all files, instead of recognising each by content."
)
@click.option("--actor", metavar="ACTOR", help="Who acted where a log does not say: human (default), agent or bot.")
@click.option("--strict", is_flag=True, help="Exit code 1 if any row went to quarantine; the good rows stay in.")
@json_option()
@pass_session
def ingest(
    session: Session, paths: tuple[Path, ...], format_: str | None, actor: str | None, strict: bool, as_json: bool
) -> int:
    """Import files, or all files below folders, into the ledger.

    Importing the same file or row twice changes nothing. Rows that cannot be read go to quarantine with their line
    and the reason. Exit code 3 if nothing of a named file can be read.
    """
    from ingest.load import ingest_paths

    report = ingest_paths(session.home, paths, format=format_, now_us=clock_us(), actor=actor, progress=sys.stderr)
    if as_json:
        emit_json(report)
    else:
        from api.render.imports import import_page
        from api.render.text import text_page

        emit(text_page(import_page(plain(report))))
    return _exit_code(report, {str(path) for path in paths}, strict)


def _exit_code(report: IngestReport, named: set[str], strict: bool) -> int:
    """Return 3 if nothing of a named file could be read, else 1 for quarantined rows under --strict, else 0."""
    errors = [file.error for file in report.files if file.error is not None]
    for file in report.files:
        if file.path in named and file.quarantined and not file.accepted + file.duplicates:
            errors.append(f"{file.path}: no row could be read. See: matchgraph quarantine list")
    for error in errors:
        tell(f"Error: {error}")
    if errors:
        return 3
    if strict and report.quarantined:
        tell(f"{counted(report.quarantined, 'row')} in quarantine (--strict).")
        return 1
    return 0
